#!/bin/bash
# folders.sh RUN FIG3 DRAW3 TABLE UNTRAINED: what results lie in. A folder that cannot be written into is an error before any training;
# two programs at once train each run once; files have the user's umask; nothing is written elsewhere.
set -uo pipefail
source tests/e2e/common.sh

run=$1
fig3=$2
draw3=$3
table=$4
untrained=$5
flags=(--profile=smoke --device=cpu)
short=("$run" --model=emb_mlp --gamma=0.3,0.8 "${flags[@]}")

# refused PATH COMMAND...: told with the path, before a worker was started.
refused() {
  local path=$1
  shift
  expect 1 "cannot write into the folder $path" "$@"
  [[ $output != *'training on'* && $output != *'runs failed'* ]] || fail "it was tried: $output"
}

# A file where a folder should be.
echo 'a file' >"$TEST_TMPDIR/file"
expect 1 "cannot make the folder $TEST_TMPDIR/file/smoke" "${short[@]}" --results="$TEST_TMPDIR/file"
long=$TEST_TMPDIR/$(printf 'x%.0s' {1..300})
expect 1 "$long" "$table" --results="$long"
[[ $output == *'File name too long'* ]] || fail "no reason: $output"
expect 1 "cannot look up $long" "$draw3" --results="$long"

