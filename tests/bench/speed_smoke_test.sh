#!/bin/bash
# speed_smoke_test.sh SPEED INSPECT: tiny models, without Python; the table has its rows, and JSON and HDF5 hold the numbers.
set -euo pipefail

speed=$1
inspect=$2
out=$TEST_TMPDIR/folder/speed
"$speed" --smoke --python=none --processes=2 --benchmark_out="$out.json" >"$TEST_TMPDIR/table"
cat "$TEST_TMPDIR/table"
rate='[0-9][0-9.e+]*'
# Ours and the limit; nothing in Python.
grep -Eq "^ours( +$rate){4}\$" "$TEST_TMPDIR/table"
grep -Eq "^products alone( +$rate +$rate %){4}\$" "$TEST_TMPDIR/table"
for row in 'PyTorch as it is' 'PyTorch at its best' 'PyTorch pruned' 'torch.compile' 'torch.compile pruned' JAX \
  'JAX pruned'; do
  grep -Eq "^$row( +-){4}\$" "$TEST_TMPDIR/table"
done
for workload in Transformer Emb-MLP GPT-2-mini GPT-2-124M; do
  grep -Eq "^$workload( +$rate %){5}\$" "$TEST_TMPDIR/table"  # parts of a step
  for contender in ours limit; do
    [[ $(grep -c "\"name\": \"$workload/$contender/iterations:1/manual_time\"" "$out.json") -eq 3 ]]
  done
  grep -q share_of_limit <<<"$("$inspect" "$out.h5" | sed -n "/^ *$workload\/$/,/share_of_limit/p")"
done
python3 -m json.tool "$out.json" >/dev/null
if grep -q 'error_occurred' "$out.json"; then exit 1; fi

# expect STATUS TEXT FLAG...
expect() {
  local status=$1 text=$2 output code=0
  shift 2
  output=$("$speed" "$@" 2>&1) || code=$?
  if [[ $code -ne $status || $output != *"$text"* ]]; then
    echo "expected status $status and '$text' from: $*; got $code and: $output" >&2
    exit 1
  fi
}
nowhere=--benchmark_out=$TEST_TMPDIR/nowhere/speed.json
expect 2 'did you mean --python?' --pyhton=none "$nowhere"
expect 1 'there is no such program' --python=/no/such/python "$nowhere"
expect 2 '--processes' --processes=0 "$nowhere"
expect 1 'Failed to match' --smoke --python=none --benchmark_filter=Nothing "$nowhere"
expect 0 'Emb-MLP/limit' --python=none --benchmark_list_tests=true "$nowhere"
expect 0 '--benchmark_filter' --help
