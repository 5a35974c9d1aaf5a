#!/bin/bash
# .ci/run with stand-ins for its parts: what is counted, what is not, and how it ends.
set -uo pipefail

work=$TEST_TMPDIR/work
mkdir -p "$work/.ci" "$work/tools" "$work/tests/slurm"
cp .ci/run "$work/.ci"
cp tools/common.sh "$work/tools"
unset RESULTS PROFILE FROM CI
# part NAME VARIABLE: ends with the status in VARIABLE.
part() {
  printf '#!/bin/bash\necho "$(basename "$0") $*"\nexit "$%s"\n' "$2" >"$work/tools/$1"
  chmod +x "$work/tools/$1"
}
part setup.sh SETUP
part test_slurm.sh SLURM
part format.sh FORMAT
echo 'import os, sys; sys.exit(int(os.environ["LINT"]))' >"$work/tools/lint.py"
printf 'test:\n\t@[ -z "$$TESTS" ] || echo "$$TESTS" >"$$COUNTS_FILE"; exit $$TESTS_STATUS\n' >"$work/Makefile"

failures=0
fail() { echo "$1" >&2; failures=$((failures + 1)); }
# expect STATUS LAST_LINE VARIABLE=VALUE...
expect() {
  local status=$1 line=$2 code
  shift 2
  output=$(env TESTS='90 passed, 0 failed' TESTS_STATUS=0 SETUP=0 SLURM=0 FORMAT=0 LINT=0 "$@" "$work/.ci/run" 2>&1)
  code=$?
  [[ $code -eq $status && $(tail -1 <<<"$output") == "$line" ]] || fail "$*: expected status $status and '$line', got $code and: $output"
}

expect 0 '93 passed, 0 failed'
grep -qx 'setup.sh tests/slurm/apt-packages.txt' <<<"$output" || fail "Slurm is not installed: $output"
grep -qx 'test_slurm.sh --short' <<<"$output" || fail "Slurm is not tested: $output"
! grep -q 'NOT TESTED' <<<"$output" || fail "said to be left out: $output"
expect 1 '92 passed, 1 failed' SLURM=1
# Where there is no Slurm, and none can be installed, it is neither.
for none in SETUP=1 SLURM=77; do
  expect 0 '92 passed, 0 failed' "$none"
  grep -q '^NOT TESTED, and not counted: training by Slurm' <<<"$output" || fail "$none is not told: $output"
done
expect 0 '92 passed, 0 failed' SETUP=1
! grep -q '^test_slurm.sh' <<<"$output" || fail "tested without Slurm: $output"
expect 1 '92 passed, 1 failed' FORMAT=1
expect 1 '92 passed, 1 failed' LINT=1
expect 1 '89 passed, 6 failed' TESTS='88 passed, 4 failed' TESTS_STATUS=1 SLURM=1 FORMAT=1
expect 1 '3 passed, 1 failed' TESTS= TESTS_STATUS=1
[[ $failures -eq 0 ]]
