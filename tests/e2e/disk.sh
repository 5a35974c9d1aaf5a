#!/bin/bash
# disk.sh EXPERIMENT: a disk that is full when a training begins, or gets full in its middle, or takes no file beyond a size,
# and a results folder that vanishes, end a training in a sentence that names the file, the reason and how to go on; the
# checkpoint before stays as it was, and once there is room all goes on to the same bits.
set -uo pipefail
source tests/e2e/common.sh

experiment=$1
name=$(basename "$experiment")

flags=(--profile=smoke --device=cpu --model=emb_mlp --jobs=2 --no-draw)
command=("$experiment" "${flags[@]}" --set train.epochs=20 --checkpoint-seconds=0.1)
# Runs of some seconds: meanwhile a disk gets full.
slow=("$experiment" "${flags[@]}" --set train.epochs=80 --checkpoint-seconds=0.02)
log=$TEST_TMPDIR/log

no_crash() {
  ! grep -Eq 'terminate called|Segmentation|Aborted' "$log" || fail "a crash: $(cat "$log")"
}
said() {
  grep -qF -- "$1" "$log" || fail "not said: '$1' but $(cat "$log")"
}
# same_as WHOLE FOLDER: the run and figure files of both are the same.
same_as() {
  local file
  for file in "$1"/smoke/runs/*.h5 "$1/smoke/$name".*.h5; do
    same_numbers "$file" "$2/${file#"$1/"}" || fail "$file differs: $difference"
  done
}

# await_checkpoints FOLDER COUNT: until there are so many of them, for at most a minute.
await_checkpoints() {
  local i
  for ((i = 0; i < 1200; ++i)); do
    [[ $(find "$1/smoke/checkpoints" -name "*.h5" 2>/dev/null | wc -l) -lt $2 ]] || return 0
    sleep 0.05
  done
  fail "no $2 checkpoints: $(cat "$log")"
}
# vanished FOLDER: the training $parent ends because FOLDER, or what is in it, is not there any more.
vanished() {
  wait "$parent"
  local status=$?
  [[ $status -eq 1 ]] || fail "status $status where the results vanished: $(cat "$log")"
  no_crash
  grep -Eq "$name: (the folder $1(/[a-z]+)? is gone|$1(/[a-z]+)? is not the folder any more that it was)" "$log" ||
    fail "it does not say that $1 is gone: $(cat "$log")"
  said 'the same command trains anew what is not stored:'
  said "--results=${1%/smoke}"
}

# A disk of our own, a small one in memory, in name spaces of our own.
if [[ ${INITBIAS_OWN_MOUNTS:-} == yes ]]; then
  mount -t tmpfs -o size=8m none "$TEST_TMPDIR/disk" || exit 1
  full=$TEST_TMPDIR/disk/results
  # Full from the beginning, but for what the folders take.
  dd if=/dev/zero of="$TEST_TMPDIR/disk/fill" bs=4k &>/dev/null
  "${slow[@]}" --results="$full" &>"$log"
  [[ $? -eq 1 ]] || fail "no status 1 of a full disk: $(cat "$log")"
  said 'No space left on device'
  said "$full"
  no_crash
  rm "$TEST_TMPDIR/disk/fill"
  "${slow[@]}" --results="$full" &>"$log" || fail "it does not go on once there is room: $(cat "$log")"
  same_as "$TEST_TMPDIR/slow" "$full"

  # Full when all is trained: of figure file and picture alone the same command makes what is missing.
  stored=$(cd "$full/smoke/runs" && ls -i ./*.h5)
  rm "$full/smoke/$name".*.h5
  dd if=/dev/zero of="$TEST_TMPDIR/disk/fill" bs=4k &>/dev/null
  "${slow[@]}" --results="$full" &>"$log"
  [[ $? -eq 1 ]] || fail "no status 1 where the figure file has no room: $(cat "$log")"
  no_crash
  grep -Eq "cannot write $full/smoke/$name\.[a-z_.]+h5: No space left on device" "$log" ||
    fail "not the figure file's name: $(cat "$log")"
  ! grep -qF '.tmp' "$log" || fail "the name of a temporary file: $(cat "$log")"
  grep -Eq 'The figure needs about [0-9.]+ [kM]B\. Make room and give the same command again;' "$log" ||
    fail "it does not say what is needed: $(cat "$log")"
  said 'nothing is trained again:'
  said "--results=$full"
  [[ -z $(find "$full" -name '*.tmp') ]] || fail "half files are left: $(find "$full")"
  rm "$TEST_TMPDIR/disk/fill"
  "${slow[@]}" --results="$full" &>"$log" || fail "it does not go on: $(cat "$log")"
  [[ $(cd "$full/smoke/runs" && ls -i ./*.h5) == "$stored" ]] || fail 'something was trained again'
  same_as "$TEST_TMPDIR/slow" "$full"
  rm -r "$full"

  # Full in the middle: from some checkpoint on no other one can be written, and no run file.
  "${slow[@]}" --results="$full" &>"$log" &
  parent=$!
  await_checkpoints "$full" 2
  # Whatever a worker leaves free for a moment is taken too, until both have met the full disk.
  for ((i = 0; i < 1200; ++i)); do
    dd if=/dev/zero of="$TEST_TMPDIR/disk/fill.$i" bs=4k &>/dev/null
    [[ $(sed -n 's/: .*training goes on.*//p' "$log" | sort -u | wc -l) -lt 2 ]] || break
    sleep 0.02
  done
  dd if=/dev/zero of="$TEST_TMPDIR/disk/fill" bs=4k &>/dev/null
  sleep 0.3  # for one that was whole, and had not its name yet
  before=$(sha256sum "$full"/smoke/checkpoints/*.h5)
  [[ $(wc -l <<<"$before") -eq 2 ]] || fail "no two checkpoints: $before"
  wait "$parent"
  [[ $? -eq 1 ]] || fail "no status 1 of a disk that got full: $(cat "$log")"
  no_crash
  said 'training goes on, the last checkpoint is that of step'
  said "cannot write $full/smoke/runs/"
  said 'No space left on device; make room'
  said "the disk of $full is full: the runs that failed for it need about "
  said 'Make room and give the same command again; it goes on from what is stored:'
  said "--results=$full"
  [[ $(sha256sum "$full"/smoke/checkpoints/*.h5) == "$before" ]] || fail 'a checkpoint is another one'
  [[ -z $(find "$full" -name '*.tmp' -o -path '*/runs/*.h5') ]] || fail "half files are left: $(find "$full")"
  rm "$TEST_TMPDIR"/disk/fill*
  "${slow[@]}" --results="$full" &>"$log" || fail "it does not go on: $(cat "$log")"
  same_as "$TEST_TMPDIR/slow" "$full"
  for file in "$full"/smoke/runs/*.h5; do
    h5dump -a /provenance/resumed "$file" | grep -q '(0): 1' || fail "$file was not gone on with"
  done

  # The disk is not mounted any more: nothing is written into the folder below it.
  rm -r "$full"
  "${slow[@]}" --results="$full" &>"$log" &
  parent=$!
  await_checkpoints "$full" 1
  umount -l "$TEST_TMPDIR/disk"
  vanished "$full/smoke"
  [[ -z $(ls -A "$TEST_TMPDIR/disk") ]] || fail "something is below the mount point: $(find "$TEST_TMPDIR/disk")"
  [[ $failures -eq 0 ]]
  exit
fi
if unshare -rm mount -t tmpfs none /mnt &>/dev/null; then
  mkdir "$TEST_TMPDIR/disk"
  if "${slow[@]}" --results="$TEST_TMPDIR/slow" &>"$log"; then
    INITBIAS_OWN_MOUNTS=yes unshare -rm bash "$0" "$@" || fail 'a full disk, see above'
  else
    fail "left alone it fails: $(cat "$log")"
  fi
else
  echo 'left out: no mounts of our own are allowed here, and so no full disk'
fi

# A file of more than 64 KiB cannot be written: no checkpoint, no run file. Standard output is a pipe, which has no such limit.
whole=$TEST_TMPDIR/whole
limited=$TEST_TMPDIR/limited
"${command[@]}" --results="$whole" &>"$log" || fail "left alone it fails: $(cat "$log")"
(
  ulimit -f 64
  "${command[@]}" --results="$limited" 2>&1
) | cat >"$log"
status=${PIPESTATUS[0]}
[[ $status -eq 1 ]] || fail "status $status where files may not be long"
said 'File too large'
said "$limited/smoke/"
no_crash
[[ -z $(find "$limited" -name '*.h5' 2>/dev/null) ]] || fail "something was stored: $(find "$limited" -name '*.h5')"

"${command[@]}" --results="$limited" &>"$log" || fail "it does not go on: $(cat "$log")"
same_as "$whole" "$limited"

# A log on a full disk: its words are lost, the work is not.
"${command[@]}" --results="$TEST_TMPDIR/full log" >/dev/null 2>/dev/full || fail "it ends for its log's sake: status $?"
same_as "$whole" "$TEST_TMPDIR/full log"

# The folder is taken away while it trains: an error that names it, at once, and nothing is made in its place.
gone=$TEST_TMPDIR/gone
away=$TEST_TMPDIR/away
while read -r what how; do
  rm -rf "$gone" "$away"
  "${slow[@]}" --results="$gone" &>"$log" &
  parent=$!
  await_checkpoints "$gone" 1
  eval "$how"
  vanished "$gone/smoke"
  [[ $what != part ]] || continue
  case $what in
    file) [[ -f $gone && ! -s $gone ]] || fail "the file is another one: $(ls -l "$gone")" ;;
    other) [[ -z $(find "$gone" -type f) ]] || fail "something was written into another folder: $(find "$gone")" ;;
    *) [[ ! -e $gone ]] || fail "'$how': it was made anew: $(find "$gone")" ;;
  esac
done <<'END'
removed until rm -rf "$gone" 2>/dev/null; do :; done  # a checkpoint may be on its way meanwhile
renamed mv "$gone" "$away"
file mv "$gone" "$away"; touch "$gone"
other mv "$gone" "$away"; mkdir -p "$gone"/smoke/{runs,checkpoints}
part mv "$gone/smoke/runs" "$away"
END
# With what is left of it, or with nothing, the same command goes on.
"${command[@]}" --results="$gone" &>"$log" || fail "it does not begin anew: $(cat "$log")"
same_as "$whole" "$gone"
[[ $failures -eq 0 ]]
