#!/bin/bash
# store_export.sh EXPORT SAMPLES ANCHOR INSPECT: exported CSV and npz files hold what was stored, as Python reads them.
set -uo pipefail
source tests/e2e/common.sh

export=$1
samples=$2
anchor=$3
inspect=$4
results=$TEST_TMPDIR/results
read -r id unfinished < <("$samples" "$results")
out=$TEST_TMPDIR/out

expect 0 '  bazel run //lib/store:export -- results/default --format=npz' "$export" --help
expect 2 '--format is required' "$export" "$results"
expect 2 'csv, npz' "$export" "$results" --format=xlsx
expect 2 'there is no file or folder' "$export" "$results/no.h5" --format=csv --output="$out.csv"
expect 2 "is a folder: name the file in it, --output=$results/smoke/fig9.npz" \
  "$export" "$results/smoke/fig9.h5" --format=npz --output="$results/smoke"
expect 1 'holds no files of the store' "$export" "$TEST_TMPDIR" --format=csv --output="$out"
expect 0 'Example: bazel run //lib/data/anchor:export -- --seed=4' "$anchor" --help
expect 2 '--output is required' "$anchor"
expect 2 'ends with .npz or .csv' "$anchor" --output="$out.txt"
expect 2 'only the fields of the task' "$anchor" --set init.gamma=0.3 --output="$out.npz"
expect 2 "did you mean task.samples?" "$anchor" --set task.smples=5 --output="$out.npz"
expect 1 'was trained on other data' "$anchor" --run="$results/smoke/runs/$id.h5" --output="$out.npz"

expect 0 'wrote 3 files below' "$export" "$results" --format=csv --output="$out" --all
expect 0 'wrote 3 files below' "$export" "$results/" --format=npz --output="$out" --all
grep -q "^smoke/runs/$id.npz,$id,transformer,.*,finished,transformer gamma=" "$out/runs.csv" || fail 'runs.csv lacks the run'
grep -q "^smoke/checkpoints/$unfinished.npz,$unfinished,.*,11,unfinished," "$out/runs.csv" || fail 'runs.csv lacks the checkpoint'
grep -q '^parameters/head.w,,1,2,,6.5$' "$out/smoke/runs/$id.tensors.csv" || fail 'no parameters in the CSV'
grep -q '^panels/A/gamma=0.3/memory/loss,nats,1,,4$' "$out/smoke/fig9.csv" || fail 'no curve in the CSV of the figure'
(cd "$TEST_TMPDIR" && BUILD_WORKING_DIRECTORY=$TEST_TMPDIR "$OLDPWD/$export" "$results/smoke/fig9.h5" --format=csv >/dev/null) ||
  fail 'no export without --output'
cmp "$TEST_TMPDIR/fig9.csv" "$out/smoke/fig9.csv" || fail 'the default name holds something else'

task=(--seed=4 --set task.samples=2000)
expect 0 '2000 sequences of 9 tokens, seed 4' "$anchor" "${task[@]}" --output="$out/anchor.npz"
expect 0 '2000 sequences of 9 tokens, seed 4' "$anchor" "${task[@]}" --output="$out/anchor.csv"
expect 0 '' python3 tests/e2e/read_exports.py "$out/smoke/runs/$id.npz" "$out/smoke/runs/$id.csv" "$out/smoke/fig9.npz" \
  "$out/anchor.npz" "$out/anchor.csv"

# A file that cannot be read keeps no other from being exported, and is told.
truncate -s 3000 "$results/smoke/runs/$id.h5"
expect 1 'left out: ' "$export" "$results" --format=npz --output="$TEST_TMPDIR/part"
# A folder that cannot be made is told of once.
echo 'a file' >"$TEST_TMPDIR/a_file"
expect 1 "export: cannot make the folder $TEST_TMPDIR/a_file/out" "$export" "$results" --format=npz --output="$TEST_TMPDIR/a_file/out"
[[ $(wc -l <<<"$output") -eq 1 ]] || fail "more than one line: $output"
[[ -s $TEST_TMPDIR/part/smoke/fig9.npz ]] || fail 'a damaged run kept the figure from being exported'

# So is one in which HDF5's own description of the data is damaged.
damaged=$results/smoke/fig9.h5
printf '\377' | dd of="$damaged" bs=1 conv=notrunc status=none seek=$(($(grep -abo OHDR "$damaged" | sed -n '3s/:.*//p') + 6))
expect 1 "left out: $damaged is damaged: cannot " "$export" "$results" --format=csv --output="$TEST_TMPDIR/part"
expect 1 "$damaged is damaged: cannot " "$export" "$damaged" --format=csv --output="$TEST_TMPDIR/part.csv"

# A copy under another run's name is not exported as that run; elsewhere it may have any other name.
"$samples" "$results" >/dev/null
wrong=$results/smoke/runs/0123456789abcdef.h5
cp "$results/smoke/runs/$id.h5" "$wrong"
says="holds the run $id, which its name does not say"
expect 1 "left out: $wrong $says" "$export" "$results" --format=csv --output="$TEST_TMPDIR/named"
[[ ! -e $TEST_TMPDIR/named/smoke/runs/0123456789abcdef.csv && -s $TEST_TMPDIR/named/smoke/runs/$id.csv ]] ||
  fail 'a run is exported under the name of another one'
expect 1 "$wrong $says" "$export" "$wrong" --format=csv --output="$TEST_TMPDIR/named.csv"
expect 1 "$wrong $says" "$anchor" --run="$wrong" --output="$TEST_TMPDIR/named.npz"
cp "$wrong" "$TEST_TMPDIR/mine.h5"
expect 0 'wrote ' "$export" "$TEST_TMPDIR/mine.h5" --format=csv --output="$TEST_TMPDIR/named.csv"

# Every shipped file can be exported.
expect 0 'runs.csv' "$export" data/reference --format=npz --output="$TEST_TMPDIR/reference"
python3 - "$TEST_TMPDIR/reference/default/fig3.npz" "$("$inspect" data/reference/default/fig3.h5 /panels/A/gamma=0.3/memory/loss --whole |
  sed -n 2p)" <<'END' || fail 'a curve of figure 3 is not what is stored'
import sys
sys.path.insert(0, "tests/e2e")
from read_exports import read_npz
shape, values = read_npz(sys.argv[1])["panels/A/gamma=0.3/memory/loss"]
assert [float(x) for x in sys.argv[2].split()] == values and shape == (len(values),) and len(values) > 20
END
[[ $failures -eq 0 ]]
