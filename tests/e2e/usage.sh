#!/bin/bash
# usage.sh EXPERIMENT FIGURE VARYING PROBED TEXT TABLE: wrong command lines and missing files end with the right status and a message that helps,
# and leave nothing behind.
set -uo pipefail
source tests/e2e/common.sh

experiment=$1
figure=$2
vary=$3    # an experiment that varies transformer.norm
probed=$4  # one whose runs are probed
text=$5    # one of language runs
table=$6   # prints all claims
name=$(basename "$experiment")
results=$TEST_TMPDIR/results

run=("$experiment" --results="$results" --profile=smoke)
for program in "//experiments:$name $experiment --profile=smoke" "//figures:$name $figure --profile=smoke" \
  "//figures:claim_table $table --explain=fig3.A.progressive"; do
  read -r label path argument <<<"$program"
  expect 0 "Usage: bazel run $label -- " "$path" --help
  [[ $output == *"bazel run $label -- $argument"* ]] || fail "no example of $label: $output"
  [[ $output == *'Exit status: 0'* ]] || fail "no exit status of $label: $output"
  [[ $(wc -L <<<"$output") -le 80 ]] || fail "a line of more than 80 columns in: $output"
done
expect 2 'smoke, default, extended, paper' "$experiment" --profile=huge
expect 2 'did you mean --seeds?' "$experiment" --sedes=3
expect 2 '--seeds' "${run[@]}" --seeds=0
expect 2 '--results has an empty value' "$experiment" --profile=smoke --results= --dry-run
expect 2 '--results has an empty value' "$experiment" --results= --profile=smoke
expect 2 '--file has an empty value' "$figure" --file= --output="$TEST_TMPDIR/empty"
expect 0 'probe.names = ' "${run[@]}" --set=probe.names= --set=probe.steps= --print-config
expect 2 "'three' names no seeds" "${run[@]}" --seeds=three
expect 2 'names no' "${run[@]}" --seeds=8..4
expect 2 '--seeds has an empty value' "${run[@]}" --seeds= --dry-run
expect 0 'seed=9' "${run[@]}" --seeds=9,11 --print-config
# What make refuses before the build, the program refuses; what the program accepts, make accepts.
for seeds in 5 0 007 1000 1001 1000000 +1 -1 1.5 1..3 '1 .. 3' 3..1 2..2 1..1000 1..1001 1...3 1..2,3 1,7 '1, 7' 7,1,7 1, ,1 1,1000000 \
  1,1000001 '4 8' 4-8 ' ' 99999999999999999999; do
  program=refused
  make=refused
  ! "$experiment" --results="$results" --profile=smoke --seeds="$seeds" --print-summary &>/dev/null || program=accepted
  ! (source tools/common.sh && names_seeds "$seeds") || make=accepted
  [[ $make == "$program" ]] || fail "seeds '$seeds': $make by make, $program by the program"
done
for jobs in 1 0 01 1024 1025 -1 +1 1.5 '' ' 2' two; do
  program=refused
  make=refused
  [[ -z $jobs ]] || ! "$experiment" --results="$results" --profile=smoke --jobs="$jobs" --print-summary &>/dev/null || program=accepted
  [[ -z $jobs ]] || ! (export JOBS=$jobs; source tools/common.sh) 2>/dev/null || make=accepted
  [[ $make == "$program" ]] || fail "jobs '$jobs': $make by make, $program by the program"
done
for option in $("$experiment" --help | sed -n 's|^  *\(-h, *\)*\(--[a-z-]*\).*|\2|p' | sort -u); do
  (source tools/common.sh && check_options "$option=x" && check_options "$option" x) || fail "make refuses ARGS=$option"
