#!/bin/bash
# values.sh RUN FIG1 FIG5: whatever values are asked for, the end is a result whose every number is finite or an error that
# names the field; and what the plan alone would refuse, --print-config and --dry-run refuse in the same words.
set -uo pipefail
source tests/e2e/common.sh

run=$1   # any model at any rates
fig1=$2  # of language runs
fig5=$3  # whose runs are probed

# finite FOLDER: there are run files, and the numbers of each are finite, but for the means over nothing of two probes.
finite() {
  local file bad count=0
  for file in "$1"/smoke/runs/*.h5; do
    [[ -f $file ]] || break
    count=$((count + 1))
    if ! h5dump -m '%.9g' "$file" >"$TEST_TMPDIR/numbers" || ! grep -q '^ *DATASET "' "$TEST_TMPDIR/numbers"; then
      fail "h5dump has no numbers of $file"
      continue
    fi
    # By awk, since h5dump has all data of a file or those of one name.
    bad=$(awk '
      /^ *DATASET "/ { name = $2 }
      / -?(nan|inf)[,( ]*/ && name !~ /attention_by_key|score_parts/ { print name ": " $0 }' \
      "$TEST_TMPDIR/numbers" | head -n 3)
    [[ -z $bad ]] || fail "$file: $bad"
  done
  [[ $count -gt 0 ]] || fail "no run is stored in $1: $(cat "$TEST_TMPDIR/log")"
}

count=0
# ends_well PROGRAM FLAG..: trained to finite numbers, or refused with the name of the field.
ends_well() {
  local status field
  count=$((count + 1))
  "$@" --profile=smoke --device=cpu --no-draw --results="$TEST_TMPDIR/$count" >"$TEST_TMPDIR/log" 2>&1
  status=$?
  ! grep -Eq 'terminate called|Segmentation|Aborted' "$TEST_TMPDIR/log" || fail "a crash of $*: $(cat "$TEST_TMPDIR/log")"
  if [[ $status -eq 0 ]]; then
    finite "$TEST_TMPDIR/$count"
    return
  fi
  field=${*: -1}
  field=${field#--set=}
  grep -qF -- "${field%%=*}" "$TEST_TMPDIR/log" || fail "$* ends with $status and: $(cat "$TEST_TMPDIR/log")"
}

# refused TEXT PROGRAM FLAG..: in planning, by whatever is planned for.
refused() {
  local text=$1 how
  shift
  for how in --print-config --list-runs '--dry-run --no-measure' '--no-draw'; do
    # shellcheck disable=SC2086
    expect 2 "$text" "$@" --profile=smoke --device=cpu --results="$TEST_TMPDIR/refused" $how
  done
  [[ ! -e $TEST_TMPDIR/refused ]] || fail "something was written before: $text"
}

# Training that diverges, or that learns nothing.
for model in emb_mlp transformer gpt2; do
  one=("$run" --model="$model" --gamma=0.5)
  ends_well "${one[@]}" --set=optimizer.weight_decay=0 --set=optimizer.learning_rate=1e38
  grep -q 'not finite' "$TEST_TMPDIR/log" || fail "$model: training at a rate of 1e38 ended otherwise: $(cat "$TEST_TMPDIR/log")"
  [[ -z $(find "$TEST_TMPDIR/$count" -name '*.h5') ]] || fail 'a run that diverged was stored'
  ends_well "${one[@]}" --set=optimizer.learning_rate=10
  ends_well "${one[@]}" --set=optimizer.epsilon=1e-60
  ends_well "${one[@]}" --set=train.batch_size=100000000
done
ends_well "$fig5" --set=optimizer.learning_rate=10
ends_well "$run" --model=emb_mlp --gamma=0.0,5.0
ends_well "$run" --model=transformer --gamma=0.0,5.0

one=("$run" --model=transformer --gamma=0.5)
refused 'optimizer.epsilon = 1e-60 is not positive and finite as a float, within 1.2e-38' "${one[@]}" --set=optimizer.epsilon=1e-60
refused 'optimizer.learning_rate = 1e+300 is not positive and finite' "${one[@]}" --set=optimizer.learning_rate=1e300
refused 'is above 2: the decay itself' "${one[@]}" --set=optimizer.weight_decay=1e9
refused 'train.epochs = 0 is not within 1 .. 10,000,000' "${one[@]}" --set=train.epochs=0
refused 'train.batch_size = -1 is not within' "${one[@]}" --set=train.batch_size=-1
refused 'outside of the vocabulary' "${one[@]}" --set=task.vocabulary=100
refused 'the experiment sets init.gamma' "${one[@]}" --set=init.gamma=nan
for gamma in -1 5.5 nan inf -inf 1e300; do
  expect 2 "an initialisation rate of $gamma is not within 0 .. 5" "$run" --gamma="$gamma" --print-config
done
# Of texts, too, what only the tokens tell.
text=("$fig1")
refused 'distinct tokens occur, more than gpt2.vocabulary = 100' "${text[@]}" --set=gpt2.vocabulary=100
refused 'is too short for PrOntoQA examples' "${text[@]}" --set=gpt2.context=50
refused 'text.tinystories_sequences = 100000' "${text[@]}" --set=text.tinystories_sequences=100000 --set=gpt2.context=100
[[ $failures -eq 0 ]]
