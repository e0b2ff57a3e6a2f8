#!/usr/bin/env bash
# The statistics of outlets and outreach (src/desk/rates.c) against SciPy, where it is installed: in python3 or in
# build/scipy, a venv of the tree. 77: it is not.
set -euo pipefail
python=python3
[ -x build/scipy/bin/python ] && python=build/scipy/bin/python
exec "$python" tests/e2e/rates_scipy.py