# What a training would be refused for, its plan is refused for in the same words, and so is what only reads where nothing
# can be read; nothing is made.
ln -s "$TEST_TMPDIR/nowhere" "$TEST_TMPDIR/dangling"
plans=('--dry-run --no-measure' --print-config)
reads=(--list-runs --list-configs --status --unfinished --verify=all)
for case in "file:Not a directory" "file/below:Not a directory" "dangling:is a link to $TEST_TMPDIR/nowhere, which is not there" \
  "/proc/initbias:/proc is the kernel's, in which no folder can be made"; do
  root=${case%%:*}
  [[ $root == /* ]] || root=$TEST_TMPDIR/$root
  for how in '' "${plans[@]}" "${reads[@]}"; do
    # shellcheck disable=SC2086
    expect 1 "cannot make the folder $root" "${short[@]}" --results="$root" $how
    [[ $output == *"${case#*:}"* ]] || fail "no '${case#*:}' of $how: $output"
  done
done
[[ ! -e $TEST_TMPDIR/nowhere ]] || fail 'a plan made a folder'
expect 1 "cannot make the folder $TEST_TMPDIR/file/smoke" "$untrained" --profile=smoke --results="$TEST_TMPDIR/file" --dry-run

# A folder of a profile in place of the one that holds it: told, and where its results are.
mkdir -p "$TEST_TMPDIR/all/smoke/runs"
for root in "$TEST_TMPDIR/all/smoke" "$TEST_TMPDIR/all/smoke/"; do
  for how in '--dry-run --no-measure' --status; do
    # shellcheck disable=SC2086
    expect 0 'note: ' "${short[@]}" --results="$root" $how
    [[ $(tr -s '\n ' '  ' <<<"$output") == *"--results=$TEST_TMPDIR/all --profile=smoke"* ]] || fail "no way out: $output"
  done
  for program in "$draw3" "$table"; do
    expect 1 "--results=$TEST_TMPDIR/all --profile=smoke" "$program" --profile=smoke --results="$root"
  done
done
expect 0 ' new' "${short[@]}" --results="$TEST_TMPDIR/all" --status
[[ $output != *note:* ]] || fail "the folder of all results is taken for a profile's: $output"
[[ -z $(find "$TEST_TMPDIR/all" -type f) ]] || fail "something was made: $(find "$TEST_TMPDIR/all")"

# Without the right to write, or to read. Root may do both whatever the mode says, but not as a user of a name space of its
# own.
locked=$TEST_TMPDIR/locked
mkdir -p "$locked/smoke/runs"
tried=0
as_user=(env)
[[ $(id -u) -ne 0 ]] || as_user=(unshare -U --map-user=54321)
if "${as_user[@]}" true &>/dev/null; then
  chmod a-w "$locked/smoke"
  for how in '' "${plans[@]}"; do
    # shellcheck disable=SC2086
    refused "$locked/smoke" "${as_user[@]}" "${short[@]}" --results="$locked" $how
  done
  expect 0 '2 new' "${as_user[@]}" "${short[@]}" --results="$locked" --status
  chmod u+w "$locked/smoke"
  chmod a-w "$locked/smoke/runs"
  for how in '' "${plans[@]}"; do
    # shellcheck disable=SC2086
    refused "$locked/smoke/runs" "${as_user[@]}" "${short[@]}" --results="$locked" $how
  done
  chmod u+w "$locked/smoke/runs"
  chmod a-w "$locked"
  for how in '' "${plans[@]}" "${reads[@]}"; do
    # shellcheck disable=SC2086
    expect 1 "cannot make the folder $locked/new" "${as_user[@]}" "${short[@]}" --results="$locked/new" $how
    [[ $output == *': Permission denied; '* ]] || fail "no reason of $how: $output"
  done
  chmod u+w "$locked"

  hidden=$TEST_TMPDIR/hidden
  expect 0 'wrote ' "$fig3" "${flags[@]}" --model=emb_mlp --results="$hidden"
  figure_file=$hidden/smoke/fig3.emb_mlp.h5
  run_file=$(find "$hidden/smoke/runs" -name '*.h5' | head -1)
  sum=$(sha256sum <"$run_file")
  chmod 0 "$figure_file"
  expect 1 "$figure_file: Permission denied" "${as_user[@]}" "$draw3" --file="$figure_file" --output="$TEST_TMPDIR/drawn"
  expect 1 "$figure_file: Permission denied" "${as_user[@]}" "$table" --profile=smoke --results="$hidden"
  chmod 644 "$figure_file"
  # A folder that nobody may look into is told once, not of each study and profile in it.
  chmod 0 "$hidden"
  expect 1 "claim_table: cannot look into $hidden: Permission denied" "${as_user[@]}" "$table" --results="$hidden"
  [[ $(wc -l <<<"$output") -eq 1 ]] || fail "more than one line: ${output:0:1000}"
  chmod 755 "$hidden"
  chmod 0 "$run_file"
  expect 1 "$run_file: Permission denied" "${as_user[@]}" "$fig3" "${flags[@]}" --model=emb_mlp --results="$hidden"
  # A checkpoint of a run that is to be trained: what is in it is not known.
  checkpoint=$hidden/smoke/checkpoints/$(basename "$run_file")
  chmod 644 "$run_file"
  mkdir -p "$hidden/smoke/checkpoints"
  mv "$run_file" "$checkpoint"
  chmod 0 "$checkpoint"
  expect 1 "$checkpoint: Permission denied" "${as_user[@]}" "$fig3" "${flags[@]}" --model=emb_mlp --results="$hidden"
  expect 0 '1 unreadable' "${as_user[@]}" "$fig3" "${flags[@]}" --model=emb_mlp --results="$hidden" --status
  [[ $output == *"checkpoint: cannot read $checkpoint: Permission denied"* ]] || fail "no reason: $output"
  expect 1 "$checkpoint: Permission denied" "${as_user[@]}" "$fig3" "${flags[@]}" --model=emb_mlp --results="$hidden" --unfinished
  [[ ! -e $run_file && $(sha256sum <"$checkpoint") == "$sum" ]] || fail 'a checkpoint that cannot be read was not let be'
  [[ -z $(find "$hidden" -name '*.damaged*') ]] || fail "taken for damaged: $(find "$hidden" -name '*.damaged*')"
  tried=1
else
  echo 'left out: a user of our own is not allowed here'
fi
in_own_mounts() {
  unshare -rm bash -c 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && shift && "$@"' _ "$locked" "$@"
}
if in_own_mounts true &>/dev/null; then
  for how in '' "${plans[@]}"; do
    # shellcheck disable=SC2086
    refused "$locked/smoke: Read-only file system" in_own_mounts "${short[@]}" --results="$locked" $how
    # shellcheck disable=SC2086
    expect 1 "cannot make the folder $locked/new/smoke: Read-only file system" in_own_mounts "${short[@]}" --results="$locked/new" $how
  done
  expect 0 '2 new' in_own_mounts "${short[@]}" --results="$locked" --status
  tried=1
else
  echo 'left out: no mounts of our own are allowed here'
fi
[[ $tried -eq 1 ]] || echo 'left out: a folder without the right to write'

# The user's umask, in all that is written; nothing in the folder for temporary files, and nothing left of them.
mkdir "$TEST_TMPDIR/tmp"
(
  umask 027
  export TMPDIR=$TEST_TMPDIR/tmp
  "$fig3" "${flags[@]}" --model=emb_mlp --results="$TEST_TMPDIR/modes" &>"$TEST_TMPDIR/log"
) || fail "fig3 failed: $(cat "$TEST_TMPDIR/log")"
wrong=$(find "$TEST_TMPDIR/modes" -type d ! -perm 750 -o -type f ! -perm 640)
[[ -z $wrong ]] || fail "other modes than the umask says: $(ls -ld $wrong)"
[[ $(find "$TEST_TMPDIR/modes" -type f | wc -l) -ge 8 ]] || fail "few files: $(find "$TEST_TMPDIR/modes")"
[[ -z $(ls -A "$TEST_TMPDIR/tmp") ]] || fail "left in TMPDIR: $(ls -A "$TEST_TMPDIR/tmp")"
[[ -z $(find "$TEST_TMPDIR/modes" -name '*.tmp*') ]] || fail 'temporary files are left'
# /tmp is not needed either: here it cannot be written into, or is full.
if [[ $PWD/ != /tmp/* && $TEST_TMPDIR/ != /tmp/* ]] && unshare -rm mount -t tmpfs -o ro none /tmp &>/dev/null; then
  without_tmp() {
    unshare -rm bash -c 'mount -t tmpfs -o ro none /tmp && "$@"' _ "$@"
  }
  expect 0 'wrote ' without_tmp "$fig3" "${flags[@]}" --model=emb_mlp --results="$TEST_TMPDIR/no_tmp"
  expect 0 'wrote ' without_tmp "$draw3" --file="$TEST_TMPDIR/no_tmp/smoke/fig3.emb_mlp.h5" --output="$TEST_TMPDIR/drawn"
  with_full_tmp() {
    unshare -rm bash -c 'mount -t tmpfs -o size=4k none /tmp && ! head -c 8000 /dev/zero >/tmp/full 2>/dev/null && "$@"' _ "$@"
  }
  expect 0 'wrote ' with_full_tmp "$fig3" "${flags[@]}" --model=emb_mlp --results="$TEST_TMPDIR/full_tmp"
  expect 0 'wrote ' with_full_tmp "$draw3" --file="$TEST_TMPDIR/full_tmp/smoke/fig3.emb_mlp.h5" --output="$TEST_TMPDIR/drawn"
else
  echo 'left out: a /tmp that cannot be written into'
fi

# Two whole programs at once, and which trained what.
alone=$TEST_TMPDIR/alone
both=$TEST_TMPDIR/both
twice=("$run" --model=transformer --gamma=0.3,0.5,0.8 "${flags[@]}" --jobs=2)
"${twice[@]}" --results="$alone" &>"$TEST_TMPDIR/log" || fail "alone it fails: $(cat "$TEST_TMPDIR/log")"
"${twice[@]}" --results="$both" &>"$TEST_TMPDIR/one" &
one=$!
"${twice[@]}" --results="$both" &>"$TEST_TMPDIR/two" &
two=$!
wait "$one" || fail "the first of two failed: $(cat "$TEST_TMPDIR/one")"
wait "$two" || fail "the second of two failed: $(cat "$TEST_TMPDIR/two")"
trained=0
for log in "$TEST_TMPDIR/one" "$TEST_TMPDIR/two"; do
  count=$(sed -n 's/^trained \([0-9]*\) runs\{0,1\}[ ,].*/\1/p' "$log")
  trained=$((trained + ${count:-0}))
done
[[ $trained -eq 3 ]] || fail "together they trained $trained runs, not 3: $(cat "$TEST_TMPDIR/one" "$TEST_TMPDIR/two")"
[[ $(cd "$alone" && find . -type f | sort) == $(cd "$both" && find . -type f | sort) ]] ||
  fail "other files: $(cd "$both" && find . -type f)"
while read -r file; do
  case $file in
    *.h5) same_numbers "$alone/$file" "$both/$file" || fail "$file differs: $difference" ;;
    *.lock | */.index) ;;  # which names the files by their times
    *) cmp "$alone/$file" "$both/$file" || fail "$file differs" ;;
  esac
