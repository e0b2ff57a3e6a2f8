#!/usr/bin/env bash
# The desk over HTTP on postgres: the real daemon, every workflow from its start to its end, everybody who may not, every
# deadline to the second, kills and attacks.
exec tests/e2e/desk/walks.sh postgres
