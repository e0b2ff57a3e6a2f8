#!/usr/bin/env bash
# The desk on sqlite: every act of every kind refused to everybody else, every deadline to the second, oracles.
exec tests/e2e/desk/walks.sh sqlite every_act deadlines attacks_oracles
