#!/usr/bin/env bash
# The desk on postgres: every act of every kind refused to everybody else, every deadline to the second, oracles.
exec tests/e2e/desk/walks.sh postgres every_act deadlines attacks_oracles
