#!/usr/bin/env bash
# A county moves to PostgreSQL and back, is backed up and restored, while the server and the command are killed.
exec python3 tests/e2e/desk/crash_moves.py
