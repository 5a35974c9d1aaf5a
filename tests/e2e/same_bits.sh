#!/bin/bash
# same_bits.sh FIG3 FIG1 DRAW3 DRAW1: of Emb-MLP and Transformer (fig3) and GPT-2 (fig1) the run files, figure files (both
# outside /provenance), SVG, PDF, PNG and CSV are the same bytes whatever the number of workers, the order in which runs are
# trained, the kernels, and the user's folder, name, home, time zone, locale and umask.
set -uo pipefail
source tests/e2e/common.sh

fig3=$1
fig1=$2
draw3=$3
draw1=$4

short=(--set train.epochs=1)
log=$TEST_TMPDIR/log

# make FOLDER COMMAND...: both figures in the folder; COMMAND, given the program and its flags, starts it.
make() {
  local folder=$1
  shift
  "$@" "$fig3" --profile=smoke --device=cpu --results="$folder" "${short[@]}" "${flags[@]}" &>"$log" &&
    "$@" "$fig1" --profile=smoke --device=cpu --results="$folder" "${short[@]}" "${flags[@]}" &>>"$log" &&
    "$@" "$draw3" --file="$(ls "$folder"/smoke/fig3*.h5)" --panel=B --output="$folder/part" &>>"$log" &&
    "$@" "$draw1" --file="$(ls "$folder"/smoke/fig1*.h5)" --output="$folder/again" &>>"$log" ||
    fail "$* failed: $(cat "$log")"
}

# compare WHAT FOLDER: everything in it with the first one's.
compare() {
  same_results "$first" "$2" || fail "$1: $difference"
  [[ $compared -gt 15 ]] || fail "$1: only $compared files"
}

first=$TEST_TMPDIR/first
flags=(--jobs=1)
make "$first" env
[[ $failures -eq 0 ]] || exit 1

# variant WHAT COMMAND...: the same once more, started by COMMAND, with `flags`. Two at a time, for a run takes one core: whether it
# failed is in a file.
outcomes=$TEST_TMPDIR/outcomes
mkdir "$outcomes"
variant() {
  while [[ $(jobs -pr | wc -l) -ge 2 ]]; do
    wait -n
  done
  (
    what=$1
    shift
    failures=0
    folder="$TEST_TMPDIR/again/$what"
    log="$TEST_TMPDIR/log.$BASHPID"
    make "$folder" "$@"
    compare "$what" "$folder"
    rm -rf "$folder"
    echo "$failures" >"$outcomes/$what"
  ) &
  asked+=("$1")
}

flags=(--jobs=1)
variant 'a repeat' env
flags=(--jobs=1 --checkpoint-seconds=0.01)
variant 'a checkpoint every moment' env
flags=(--jobs=1)
variant 'a user named otherwise' env USER=somebody LOGNAME=somebody HOME="$TEST_TMPDIR/again"
variant 'no user, no home' env -u USER -u LOGNAME -u HOME
variant "another program's files, no TMPDIR, a home that takes nothing" \
  env RUNFILES_DIR=/nowhere RUNFILES_MANIFEST_FILE=/nowhere TMPDIR=/nowhere HOME=/proc
if unshare -U --map-user=54321 true &>/dev/null; then
  variant 'a user that the system does not know' unshare -U --map-user=54321
else
  echo 'left out: a user that the system does not know'
fi
variant 'a folder with blanks and ümläuts' env TZ=Asia/Kathmandu
variant 'a terminal' env TERM=xterm COLUMNS=40 NO_COLOR=1
with_umask() {
  (umask 0077 && "$@")
}
variant 'another umask' with_umask
# A decimal comma, and a Turkish i: compiled here, where the system has what they are made of.
mkdir "$TEST_TMPDIR/locales"
for name in de_DE tr_TR; do
  if localedef -i "$name" -f UTF-8 "$TEST_TMPDIR/locales/$name.UTF-8" &>/dev/null; then
    variant "$name" env LOCPATH="$TEST_TMPDIR/locales" LC_ALL="$name.UTF-8" LANGUAGE="${name%_*}"
  else
    echo "left out: the locale $name cannot be made here"
  fi
done
variant 'a locale that there is not' env LC_ALL=xx_XX LANG=xx_XX

# Each form of the kernels that this processor can do. The plain one takes fifty times as long.
for kernels in generic avx2 avx512 neon; do
  if ! INITBIAS_KERNELS=$kernels "$fig3" --profile=smoke --device=cpu --model=emb_mlp "${short[@]}" --no-draw \
    --results="$TEST_TMPDIR/try" &>/dev/null; then
    continue
  fi
  rm -rf "$TEST_TMPDIR/try"
  variant "$kernels kernels" env INITBIAS_KERNELS=$kernels
  tried+=" $kernels"
done
[[ ${tried:-} == *generic* ]] || fail 'the generic kernels could not be tried'
wait

# These have both cores for themselves.
flags=(--jobs=2)
variant 'two workers' env
wait
flags=(--jobs=4)
variant 'four workers' env
wait
for what in "${asked[@]}"; do
  [[ $(cat "$outcomes/$what") == 0 ]] || fail "$what: see above"
done

# In another order: one seed at a time, the last first; and in one call by --runs, where runs that cost the same are trained in the
# order of their ids there, the last of the plan first. Then all of them, of which none is left to train, with the pictures.
first=$TEST_TMPDIR/one
two=$TEST_TMPDIR/two
three=$TEST_TMPDIR/three
for program in "$fig3" "$fig1"; do
  seeds=("$program" --profile=smoke --device=cpu "${short[@]}")
  "${seeds[@]}" --results="$first" --seeds=1..3 &>/dev/null || fail 'three seeds failed'
  for seed in 3 2 1; do
    "${seeds[@]}" --results="$two" --seeds=$seed..$seed --no-draw &>/dev/null || fail "seed $seed failed"
  done
  mapfile -t ids < <("${seeds[@]}" --results="$three" --seeds=1..3 --list-runs | cut -d ' ' -f 1)
  mapfile -t reversed < <(printf '%s\n' "${ids[@]}" | tac)
  [[ ${#ids[@]} -ge 3 && ${ids[0]} != "${reversed[0]}" ]] || fail "no order in ${ids[*]}"
  backwards=("${seeds[@]}" --results="$three" --seeds=1..3 --runs="$(IFS=,; echo "${reversed[*]}")" --jobs=1)
  [[ $("${backwards[@]}" --list-runs | cut -d ' ' -f 1) == "$(printf '%s\n' "${reversed[@]}")" ]] || fail '--runs has an order of its own'
  "${backwards[@]}" &>/dev/null || fail 'the runs backwards failed'
  for folder in "$two" "$three"; do
    "${seeds[@]}" --results="$folder" --seeds=1..3 >"$TEST_TMPDIR/log" || fail 'the whole failed'
    grep -q 'runs *\([0-9]*\), of which \1 stored' "$TEST_TMPDIR/log" || fail "something was left to train: $(cat "$TEST_TMPDIR/log")"
  done
done
compare 'another order' "$two"
compare 'the runs backwards' "$three"
[[ $failures -eq 0 ]]
