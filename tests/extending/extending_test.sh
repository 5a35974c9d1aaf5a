#!/bin/bash
# The walk-throughs of docs/extending.md: each block of C++ on the page is, letter by letter, the file below tests/extending
# that is compiled here under the name that the page gives it; the study trains, with the page's network, and on its data.
set -uo pipefail

failures=0
fail() { echo "$1" >&2; failures=$((failures + 1)); }

# The page's blocks as files: "Save it as `PATH`:" comes before each.
blocks=$TEST_TMPDIR/blocks
mkdir -p "$blocks"
awk -v folder="$blocks" '
  /Save it as `/ { split($0, parts, "`"); name = parts[2]; gsub("/", "+", name) }
  /^```$/ { out = "" }
  out != "" { print >(folder "/" out) }
  /^```cpp$/ { out = name; name = "" }' docs/extending.md
expected=(experiments+late_losses.cc extensions+gated.cc extensions+modular.cc)
[[ $(cd "$blocks" && echo *) == "${expected[*]}" ]] || fail "the page has the files $(cd "$blocks" && echo *)"
for block in "${expected[@]}"; do
  diff "$blocks/$block" "tests/extending/${block#*+}" || fail "docs/extending.md and tests/extending/${block#*+} differ"
done

# A program finds the worker beside it: here the one that knows the network and the data set.
program=$TEST_TMPDIR/late_losses
tree=$program.runfiles/initbias
mkdir -p "$tree/lib/run" "$tree/data"
ln -s "$PWD/tests/extending/late_losses" "$program"
ln -s "$PWD/tests/extending/worker" "$tree/lib/run/worker"
ln -s "$PWD/data/gpt2" "$tree/data/gpt2"

# trains NAME FLAG...: a smoke run into a folder of its own; all files are there, and the run names what it was trained with.
trains() {
  local results=$TEST_TMPDIR/$1 file
  shift
  "$program" --profile=smoke --results="$results" "$@" >"$results.log" 2>&1 ||
    { cat "$results.log" >&2; fail "late_losses $* ends with status $?"; return; }
  file=$(find "$results/smoke" -maxdepth 1 -name 'late_losses*.h5')
  [[ -s $file && -n $(find "$results/smoke/figures" -name 'late_losses*.svg' -size +1k) ]] ||
    fail "late_losses $* left no figure: $(find "$results" -type f)"
}
trains plain
trains network --set emb_mlp.network=gated
trains data --set task.source=modular
trains both --set emb_mlp.network=gated --set task.source=modular
for name in network data both; do
  ! cmp -s "$TEST_TMPDIR"/plain/smoke/figures/*.csv "$TEST_TMPDIR/$name"/smoke/figures/*.csv || fail "$name changed no number"
done

# Without a trained run: the costs are counted from the network's own parameters.
"$program" --profile=smoke --results="$TEST_TMPDIR/none" --dry-run --no-measure --set emb_mlp.network=gated >"$TEST_TMPDIR/plan" ||
  fail 'a dry run with the network fails'
! "$program" --profile=smoke --dry-run --no-measure --set emb_mlp.network=gatd >"$TEST_TMPDIR/wrong" 2>&1 ||
  fail 'a network that there is not is taken'
grep -q 'mlp, gated' "$TEST_TMPDIR/wrong" || fail "a wrong name is not told: $(<"$TEST_TMPDIR/wrong")"
[[ $failures -eq 0 ]]
