#!/bin/bash
# sanitize.sh asan|ubsan: the tests built with a sanitizer (.bazelrc says which) and run, and their number as test.sh has it.
# More arguments go to `bazel test`. The first time everything is compiled anew, into folders of its own.
# Left out are whole programs (tests/e2e: they train for minutes), timings (tests/bench) and scripts (tests/tools).
set -euo pipefail
config=${1:-}
case $config in
  asan | ubsan) shift ;;
  *) echo "usage: sanitize.sh asan|ubsan [flags of bazel test]" >&2; exit 2 ;;
esac
export TARGETS='//tests/... -//tests/bench/... -//tests/e2e/... -//tests/tools/...'
exec "$(dirname "$0")/test.sh" --config="$config" --build_tests_only "$@"
