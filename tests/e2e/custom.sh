#!/bin/bash
# custom.sh EXPERIMENT FIGURE INSPECT CLAIM_TABLE: runs that are not the profile's own stand in files of their own, which say
# so; the table of claims reads the profile's own alone, and a damaged file hides no other.
set -uo pipefail
source tests/e2e/common.sh

experiment=$1
figure=$2
inspect=$3
table=$4
name=$(basename "$experiment")
results="$TEST_TMPDIR/my results"  # the blank: what is told to run is quoted
folder=$results/smoke
other=appendix_d  # of another study, whose file is damaged

run=("$experiment" --no-draw --profile=smoke --results="$results")
draw=("$figure" --profile=smoke --results="$results")
expect 1 "there is no $folder/$name.custom.h5" "${draw[@]}" --custom
expect 0 "wrote $folder/$name.h5" "${run[@]}"
[[ $output != *--custom* ]] || fail "the profile's own runs are called custom: $output"
before=$(sha256sum <"$folder/$name.h5")

# An override: another file, not judged, drawn with --custom.
expect 0 "wrote $folder/$name.custom.h5" "${run[@]}" --set train.epochs=1
[[ $output == *"next: bazel run //figures:$name -- --profile=smoke --results='$results' --custom"* ]] ||
  fail "the way to the picture is not told: $output"
[[ $output == *'not judged'* ]] || fail "runs with an override are judged: $output"
[[ $(sha256sum <"$folder/$name.h5") == "$before" ]] || fail "an override changed $name.h5"
"$inspect" "$folder/$name.custom.h5" >"$TEST_TMPDIR/inspected"
grep -q '@overrides = .*train.epochs=1' "$TEST_TMPDIR/inspected" || fail 'the file does not tell the override'
expect 0 "wrote $folder/figures/$name.custom.png" "${draw[@]}" --custom
for extension in svg pdf png csv; do
  [[ -s $folder/figures/$name.custom.$extension ]] || fail "no $name.custom.$extension"
  [[ ! -e $folder/figures/$name.$extension ]] || fail "$name.$extension was drawn of other runs"
done
expect 0 "wrote $folder/figures/$name.png" "${draw[@]}"

# The picture says so, to readers, in its title and in its caption; the profile's own does not.
own=$folder/figures/$name.svg
custom=$folder/figures/$name.custom.svg
grep -q "<title[^>]*>[^<]*(not the profile's own runs)</title>" "$custom" || fail 'the title does not say whose runs these are'
grep -q "<desc[^>]*>[^<]*Not the profile's own runs: with train.epochs=1" "$custom" || fail 'nor does the caption'
grep -v '<desc\|<title' "$custom" | grep -q "Not the profile's own runs: with train.epochs=1" || fail 'nor does the picture'
! grep -q "profile's own runs" "$own" || fail "the profile's own picture says that it is not"
for picture in "$own" "$custom"; do
  grep -v '<desc' "$picture" | grep -q 'Nothing is judged: ' || fail "$picture does not say that nothing is judged"
done

# Other seeds likewise; the profile's own seeds, by name, are its own.
rm "$folder/$name.custom.h5"
expect 0 "wrote $folder/$name.custom.h5" "${run[@]}" --seeds=9
expect 0 "note: $name.custom.h5 was made of other runs" "${run[@]}" --set train.epochs=1
expect 0 "note: $name.custom.h5 was made of other runs" "${run[@]}" --seeds=9
expect 0 "wrote $folder/$name.h5" "${run[@]}" --seeds=1..1
[[ $(sha256sum <"$folder/$name.h5") == "$before" ]] || fail 'the same seeds by name gave another file'

# Drawn at once, the next thing to do is told: how a claim comes about. Of other runs there is no such page.
expect 0 "next: bazel run //figures:claim_table -- --profile=smoke --results='$results' --explain=$name." \
  "$experiment" --profile=smoke --results="$results"
claim=$(sed -n 's/^next: .* --explain=//p' <<<"$output")
expect 0 "$claim" "$table" --profile=smoke --results="$results" --explain="$claim"
expect 0 "wrote $folder/figures/$name.custom.svg" "$experiment" --profile=smoke --results="$results" --seeds=9
[[ $output == *"next: bazel run //figures:$name -- --profile=smoke --results='$results' --custom"* ]] ||
  fail "a claim of other runs is to be explained: $output"

