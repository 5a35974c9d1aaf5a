#!/bin/bash
# gelu_fit_test.sh elementwise.h: the cases are in gelu_fit_test.py.
set -euo pipefail
exec python3 -B tests/kernels/gelu_fit_test.py "$1"