done < <(cd "$alone" && find . -type f)

# Two at once that compute otherwise: whatever the order in which runs are done, no figure mixes them.
mixed=$TEST_TMPDIR/mixed
twice=("$run" --model=emb_mlp --gamma=0.3,0.5,0.8 "${flags[@]}" --jobs=1 --no-draw --set=train.epochs=20)
"${twice[@]}" --numerics=native --results="$mixed" &>"$TEST_TMPDIR/one" &
one=$!
"${twice[@]}" --numerics=pinned --results="$mixed" &>"$TEST_TMPDIR/two" &
two=$!
wait "$one"
status=$?
wait "$two"
status+=" $?"
figures=$(find "$mixed/smoke" -maxdepth 1 -name '*.h5' | wc -l)
case "$status $figures" in
  '0 1 1') cat "$TEST_TMPDIR/two" ;;
  '1 0 1') cat "$TEST_TMPDIR/one" ;;
  '1 1 0') cat "$TEST_TMPDIR/one" ;;
  *) fail "statuses $status, $figures figures: $(cat "$TEST_TMPDIR/one" "$TEST_TMPDIR/two")" ;;
esac >"$TEST_TMPDIR/refusal"
grep -qE 'not to mix them|was made on .* not with --device=' "$TEST_TMPDIR/refusal" ||
  fail "the other mode is not told: $(cat "$TEST_TMPDIR/refusal")"
[[ $failures -eq 0 ]]
