#!/bin/sh
# The smoke test of a benchmark: every benchmark of the program runs and ends without an error.
exec "$1" --benchmark_min_time=0.001
