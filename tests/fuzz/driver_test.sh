#!/bin/bash
# driver_test.sh PROGRAM: a target with planted faults under the driver: each ends the run, is told, and leaves the input
# that did it; the same input does it again.
set -uo pipefail

program=$1
failures=0
fail() {
  echo "$1" >&2
  failures=$((failures + 1))
}

export TEST_UNDECLARED_OUTPUTS_DIR=$TEST_TMPDIR/outputs
mkdir -p "$TEST_UNDECLARED_OUTPUTS_DIR"
output=$("$program" --inputs=2000 2>&1) || fail "without a fault it failed: $output"
[[ $output == *'2000 inputs, no finding'* ]] || fail "it does not say what it ran: $output"
[[ -z $(ls "$TEST_UNDECLARED_OUTPUTS_DIR") ]] || fail 'it leaves a file where nothing was found'

# expect FAULT TEXT: with that fault the run fails and says TEXT.
expect() {
  local output saved
  output=$(FAULT=$1 "$program" --inputs=2000 2>&1) && fail "$1 went unnoticed"
  [[ $output == *"$2"* ]] || fail "of $1 it says: $output"
  saved=$(sed -n 's/.*; the input is //p' <<<"$output")
  grep -qs "$1" "$saved" || fail "$1: the input is not in the file '$saved'"
  ! FAULT=$1 "$program" "$saved" &>/dev/null || fail "$1: the file does not do it again"
  rm -f "$saved"
}
expect VIOLATION 'property violated: no input has this word'
expect FOREIGN 'nothing but Error is thrown: not an Error'
expect SIGNAL 'ended by the signal 9'  # one that no sanitizer takes for itself
expect EXIT 'exit status 3'

for arguments in '' --inputs --inputs=x '--inputs=1 more' --help; do
  # shellcheck disable=SC2086
  output=$("$program" $arguments 2>&1)
  [[ $? -eq 2 && $output == usage:* ]] || fail "'$arguments' is no wrong usage: $output"
done
[[ $failures -eq 0 ]]
