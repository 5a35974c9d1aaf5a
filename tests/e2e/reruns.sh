#!/bin/bash
# reruns.sh EXPERIMENT FIGURE INSPECT: what is stored is not trained again, and what is trained again, with any number of
# workers, gives the same files: HDF5 apart from /provenance, pictures byte for byte.
set -euo pipefail
source tests/e2e/common.sh

experiment=$1
figure=$2
inspect=$3
name=$(basename "$experiment")
one=$TEST_TMPDIR/one
two=$TEST_TMPDIR/two

fail() {
  echo "reruns: $1" >&2
  exit 1
}

must_be_same() {
  same_numbers "$1" "$2" || fail "$1 and $2 differ: $difference"
}

"$experiment" --profile=smoke --results="$one" --jobs=1 >"$TEST_TMPDIR/first"
"$experiment" --profile=smoke --results="$two" --jobs=2 >"$TEST_TMPDIR/second"
grep -q ' of which 0 stored' "$TEST_TMPDIR/first" || fail 'an empty folder had runs stored'
runs=0
for run in "$one"/smoke/runs/*.h5; do
  must_be_same "$run" "$two/smoke/runs/$(basename "$run")"
  runs=$((runs + 1))
done
[[ $runs -gt 0 ]] || fail 'no runs were stored'
[[ $(ls "$one/smoke/runs") == $(ls "$two/smoke/runs") ]] || fail 'the folders hold different runs'
must_be_same "$one/smoke/$name.h5" "$two/smoke/$name.h5"

# The check itself sees an object too many.
h5copy -i "$one/smoke/$name.h5" -o "$TEST_TMPDIR/more.h5" -s /claims -d /claims
if same_numbers "$one/smoke/$name.h5" "$TEST_TMPDIR/more.h5"; then
  fail 'a missing group was not seen'
fi

# A run and a figure file in a readable form.
"$inspect" "$(ls "$one"/smoke/runs/*.h5 | head -n 1)" >"$TEST_TMPDIR/inspected"
for text in '@init.gamma = ' 'loss [' '@parameters = ' 'parameters/'; do
  grep -qF "$text" "$TEST_TMPDIR/inspected" || fail "inspect does not show '$text' of a run"
done
grep -Eq '@compiler = "?(g\+\+|clang\+\+) [0-9]+\.[0-9]' "$TEST_TMPDIR/inspected" ||
  fail "the compiler is not named: $(grep compiler "$TEST_TMPDIR/inspected")"
"$inspect" "$one/smoke/$name.h5" >"$TEST_TMPDIR/inspected"
grep -q '@verdict = not judged' "$TEST_TMPDIR/inspected" || fail 'inspect does not show verdicts'
! "$inspect" "$TEST_TMPDIR/nothing.h5" 2>/dev/null || fail 'inspect of a missing file succeeded'

# A second time: nothing to train, the same figure file.
before=$(stat -c '%n %Y %s' "$one"/smoke/runs/*.h5)
"$experiment" --profile=smoke --results="$one" >"$TEST_TMPDIR/third"
grep -q "runs  *$runs, of which $runs stored" "$TEST_TMPDIR/third" || fail 'a stored run was not found'
[[ $(stat -c '%n %Y %s' "$one"/smoke/runs/*.h5) == "$before" ]] || fail 'a stored run was written again'
must_be_same "$one/smoke/$name.h5" "$two/smoke/$name.h5"

# One run removed, one damaged: these two are trained, to the same numbers; the others stay.
mapfile -t files < <(ls "$one"/smoke/runs/*.h5)
rm "${files[0]}"
truncate -s 5000 "${files[1]}"
damaged=$(basename "${files[1]}" .h5)
run=("$experiment" --profile=smoke --results="$one")
[[ $("${run[@]}" --status) == *"$damaged damaged "*"${files[1]}"*"$runs runs: 1 damaged, 1 new"* ]] ||
  fail "--status does not tell: $("${run[@]}" --status)"
for how in --list-runs '--dry-run --no-measure' --list-configs; do
  # shellcheck disable=SC2086
  "${run[@]}" $how >"$TEST_TMPDIR/looked"
  case $how in
    --list-runs) left=$(grep -c ' to-train ' "$TEST_TMPDIR/looked") ;;
    --list-configs) left=$(grep -c '^seed = ' "$TEST_TMPDIR/looked") ;;
    *) left=$(grep -c '  to train' "$TEST_TMPDIR/looked") ;;
  esac
  [[ $left -eq 2 ]] || fail "$how: $left are to be trained: $(cat "$TEST_TMPDIR/looked")"
done
[[ -e ${files[1]} ]] || fail 'a look moved the damaged file'
# Where nothing is trained, no training is told of.
cp "${files[1]}" "$TEST_TMPDIR/truncated"
if "${run[@]}" --executor=none &>"$TEST_TMPDIR/none"; then
  fail 'a figure was made without two of its runs'
fi
grep -q "moved to $damaged.h5.damaged; the run is missing now" "$TEST_TMPDIR/none" &&
  grep -q '2 runs are missing, and --executor=none trains none' "$TEST_TMPDIR/none" ||
  fail "other words: $(cat "$TEST_TMPDIR/none")"
mv "$TEST_TMPDIR/truncated" "${files[1]}"
rm "${files[1]}.damaged"
"${run[@]}" >"$TEST_TMPDIR/fourth" 2>"$TEST_TMPDIR/fourth.err"
grep -q "of which $((runs - 2)) stored" "$TEST_TMPDIR/fourth" || fail 'other runs than the missing ones were trained'
grep -q 'damaged' "$TEST_TMPDIR/fourth.err" || fail 'nothing was said of the damaged file'
for file in "${files[@]}"; do
  must_be_same "$file" "$two/smoke/runs/$(basename "$file")"
done

"$figure" --profile=smoke --results="$one" >/dev/null
"$figure" --profile=smoke --results="$two" >/dev/null
for extension in svg pdf png csv; do
  cmp "$one/smoke/figures/$name.$extension" "$two/smoke/figures/$name.$extension" || fail "the $extension files differ"
done
