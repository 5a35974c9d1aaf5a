#!/bin/bash
# text_usage.sh EXPERIMENT FIGURE: GPT-2's experiment with texts of the user, with files that are missing or wrong, and with
# other sizes. Each ends with the right status and a message that helps.
set -uo pipefail
source tests/e2e/common.sh

experiment=$1
figure=$2  # of two letters, three panels each
results=$TEST_TMPDIR/results

# Where the user stands, and a workspace into which nothing was downloaded.
export BUILD_WORKING_DIRECTORY=$TEST_TMPDIR/here BUILD_WORKSPACE_DIRECTORY=$TEST_TMPDIR/workspace
mkdir -p "$BUILD_WORKING_DIRECTORY" "$BUILD_WORKSPACE_DIRECTORY"
stories=$BUILD_WORKING_DIRECTORY/stories.txt
{
  for i in {1..40}; do
    printf 'Tom saw cat number %d. The cat ran away.\n<|endoftext|>\n' "$i"
    [[ $i != 20 ]] || printf '<|endoftext|>\n'
  done
  printf 'The last one is not'
} >"$stories"
printf '\xff\xfeT\0o\0m\0' >"$BUILD_WORKING_DIRECTORY/utf16.txt"
printf 'Tom \xff saw a cat.\n' >"$BUILD_WORKING_DIRECTORY/latin.txt"
: >"$BUILD_WORKING_DIRECTORY/empty.txt"
printf '{"example1": ' >"$BUILD_WORKING_DIRECTORY/cut.json"

run=("$experiment" --results="$results" --profile=smoke)
expect 1 'bazel run //data:fetch_tinystories' "$experiment" --results="$results" --profile=paper
[[ -z $(find "$results" -name "*.h5" 2>/dev/null) ]] || { echo 'a run was begun without its texts' >&2; failures=$((failures + 1)); }
expect 0 'before the training: the TinyStories files are not there' "$experiment" --results="$results" --profile=paper --print-config
expect 0 'before the training: the TinyStories files are not there' "$experiment" --results="$results" --profile=paper --dry-run --no-measure
printf '[{"context": "a"}]' >"$BUILD_WORKING_DIRECTORY/list.json"
printf '"Tom ran.\n\nHe fell."\n"Ann ran.\n\nShe fell."\n' >"$BUILD_WORKING_DIRECTORY/csv.txt"
# What is only planned is refused as what is trained.
for how in '' '--dry-run --no-measure' --print-config; do
  # shellcheck disable=SC2086
  {
    expect 1 'there is no file' "${run[@]}" --set text.tinystories=missing.txt $how
    expect 1 'there is no file' "${run[@]}" --set text.prontoqa=missing.json $how
    expect 1 'File name too long' "${run[@]}" --set text.prontoqa="$(printf 'x%.0s' {1..300})" $how
    expect 1 "[0] has no 'question'" "${run[@]}" --set text.prontoqa=list.json $how
    expect 1 'this looks like CSV' "${run[@]}" --set text.tinystories=csv.txt $how
  }
done
mkfifo "$BUILD_WORKING_DIRECTORY/pipe"
expect 1 'is not a regular file' timeout 60 "${run[@]}" --set text.tinystories=pipe
expect 1 'is not a regular file' timeout 60 "${run[@]}" --set text.prontoqa=pipe --dry-run
expect 1 'is not a regular file' "${run[@]}" --set text.tinystories=.
expect 1 'UTF-16' "${run[@]}" --set text.tinystories=utf16.txt
expect 1 'latin.txt' "${run[@]}" --set text.tinystories=latin.txt
expect 1 'empty.txt' "${run[@]}" --set text.tinystories=empty.txt
expect 1 'cut.json' "${run[@]}" --set text.prontoqa=cut.json
expect 1 'skipped: 1 empty, 1 unfinished' "${run[@]}" --set text.tinystories=stories.txt --set text.tinystories_sequences=4000
expect 0 'skipped: 1 empty' "${run[@]}" --set text.tinystories=stories.txt \
  --set text.tinystories_sequences=40 --set text.packed=false --set train.epochs=1
# The same path with another text is another run.
own=("${run[@]}" --set text.tinystories=own.txt --set text.tinystories_sequences=4 --set text.packed=false --set train.epochs=1)
sed 's/cat/dog/' "$stories" >"$BUILD_WORKING_DIRECTORY/own.txt"
expect 0 'of which 0 stored' "${own[@]}"
expect 0 'of which 1 stored' "${own[@]}"
sed 's/cat/owl/' "$stories" >"$BUILD_WORKING_DIRECTORY/own.txt"
expect 0 'of which 0 stored' "${own[@]}"
# The same text at another place is the same run.
mkdir "$BUILD_WORKING_DIRECTORY/elsewhere"
cp "$BUILD_WORKING_DIRECTORY/own.txt" "$BUILD_WORKING_DIRECTORY/elsewhere/theirs.txt"
expect 0 'of which 1 stored' "${own[@]/own.txt/elsewhere/theirs.txt}"
rm "$BUILD_WORKING_DIRECTORY/own.txt"
expect 1 'there is no file' "${own[@]}"
expect 0 ' GFLOP, about' "${run[@]}" --dry-run
expect 2 'distinct tokens occur, more than gpt2.vocabulary = 100' "${run[@]}" --set gpt2.vocabulary=100
expect 2 'is too short for PrOntoQA examples' "${run[@]}" --set gpt2.context=50
expect 2 "gpt2.heads = 3 does not divide" "${run[@]}" --set gpt2.heads=3
expect 2 "'gpt2-7B' is none of gpt2-124M, gpt2-mini, gpt2-tiny" "${run[@]}" --set gpt2.size=gpt2-7B
expect 2 "did you mean text.prontoqa?" "${run[@]}" --set text.prontoqaa=generated
expect 0 'gpt2.vocabulary = 50257' "${run[@]}" --set gpt2.size=gpt2-124M --print-config
expect 0 'gpt2.dropout = 0.1' "${run[@]}" --set gpt2.dropout=0.1 --print-config
# A letter's panels are its own: the losses at all three rates, and none of the answers.
reference=$PWD/data/reference/default/$(basename "$figure").h5
expect 0 "$TEST_TMPDIR/panel.png" "$figure" --file="$reference" --output="$TEST_TMPDIR/panel" --panel=A
panels=$(tail -n +2 "$TEST_TMPDIR/panel.csv" | cut -d, -f1,4 | sort -u)
if [[ $panels != $'A,γ = 0.3\nA,γ = 0.5\nA,γ = 0.8' ]]; then
  echo "--panel=A drew: $panels" >&2
  failures=$((failures + 1))
fi
[[ $failures -eq 0 ]]
