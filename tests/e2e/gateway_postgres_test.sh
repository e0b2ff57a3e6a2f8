#!/usr/bin/env bash
# The gateways over HTTP on postgres: the real daemon against simulated banks with every fault, the portal of partners, kills of
# everything at each step of the outbox.
exec tests/e2e/gateway/walks.sh postgres