# The table of claims: of the profile's own, with what was not made.
list=("$table" --profile=smoke --results="$results")
expect 0 "no $other: not made" "${list[@]}"
count=$(grep -c "^not judged  $name\\." <<<"$output")
[[ $count -gt 0 && $count -eq $(grep -o "@verdict" < <("$inspect" "$folder/$name.h5") | wc -l) ]] ||
  fail "the table does not have each claim once: $output"
[[ $output == *'(smoke scale)'* ]] || fail "the table does not tell the scale: $output"
[[ $("${list[@]}" --json | grep -c '"scale": "smoke"') -eq $count ]] || fail 'not a claim of the smoke profile each in JSON'
expect 0 "not judged  $name." "${list[@]}" --short
[[ $(grep -c "^not judged  $name\\..* smoke " <<<"$output") -eq $count ]] || fail "not a line a claim: $output"
[[ $(awk 'length > 100' <<<"$output") == '' ]] || fail "a line of more than 100 letters: $output"

# Of some studies alone: nothing else is missed.
expect 0 "not judged  $name." "${list[@]}" --studies="$name"
[[ $output != *': not made'* ]] || fail "what was not asked for is missed: $output"
expect 0 "no $other: not made" "${list[@]}" --studies="$name,$other"
[[ $(grep -c ': not made$' <<<"$output") -eq 1 ]] || fail "what was not asked for is missed: $output"
expect 1 'there are no figure files' "${list[@]}" --studies="$other"
expect 2 ' excludes ' "${list[@]}" --studies="$name" --explain="$name.A"

# The scales side by side: a claim of any, what is not made, the note; figure files of this test's own making.
mkdir -p "$results/paper" "$results/extended" "$results/default"
both=("$table" --results="$results")
expect 1 "make figures 'RESULTS=$results'" "${both[@]}"
cp "$folder/$name.h5" "$results/default"
expect 0 'Claims at reduced | extended | paper scale' "${both[@]}"
[[ $output != *'paper scale: '* && $output != *'extended scale: '* ]] || fail "there are totals of nothing: $output"
[[ $(tr -s '\n ' ' ' <<<"$output") == *"None of these studies has a file at the paper's scale."* ]] || fail "no note: $output"
expect 0 "not judged | - | -  $name." "${both[@]}" --short
[[ $(grep -c "^not judged | - | -  $name\." <<<"$output") -eq $count ]] || fail "not a line a claim: $output"
cp "$folder/$name.h5" "$results/paper"
expect 0 "not judged | - | not judged  $name." "${both[@]}"
[[ $(grep -c "^not judged | - | not judged  $name\." <<<"$output") -eq $count ]] || fail "not a row a claim: $output"
[[ $output == *'paper scale: 1 figure'* && $output == *'reduced scale: 1 figure'* ]] || fail "no totals by scale: $output"
[[ $(tr -s '\n ' ' ' <<<"$output") == *"Without a file at the paper's scale: fig1, "* ]] || fail "no note of what is not made: $output"
[[ $(tr -s '\n ' ' ' < <("${both[@]}" --studies="$name")) != *'Without a file'* ]] || fail 'the note misses what was not asked for'
cp "$folder/$name.h5" "$results/extended"
expect 0 "not judged | not judged | not judged  $name." "${both[@]}" --short
[[ $(awk 'length > 100' <<<"$(grep "$name\." <<<"$output")") == '' ]] || fail "a line of more than 100 letters: $output"
[[ $output == *'extended scale: 1 figure'* ]] || fail "no totals by scale: $output"
rm "$results/default/$name.h5" "$results/extended/$name.h5"
expect 0 "- | - | not judged  $name." "${both[@]}" --short
[[ $(awk 'length > 100' <<<"$(grep "$name\." <<<"$output")") == '' ]] || fail "a line of more than 100 letters: $output"
echo damaged >"$results/default/$other.h5"
expect 1 "bazel run //experiments:$other -- --profile=default --results='$results'" "${both[@]}"
[[ $output == *"- | - | not judged  $name."* ]] || fail "a damaged file hides the others: $output"

# A damaged file: the others are printed, then the error and the way out.
echo damaged >"$folder/$other.h5"
expect 1 "bazel run //experiments:$other -- --profile=smoke --results='$results'" "${list[@]}"
[[ $(grep -c "^not judged  $name\\." <<<"$output") -eq $count ]] || fail "a damaged file hides the others: $output"
[[ $output == *"not judged"*"$other.h5: it is no HDF5 file"* ]] || fail "the error does not stand last: $output"
rm "$folder/$other.h5" "$folder/$name.h5"
expect 1 'make figures PROFILE=smoke' "${list[@]}"
[[ $failures -eq 0 ]]