done
! (source tools/common.sh && check_options --sedes=3) 2>/dev/null || fail 'make takes an option that there is not'
expect 0 "\"id\": \"$name.A" "$experiment" --print-claims
expect 2 '--jobs' "${run[@]}" --jobs=0
expect 2 "'-1' is not a number above 0" "${run[@]}" --checkpoint-seconds=-1
expect 2 '--device' "${run[@]}" --device=gpu
expect 2 '--numerics' "${run[@]}" --numerics=fast
expect 2 'jsonl' "${run[@]}" --log=csv
expect 2 "did you mean transformer.d_ff?" "${run[@]}" --set transformer.dff=64
expect 2 "'many' is not a whole number" "${run[@]}" --set transformer.d_ff=many
expect 2 'is not of the form name=value' "${run[@]}" --set transformer.d_ff
expect 2 'the experiment sets init.gamma' "${run[@]}" --set init.gamma=0.4
expect 2 'bazel run //experiments:run -- --model=transformer' "${run[@]}" --set init.gamma=0.4
expect 2 'set the same field' "${run[@]}" --set train.epochs=1 --set train.epochs=2
expect 2 'no run of this plan uses it' "${run[@]}" --set optimizer.warmup_epochs=2
expect 2 'no run of this plan uses it' "${run[@]}" --set gpt2:train.epochs=2
expect 2 "'nope' is none of" "${run[@]}" --set nope:train.epochs=2
expect 0 'train.epochs = 3' "${run[@]}" --set emb_mlp:train.epochs=3 --print-config
expect 0 'train.epochs = 3' "${run[@]}" --only=emb_mlp --set train.epochs=3 --print-config
expect 2 'outside of the vocabulary' "${run[@]}" --set task.vocabulary=100
expect 2 'task.memory_groups = 0 does not divide' "${run[@]}" --set task.memory_groups=0
expect 2 'train.batch_size = 0 is not within' "${run[@]}" --set train.batch_size=0
# A batch larger than the data is trained as it can be, and told whenever the plan is made.
for how in --print-config '--dry-run --no-measure'; do
  # shellcheck disable=SC2086
  expect 0 'is more than the' "${run[@]}" --set train.batch_size=1000000 $how
done
expect 0 ' new' "${run[@]}" --status
[[ $output != *note:* ]] || fail "the profile's own batch is larger than its data: $output"
for how in '' --dry-run '--dry-run --no-measure' --print-config; do
  # shellcheck disable=SC2086
  expect 2 'expected parameter.<name>' "${run[@]}" --set probe.names=weights --set probe.steps=0 $how
