#!/bin/bash
# sweep.sh SWEEP FIGURE: axes of one's own are trained and drawn; what is stored is not trained again; bad ones are told.
set -uo pipefail
source tests/e2e/common.sh

sweep=$1
figure=$2
results=$TEST_TMPDIR/results
run=("$sweep" --base=emb_mlp --profile=smoke --device=cpu --results="$results")
small=(--set=train.epochs=1 --set=emb_mlp.d_model=8 --set=emb_mlp.d_ff=8)

expect 0 'trained 4 runs' "${run[@]}" --axis gamma=0.3,0.8 --axis optimizer.weight_decay=0,0.1 "${small[@]}"
[[ -s $results/smoke/figures/sweep.svg ]] || fail 'no picture'
# One value more: two runs more; the axes in another order and a list in place of a range are the same runs.
expect 0 'trained 2 runs' "${run[@]}" --axis optimizer.weight_decay=0,0.1 --axis gamma=0.3:0.8:0.25,0.8 \
  --metric memory_loss --metric plateau --lines "${small[@]}"
expect 0 'wrote' "$figure" --profile=smoke --results="$results"
grep -q 'memory loss' "$results/smoke/figures/sweep.svg" || fail 'the metric is not in the picture'

# Lines of another metric, and a name, which leaves the other figure alone; drawn once more as the program says.
before=$(sha256sum "$results"/smoke/sweep.h5 "$results"/smoke/figures/sweep.svg)
expect 0 "--file=$results/smoke/sweep.decay.h5 --output=$results/smoke/figures/sweep.decay" "${run[@]}" --axis gamma=0.3,0.8 \
  --axis optimizer.weight_decay=0,0.1 --metric memory_loss --contours=reasoning_loss --name=decay "${small[@]}"
[[ $output != *'trained'* ]] || fail "something was trained: $output"
grep -q '; lines: reasoning loss' "$results/smoke/figures/sweep.decay.svg" || fail 'there are no lines in the picture'
[[ $(sha256sum "$results"/smoke/sweep.h5 "$results"/smoke/figures/sweep.svg) == "$before" ]] || fail 'the other figure is not the same'
cp "$results/smoke/figures/sweep.decay.svg" "$TEST_TMPDIR/decay.svg"
expect 0 'wrote' "$figure" --file="$results/smoke/sweep.decay.h5" --output="$results/smoke/figures/sweep.decay"
cmp "$results/smoke/figures/sweep.decay.svg" "$TEST_TMPDIR/decay.svg" || fail 'drawn again it is another one'

# Without a name it takes the place of the other one, which is told, with the way to keep both.
expect 0 'note: sweep.h5 was made of other runs, and is replaced' "${run[@]}" --axis gamma=0.3,0.8 --metric memory_loss "${small[@]}"
[[ $output == *'with --name=NAME beside this one'* ]] || fail "how to keep both is not told: $output"
expect 0 'wrote' "${run[@]}" --axis gamma=0.3,0.8 --metric memory_loss "${small[@]}"
[[ $output != *'is replaced'* ]] || fail "the same figure made again is called another one: $output"

# A run that diverges leaves the others their picture, and the exit status tells.
expect 1 'sweep.svg' "${run[@]}" --axis optimizer.learning_rate=0.001,1e38 \
  --set=optimizer.weight_decay=0 "${small[@]}"
[[ $output == *'1 of 2 runs failed'* ]] || fail "the failed run is not told: $output"
# Of two of one label it is told which is which.
expect 1 $'2 of 2 runs failed:\n' "${run[@]}" --axis optimizer.beta1=0.8,0.9 --set=optimizer.learning_rate=1e38 \
  --set=optimizer.weight_decay=0 "${small[@]}"
for value in 0.8 0.9; do
  grep -q "^  emb_mlp .* optimizer.beta1=$value (" <<<"$output" || fail "no run of beta1 = $value in: $output"
  grep -q "^failed: emb_mlp .* optimizer.beta1=$value: " <<<"$output" || fail "no failure of beta1 = $value in: $output"
done

# What it sweeps is told first, that which nobody named, too.
expect 0 '  axis       init.gamma = 0.3, 0.5, 0.8' "$sweep" --profile=smoke --results="$results" --dry-run --no-measure
[[ $output == *'no --axis is given'* && $output == *'base       transformer'* ]] || fail "the default is not told: $output"
expect 0 '  axis       optimizer.weight_decay = 0, 0.1' "${run[@]}" --axis gamma=0.3,0.8 --axis optimizer.weight_decay=0,0.1 "${small[@]}"
[[ $output != *'no --axis'* ]] || fail "a default that is none: $output"

expect 2 'did you mean gamma?' "${run[@]}" --axis gama=0.3
expect 2 'no run of emb_mlp uses it' "${run[@]}" --axis transformer.layers=1,2
expect 2 'room for three' "${run[@]}" --axis gamma=0.3 --axis train.epochs=1 --axis train.batch_size=10 --axis task.samples=100
expect 2 'there is no metric' "${run[@]}" --metric foo
expect 2 'not of emb_mlp' "${run[@]}" --metric text_lead
expect 2 'there is no metric' "${run[@]}" --axis gamma=0.3 --axis train.epochs=1,2 --contours=foo
expect 2 '--contours text_lead: not of emb_mlp' "${run[@]}" --axis gamma=0.3 --axis train.epochs=1,2 --contours=text_lead
expect 2 'its lines lie over a heat map' "${run[@]}" --axis gamma=0.3 --contours=lead
expect 2 'its lines lie over a heat map' "${run[@]}" --axis gamma=0.3 --axis train.epochs=1,2 --contours=lead --lines
expect 2 'one axis is drawn as a curve anyway' "${run[@]}" --axis gamma=0.3,0.8 --lines
expect 2 "'../fig3' is not of letters" "${run[@]}" --name=../fig3
expect 2 'custom is what other figures are called' "${run[@]}" --name=custom
expect 2 'the experiment sets init.gamma' "${run[@]}" --axis gamma=0.3 --set=init.gamma=0.4
[[ $failures -eq 0 ]]
