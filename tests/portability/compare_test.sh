#!/bin/bash
# compare_test.sh COMPARE: compare.py finds what differs, and only that.
set -euo pipefail
compare=$1
folder=${TEST_TMPDIR:-$(mktemp -d)}

# expect STATUS ACTUAL [FLAG..]: compares the text with the lines below.
expected=$'rng bits 12ab\ntraining x loss 34cd\ntraining x attention.layer0 at step 3 56ef\n'
expect() {
  local status=0
  printf '%s' "$expected" >"$folder/expected"
  printf '%s' "$2" >"$folder/actual"
  python3 "$compare" "$folder/expected" "$folder/actual" "${@:3}" >"$folder/said" || status=$?
  if [[ $status -ne $1 ]]; then
    printf 'exit %s, not %s, for:\n%s\nwhich said:\n%s\n' "$status" "$1" "$2" "$(<"$folder/said")"
    exit 1
  fi
}

expect 0 "$expected"
grep -q '^3 digests are the same, 0 differ' "$folder/said"
for change in 34cd/34ce 56ef/56ee; do
  expect 1 "${expected/${change%/*}/${change#*/}}"
  grep -q "^  ${change%/*}\$" "$folder/said"
  grep -q '^2 digests are the same, 1 differ' "$folder/said"
done
expect 1 $'rng bits 12ab\n'
expect 0 $'rng bits 12ab\n' --subset
expect 1 $'rng bits 12ab\nother 5\n' --subset
expect 1 '' --subset