done
# Told once, not run by run.
if [[ ! -e /dev/nvidiactl ]]; then
  expect 1 '--device=cuda: ' "${run[@]}" --device=cuda
  [[ $output != *'failed: '* ]] || fail "that there is no GPU is told of runs: $output"
  refused=${output##*$'\n'}
  for how in --dry-run '--dry-run --no-measure'; do
    # shellcheck disable=SC2086
    expect 1 "$refused" "${run[@]}" --device=cuda $how
  done
fi
rm -rf "$results"
expect 1 "bazel run //experiments:$name -- --profile=smoke" "$figure" --profile=smoke --results="$results"
expect 2 'smoke, default, extended, paper' "$figure" --profile=huge
expect 0 'init.gamma = 0.3' "${run[@]}" --print-config
expect 0 ' GFLOP, about' "${run[@]}" --dry-run
[[ $output != *'more memory than'* ]] || fail "two small runs are too large: $output"
# No more workers than runs begin, whatever --jobs allows.
expect 0 'with --jobs=1024' "${run[@]}" --dry-run --jobs=1024
[[ $output != *'more memory than'* ]] || fail "workers that never begin take memory: $output"
# As many workers as this process may have cores.
expect 0 '--jobs=1' taskset -c "$(taskset -cp $$ | sed 's/.*: \([0-9]*\).*/\1/')" "${run[@]}" --dry-run
expect 0 " of disk and " "${run[@]}" --dry-run --no-measure
expect 0 " of disk and " "$experiment" --results="$results" --profile=extended --dry-run --no-measure
# Two runs of one label are told apart, and no line is wider than a terminal.
expect 0 'transformer.projection=false' "$vary" --results="$results" --dry-run --no-measure
[[ $(wc -L <<<"$output") -le 80 ]] || fail "a line of more than 80 columns in: $output"
# What is done in place of training is one thing.
modes=(--dry-run --status --print-config --list-runs --list-configs --print-summary --print-claims --measure-speed
  --unfinished --verify=all)
for one in "${modes[@]}"; do
  for other in "${modes[@]}"; do
    [[ $one != "$other" ]] || continue
    expect 2 ' excludes ' "${run[@]}" "$one" "$other"
    [[ $output == *"${one%=*}"* && $output == *"${other%=*}"* ]] || fail "not both of $one and $other are named: $output"
  done
done
expect 0 'In place of training; one of these' "$experiment" --help
[[ $output != *Excludes:* ]] || fail "a list of what each excludes: $output"
for forms in '--short --json' '--json --compare=data' '--explain=fig3.A --short' '--compare=data --explain=fig3.A'; do
  # shellcheck disable=SC2086
  expect 2 ' excludes ' "$table" $forms
done
expect 2 'no-measure requires --dry-run' "${run[@]}" --no-measure
expect 2 'local, slurm, none' "${run[@]}" --executor=pbs
expect 0 '#SBATCH --time=2:00:00' "${run[@]}" --executor=slurm --slurm-time=2:00:00 --dry-run
one=$("${run[@]}" --list-runs | head -n 1 | cut -d' ' -f1)
expect 0 '1 run, 1 to train' "${run[@]}" --runs="$one" --dry-run --no-measure
expect 0 '1 run: 1 new' "${run[@]}" --runs="$one" --status
expect 1 '1 run is missing, and --executor=none' "${run[@]}" --runs="$one" --executor=none
rm -rf "$results"
expect 2 'this plan has no such run' "${run[@]}" --runs=0123456789abcdef
expect 0 ' new' "${run[@]}" --status
if [[ -e $results ]]; then
  echo 'something was written by commands that train nothing' >&2
  failures=$((failures + 1))
fi

# Who trains: nobody, or a Slurm that is not here.
expect 1 'runs are missing, and --executor=none trains none' "${run[@]}" --executor=none
for executor in '' --executor=local '--executor none'; do
  # shellcheck disable=SC2086
  expect 2 '--slurm-time is for runs that Slurm trains: add --executor=slurm' "${run[@]}" --slurm-time=2:00:00 $executor --dry-run
done
expect 1 'runs are missing, and --executor=none trains none' "${run[@]}" --executor=slurm --slurm-time=1 --executor=none
expect 1 'Leave it out to train here' env PATH=/nowhere "${run[@]}" --executor=slurm
rm -rf "$results"

# A figure with several panels, and an experiment that sets a field itself.
expect 2 "there is no panel 'Z'; this figure has A, B" "$figure" --file="$PWD/data/reference/default/$name.h5" --output="$TEST_TMPDIR/panel" --panel=Z
expect 0 "$TEST_TMPDIR/panel.png" "$figure" --file="$PWD/data/reference/default/$name.h5" --output="$TEST_TMPDIR/panel" --panel=B
expect 2 'the experiment sets transformer.norm for each run itself' "$vary" --set transformer.norm=post
# Probes keep their share of the training.
expect 0 'probe.steps = 0,1,2,3,4,5,6,8,10,12,14,16,18,20' "$probed" --profile=smoke --set train.epochs=1 --print-config

expect 2 'there is no file /no/such/file.h5' "$figure" --file=/no/such/file.h5 --output="$TEST_TMPDIR/none"
expect 2 "did you mean $name.h5?" "$figure" --file="$PWD/data/reference/default/$name" --output="$TEST_TMPDIR/none"
expect 2 'is the file of fig4, not of' "$figure" --file="$PWD/data/reference/default/fig4.h5" --output="$TEST_TMPDIR/none"
[[ $output == *'what draws it: bazel run //figures:fig4' ]] || fail "the program that draws it is not named: $output"
expect 2 'there is no file' "${run[@]}" --ahead=/no/such/file
# To open a pipe is to wait for who writes into it.
mkfifo "$TEST_TMPDIR/pipe"
expect 2 "$TEST_TMPDIR/pipe is not a regular file" timeout 60 "$figure" --file="$TEST_TMPDIR/pipe" --output="$TEST_TMPDIR/none"
expect 2 "$TEST_TMPDIR/pipe is not a regular file" timeout 60 "${run[@]}" --ahead="$TEST_TMPDIR/pipe"
expect 2 "did you mean $one?" "${run[@]}" --runs="${one:0:15}z" --dry-run --no-measure
expect 2 '--file requires --output' "$figure" --file="$PWD/data/reference/default/$name.h5"
for option in --profile=default --profile=smoke --results="$results"; do
  expect 2 "${option%=*} excludes --file" "$figure" --file="$PWD/data/reference/default/$name.h5" --output="$TEST_TMPDIR/none" "$option"
done
expect 2 'excludes' "$figure" --file="$PWD/data/reference/default/$name.h5" --output="$TEST_TMPDIR/none" --custom

# Where the pictures go: a folder is none, and an extension is not doubled.
reference=$PWD/data/reference/default/$name.h5
expect 2 'is a folder: name the pictures in it, --output=' "$figure" --file="$reference" --output="$TEST_TMPDIR/"
expect 2 'is a folder: name the pictures in it, --output=' "$figure" --file="$reference" --output="$TEST_TMPDIR"
for hidden in "$TEST_TMPDIR/.png" "$TEST_TMPDIR/.named" "$TEST_TMPDIR/..png"; do
  expect 2 "begins with a dot, which hides them; name them --output=$TEST_TMPDIR/picture, say" \
    "$figure" --file="$reference" --output="$hidden"
done
[[ -z $(compgen -G "$TEST_TMPDIR/.*.png") ]] || fail "hidden pictures: $(ls -A "$TEST_TMPDIR")"
for extension in svg pdf png csv PNG Svg; do
  rm -f "$TEST_TMPDIR"/named.*
  expect 0 "wrote $TEST_TMPDIR/named.png" "$figure" --file="$reference" --output="$TEST_TMPDIR/named.$extension"
  [[ $(cd "$TEST_TMPDIR" && echo named.*) == 'named.csv named.pdf named.png named.svg' ]] ||
    { echo "--output=named.$extension wrote $(cd "$TEST_TMPDIR" && echo named.*)" >&2; failures=$((failures + 1)); }
done
expect 0 "wrote $TEST_TMPDIR/v1.5.png" "$figure" --file="$reference" --output="$TEST_TMPDIR/v1.5"

# Claims that there are not.
for form in '' --short --json '--explain=fig3.A.progressive' "--compare=$PWD/data/reference"; do
  # shellcheck disable=SC2086
  expect 1 'make figures RESULTS=' "$table" --results="$PWD/data/refrence" $form
  [[ $output == *"there is no folder $PWD/data/refrence; did you mean reference?"* ]] || fail "no near folder: $output"
done
expect 2 'did you mean fig3.A.progressive?' "$table" --results="$PWD/data/reference" --explain=fig3.A.progresive
expect 2 'there is no claim fig3.A; --short lists them' "$table" --results="$PWD/data/reference" --explain=fig3.A
[[ $output == *'(make claims FROM=reference ARGS=--short)'* ]] || fail "what make users type is not told: $output"
expect 2 'there is no folder' "$table" --results="$PWD/data/reference" --compare="$PWD/data/refrence"
[[ $output == *'did you mean reference?' ]] || fail "the folder that is near is not named: $output"

# No shell sees the tilde of --results=~/out.
mkdir "$TEST_TMPDIR/home"
cp "$reference" "$TEST_TMPDIR/home/stored.h5"
expect 0 "wrote $TEST_TMPDIR/home/tilde.png" env HOME="$TEST_TMPDIR/home" "$figure" --file='~/stored.h5' --output='~/tilde'
expect 1 "there is no $TEST_TMPDIR/home/out/smoke/$name.h5" \
  env HOME="$TEST_TMPDIR/home" "$figure" --profile=smoke --results='~/out'
expect 2 '~root/out: only ~/, your own home folder, is known here' "$figure" --profile=smoke --results='~root/out'
expect 2 '~root/out: only ~/, your own home folder, is known here' "$experiment" --profile=smoke --results='~root/out'
expect 1 "HOME is not set" env -u HOME "$figure" --profile=smoke --results='~/out'
expect 1 "there is no file $TEST_TMPDIR/home/stories.txt" env HOME="$TEST_TMPDIR/home" "$text" \
  --profile=smoke --results="$results" --set=text.tinystories='~/stories.txt'

# What is told to run can be pasted into a shell.
expect 1 "--results='$TEST_TMPDIR/my results'" "$figure" --profile=smoke --results="$TEST_TMPDIR/my results"
expect 1 "'RESULTS=$TEST_TMPDIR/my results'" "$table" --results="$TEST_TMPDIR/my results"

mkdir -p "$results/smoke"
echo 'no figure' >"$results/smoke/$name.h5"
expect 1 "$name.h5: it is no HDF5 file" "$figure" --profile=smoke --results="$results"
[[ $output == *'; to make it again:'*"//experiments:$name -- --profile=smoke --results=$results"* ]] ||
  fail "no command for a damaged figure file: $output"
# So it is where HDF5's own description of the data is damaged, at all scales and in any form.
damaged=$TEST_TMPDIR/damaged
mkdir -p "$damaged/default"
cp "$reference" "$damaged/default/$name.h5"
chmod u+w "$damaged/default/$name.h5"
printf '\377' | dd of="$damaged/default/$name.h5" bs=1 conv=notrunc status=none \
  seek=$(($(grep -abo OHDR "$reference" | sed -n '3s/:.*//p') + 6))
again="; to make it again:
  bazel run //experiments:$name -- --profile=default --results=$damaged"
expect 1 "$damaged/default/$name.h5 is damaged: cannot open /panels$again" "$figure" --results="$damaged"
expect 1 "$damaged/default/$name.h5 is damaged: cannot open /panels$again" "$table" --results="$damaged"
# A file that is given itself is made again where it lies, if it is known what made it.
expect 1 "$damaged/default/$name.h5 is damaged: cannot open /panels$again" "$figure" --file="$damaged/default/$name.h5" \
  --output="$TEST_TMPDIR/none"
cp "$damaged/default/$name.h5" "$damaged/copy.h5"
expect 1 "$damaged/copy.h5 is damaged: cannot open /panels" "$figure" --file="$damaged/copy.h5" --output="$TEST_TMPDIR/none"
[[ $output != *'to make it again'* ]] || fail "a profile is named for a file of which it is not known: $output"
# One that is whole and locked by another program, or that the disk does not give, is not to be made again.
mkdir -p "$TEST_TMPDIR/locked/default"
cp "$reference" "$TEST_TMPDIR/locked/default/"
locked=$TEST_TMPDIR/locked/default/$name.h5
for program in "$figure" "$table"; do
  expect 1 "cannot read $locked: it is locked; process" flock -x "$locked" "$program" \
    --results="$TEST_TMPDIR/locked"
  [[ $output != *'to make it again'* ]] || fail "a locked figure file is to be made again: $output"
done
echo 'a file' >"$TEST_TMPDIR/file"
expect 1 "cannot make the folder $TEST_TMPDIR/file/smoke" "$experiment" --profile=smoke --results="$TEST_TMPDIR/file"
[[ $failures -eq 0 ]]
