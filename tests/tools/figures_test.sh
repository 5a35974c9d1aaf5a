#!/bin/bash
# figures.sh with a Bazel that only writes down what it was asked for: which flags go to which program, what is drawn of
# runs that are not the profile's own, and that a failure or a dry run is told from success.
set -uo pipefail

work=$TEST_TMPDIR/work
mkdir -p "$work/tools" "$work/experiments" "$work/extensions" "$work/lib/run" "$TEST_TMPDIR/bin"
cp tools/common.sh tools/figures.sh "$work/tools"
cp lib/run/flags.cc "$work/lib/run"
touch "$work/experiments/"{fig3,fig4}.cc
printf 'STUDIES = [\n    "fig3",\n    "fig4",\n]\n' >"$work/experiments/studies.bzl"

# Stands for Bazel. An experiment writes the figure file of its runs, or nothing; fig4 fails where FAIL says so. Each file
# is a second younger than the one before: figures.sh draws the youngest.
cat >"$TEST_TMPDIR/bin/bazel" <<'END'
#!/bin/bash
echo "$*" >>"$LOG"
echo "CUDA=${INITBIAS_CUDA:-}" >>"$LOG"
{ printf '%s|' "$@"; echo; } >>"$LOG_WORDS"
case $1 in
  build) exit ;;
esac
folder=results/smoke
mkdir -p "$folder"
[[ $* != *${FAIL:-nothing}* ]] || exit 1
if [[ -n ${REFUSE:-} && $* =~ //experiments:(fig[34]) ]]; then
  "$PWD/bazel-bin/experiments/${BASH_REMATCH[1]}" "$@" >/dev/null || exit
fi
case "$*" in
  *//experiments:*--dry-run*) ;;
  *//experiments:fig[34]*)
    words="$*"
    [[ $words != *--ahead=* ]] || cp "${words##*--ahead=}" "$LOG.ahead"
    name=$(sed 's|.*//experiments:\(fig[34]\).*|\1|' <<<"$*")
    [[ $* != *--set* && $* != *--seeds=1* ]] || name+=.custom
    [[ $* != *--unfinished* ]] || name=${name%.custom}.unfinished
    echo >>"$CLOCK"
    touch -d "@$(wc -l <"$CLOCK")" "$folder/$name.h5"
    ;;
esac
END
chmod +x "$TEST_TMPDIR/bin/bazel"
ln -s bazel "$TEST_TMPDIR/bin/bazelisk"
export PATH=$TEST_TMPDIR/bin:$PATH LOG=$TEST_TMPDIR/log LOG_WORDS=$TEST_TMPDIR/words CLOCK=$TEST_TMPDIR/clock PROFILE=smoke
unset RESULTS JOBS SEEDS DEVICE ARGS

failures=0
# expect STATUS LINE...: figures.sh, called by `$command`, ends with STATUS and runs exactly the programs of LINES.
expect() {
  local status=$1 code ran
  shift
  : >"$LOG"
  "${command[@]}" >"$TEST_TMPDIR/output" 2>&1
  code=$?
  ran=$(sed -n 's/^run .* \(\/\/.*\)/\1/p' "$LOG")
  if [[ $code -ne $status || $ran != "$(printf '%s\n' "$@")" ]]; then
    printf 'expected status %s and:\n%s\n' "$status" "$(printf '  %s\n' "$@")" >&2
    echo "from ${command[*]}; got status $code and:" >&2
    sed 's/^/  /' <<<"$ran" >&2
    cat "$TEST_TMPDIR/output" >&2
    failures=$((failures + 1))
  fi
}

figures=$work/tools/figures.sh
command=("$figures" fig3)
expect 0 '//experiments:fig3 -- --profile=smoke'
command=(env "ARGS=--set a=b" "$figures" fig3)
expect 0 '//experiments:fig3 -- --profile=smoke --set a=b'
# Quotes in ARGS group letters, as in a shell; nothing else happens to them.
command=(env "ARGS=--set 'text.tinystories=my  stories.txt' --set=task.masked='[1,2]' --set a=\$HOME* --set \"b=it's\" c\\ d" "$figures" fig3)
expect 0 "//experiments:fig3 -- --profile=smoke --set text.tinystories=my  stories.txt --set=task.masked=[1,2] --set a=\$HOME* --set b=it's c d"
words=$(tail -1 "$LOG_WORDS")
[[ $words == *'|--set|text.tinystories=my  stories.txt|--set=task.masked=[1,2]|--set|a=$HOME*|--set|b=it'"'"'s|c d|' ]] ||
  { echo "the words of ARGS are $words" >&2; failures=$((failures + 1)); }
# What may be the value of an option is left to the program.
command=(env 'ARGS=--slurm-args --account=x --dry-run' "$figures" fig3)
expect 0 '//experiments:fig3 -- --profile=smoke --slurm-args --account=x --dry-run'
command=(env "ARGS=--set 'a=b" "$figures" fig3)
expect 2
grep -q 'a quote is not closed' "$TEST_TMPDIR/output" || { echo 'the open quote is not told' >&2; failures=$((failures + 1)); }
command=(env HOME=/home/user 'RESULTS=~/out' "$figures" fig3)
expect 0 '//experiments:fig3 -- --profile=smoke --results=/home/user/out'
command=(env SEEDS=1..3 "$figures" fig3)
expect 0 '//experiments:fig3 -- --profile=smoke --seeds=1..3'
command=(env SEEDS=5 "ARGS=--checkpoint-seconds=5" "$figures" fig3)
expect 0 '//experiments:fig3 -- --profile=smoke --seeds=5 --checkpoint-seconds=5'
# What trains nothing draws nothing.
for flag in --dry-run --print-config --print-claims --list-runs --status '--verify sample' --executor=slurm '--executor slurm'; do
  command=(env "ARGS=$flag" "$figures")
  expect 0 "//experiments:fig3 -- --profile=smoke $flag" "//experiments:fig4 -- --profile=smoke $flag"
  ! grep -q '^Results are in' "$TEST_TMPDIR/output" || { echo "$flag: it says where the pictures are" >&2; failures=$((failures + 1)); }
done
# All figures, with the table of their claims; not of runs that are not judged.
command=("$figures")
expect 0 '//experiments:fig3 -- --profile=smoke' \
  '//experiments:fig4 -- --profile=smoke' '//figures:claim_table -- --profile=smoke'
command=("$figures" fig4 fig3)
expect 0 '//experiments:fig4 -- --profile=smoke' '//experiments:fig3 -- --profile=smoke' \
  '//figures:claim_table -- --profile=smoke --studies=fig4,fig3'
command=(env SEEDS=1 "$figures")
expect 0 '//experiments:fig3 -- --profile=smoke --seeds=1' \
  '//experiments:fig4 -- --profile=smoke --seeds=1'
# Runs on their way are drawn of their own file; their claims are no claims yet.
command=(env ARGS=--unfinished "$figures")
expect 0 '//experiments:fig3 -- --profile=smoke --unfinished' \
  '//experiments:fig4 -- --profile=smoke --unfinished'
# Of the profiles that are compared the table has all.
for profile in default extended paper; do
  command=(env PROFILE=$profile RESULTS=elsewhere "$figures")
  shared="--profile=$profile --results=elsewhere"
  expect 0 "//experiments:fig3 -- $shared" "//experiments:fig4 -- $shared" \
    '//figures:claim_table -- --results=elsewhere'
done
# A failure stops neither the others nor the table, and is told at the end.
command=(env FAIL=//experiments:fig3 "$figures")
expect 1 '//experiments:fig3 -- --profile=smoke' '//experiments:fig4 -- --profile=smoke' \
  '//figures:claim_table -- --profile=smoke'
grep -q '^failed: fig3$' "$TEST_TMPDIR/output" || { echo 'the figure that failed is not named' >&2; failures=$((failures + 1)); }
command=(env FAIL=claim_table "$figures")
expect 1 '//experiments:fig3 -- --profile=smoke' \
  '//experiments:fig4 -- --profile=smoke' '//figures:claim_table -- --profile=smoke'
command=("$figures" fig99)
expect 1
# A wrong setting is told before anything is built or trained.
for setting in PROFILE=small FROM=refrence RESULTS="$figures" SEEDS=abc JOBS=0 DEVICE=gpu ALL=yes ARGS=--dry-rnu \
  'ARGS=--set a=b --dry-rnu' 'ARGS=--dry-run --no-mesure'; do
  command=(env "$setting" "$figures")
  expect 2
  [[ ! -s $LOG ]] || { echo "$setting: Bazel was asked for: $(cat "$LOG")" >&2; failures=$((failures + 1)); }
  grep -q "^${setting%%=*}=" "$TEST_TMPDIR/output" || { echo "$setting: $(cat "$TEST_TMPDIR/output")" >&2; failures=$((failures + 1)); }
done

# Before training it forecasts, and at the end it says which share of the time the matrix products alone would take: both
# of what is not stored, each run once.
mkdir -p "$work/bazel-bin/experiments" "$work/bazel-bin/tests/bench"
cat >"$work/bazel-bin/experiments/fig3" <<'END'
#!/bin/bash
case "$*" in
  *--list-runs*) printf '%s\n' 'aa 100000 to-train emb_mlp' 'bb 40000 to-train transformer' 'cc 7 stored emb_mlp' ;;
  *--measure-speed*) echo 10; echo 'note: other work' >&2 ;;
esac
END
printf '#!/bin/bash\necho "$*" >>"$LOG"\necho 0.5\n' >"$work/bazel-bin/tests/bench/product_rate"
sed "s/'cc 7/'dd 20000 to-train transformer' 'cc 7/" "$work/bazel-bin/experiments/fig3" >"$work/bazel-bin/experiments/fig4"
chmod +x "$work"/bazel-bin/experiments/* "$work/bazel-bin/tests/bench/product_rate"
says() { grep -q "$1" "$TEST_TMPDIR/output" || { echo "no '$1' in:" >&2; cat "$TEST_TMPDIR/output" >&2; failures=$((failures + 1)); }; }
# Not where others train, or nobody does.
for flags in --executor=slurm --executor=none --status; do
  command=(env PROFILE=default "ARGS=$flags" "$figures" fig3)
  expect 0 "//experiments:fig3 -- --profile=default $flags"
  ! grep -q 'this machine\|^Time:' "$TEST_TMPDIR/output" || { echo "$flags: $(cat "$TEST_TMPDIR/output")" >&2; failures=$((failures + 1)); }
done
command=(env PROFILE=default 'ARGS=--executor=slurm --executor=local' "$figures" fig3)
expect 0 '//experiments:fig3 -- --profile=default --executor=slurm --executor=local'
says '^To train: 2 runs'
if [[ ! -e /dev/nvidia0 ]]; then
  command=(env PROFILE=default JOBS=3 "$figures")
  expect 0 '//experiments:fig3 -- --profile=default --jobs=3' '//experiments:fig4 -- --profile=default --jobs=3' \
    '//figures:claim_table --'
  each=$(. tools/common.sh && JOBS=3 speed_text 10)
  says "^To train: 3 runs, 160000 GFLOP; $each: about 5 h 20 min"
  says '^note: other work$'
  # By then those of fig3 are done, and one is left that fig4 alone has.
  says '^fig3: 1 of 2, about 5 h 20 min left in all$'
  says '^fig4: 2 of 2, about 0 h 40 min left in all$'
  says '^Time: [0-9]* s, of which the matrix products alone would take 0 s: 0\.[0-9]* of it'
  # What a study's last runs leave idle begins with the runs of those behind it, and the last has none behind it.
  : >"$LOG"
  sed -i '1a case "$*" in *--list-configs*) printf "config of %s\\n\\n" "${0##*/}" ;; esac' "$work"/bazel-bin/experiments/fig[34]
  "${command[@]}" >"$TEST_TMPDIR/output" 2>&1
  [[ $(grep -c -- '--ahead=' "$LOG") -eq 1 ]] && grep -q '^run .*//experiments:fig3 .*--ahead=' "$LOG" ||
    { echo 'fig3 alone is to begin with the runs of fig4:' >&2; cat "$LOG" >&2; failures=$((failures + 1)); }
  [[ $(cat "$LOG.ahead") == 'config of fig4' ]] || { echo "begun ahead: $(cat "$LOG.ahead")" >&2; failures=$((failures + 1)); }
  grep -Eqx '3 (emb_mlp 100000 transformer 60000|transformer 60000 emb_mlp 100000) ?' "$LOG" || { echo 'wrong products' >&2; failures=$((failures + 1)); }
fi

# What every study refuses in the same words is said once; what one refuses may suit another.
cat >"$work/bazel-bin/experiments/fig3" <<'END'
#!/bin/bash
[[ $(basename "$0") != "${SUITS:-none}" ]] || exit 0
echo "$(basename "$0"): refused${OWN_WORDS:+ by ${0: -1}}" >&2
exit 2
END
cp "$work/bazel-bin/experiments/fig3" "$work/bazel-bin/experiments/fig4"
for flags in '' '--dry-run --no-measure'; do
  command=(env REFUSE=1 "ARGS=$flags" "$figures")
  expect 2 "//experiments:fig3 -- --profile=smoke${flags:+ $flags}"
  says '^The other study refuses it'
  [[ $(grep -c ': refused' "$TEST_TMPDIR/output") -eq 1 ]] || { echo "told more than once: $(cat "$TEST_TMPDIR/output")" >&2; failures=$((failures + 1)); }
done
command=(env REFUSE=1 OWN_WORDS=1 "$figures")
expect 1 '//experiments:fig3 -- --profile=smoke' '//experiments:fig4 -- --profile=smoke'
says '^failed: fig3 fig4$'
command=(env REFUSE=1 SUITS=fig4 "$figures")
expect 1 '//experiments:fig3 -- --profile=smoke' '//experiments:fig4 -- --profile=smoke' '//figures:claim_table -- --profile=smoke'
says '^failed: fig3$'
command=(env REFUSE=1 PROFILE=default "$figures" fig3)
expect 1 '//experiments:fig3 -- --profile=default'
! grep -q '^Nothing to train' "$TEST_TMPDIR/output" || { echo 'of what is refused it says that all is trained' >&2; failures=$((failures + 1)); }

# What a GPU needs is fetched where there is one, or where it is said expressly; and not for a dry run.
printf '#!/bin/bash\nexit 9\n' >"$TEST_TMPDIR/bin/nvidia-smi"
chmod +x "$TEST_TMPDIR/bin/nvidia-smi"
export system_root=$TEST_TMPDIR/system XDG_CACHE_HOME=$TEST_TMPDIR/cache DEVICE=cuda
unset INITBIAS_CUDA INITBIAS_WHEELS LIBTORCH
mkdir -p "$system_root/proc" "$system_root/dev" "$work/third_party/libtorch" "$XDG_CACHE_HOME/initbias/wheels"
echo 'MemTotal: 33000000 kB' >"$system_root/proc/meminfo"
echo 'a-b==1 --hash=sha256:0' >"$work/third_party/libtorch/wheels_$(uname -m).txt"
echo 'c==2 --hash=sha256:0' >"$work/third_party/libtorch/wheels_cuda_$(uname -m).txt"
# fetches YES_OR_NO ARGS [FLAGS]: whether DEVICE=cuda has the CUDA half fetched for fig3, which is given these flags.
fetches() {
  local asked=no
  command=(env "ARGS=$2" "$figures" fig3)
  expect 0 "//experiments:fig3 -- --profile=smoke --device=cuda${3:+ $3}"
  ! grep -q '^CUDA=1$' "$LOG" || asked=yes
  [[ $asked == "$1" ]] || { echo "ARGS=$2: whether the CUDA half is fetched: $asked" >&2; failures=$((failures + 1)); }
}
command=("$figures" fig3)
expect 2
[[ ! -s $LOG ]] || { echo 'without a GPU Bazel was asked for something' >&2; failures=$((failures + 1)); }
says '^DEVICE=cuda: there is no NVIDIA GPU here'
says 'Leave DEVICE out'
for flags in --dry-run '--dry-run --no-measure'; do
  command=(env "ARGS=$flags" "$figures" fig3)
  expect 2
  says '^DEVICE=cuda: there is no NVIDIA GPU here'
done
fetches no --print-config --print-config
fetches no --executor=none --executor=none
fetches no '--executor=slurm --dry-run' '--executor=slurm --dry-run'
fetches yes --executor=slurm --executor=slurm
export INITBIAS_CUDA=1
fetches yes ''
unset INITBIAS_CUDA
touch "$system_root/dev/nvidia0"
fetches yes ''
# What is not fetched for a plan is not asked for by it either.
for flags in --dry-run '--dry-run --no-measure'; do
  command=(env "ARGS=$flags" "$figures" fig3)
  expect 0 '//experiments:fig3 -- --profile=smoke --dry-run --no-measure'
  ! grep -q '^CUDA=1$' "$LOG" || { echo "the CUDA half is fetched for $flags" >&2; failures=$((failures + 1)); }
done
command=(env ARGS=--dry-run "$figures" fig3)
expect 0 '//experiments:fig3 -- --profile=smoke --dry-run --no-measure'
says 'listed without time and memory'
touch "$XDG_CACHE_HOME/initbias/wheels/"{a_b-1-x,c-2-y}.whl
fetches yes --dry-run --dry-run
unset DEVICE

# A results folder that is another's is told once, before the build. Root may do all, but not as a user of a name space of its own.
as_user=(env)
[[ $(id -u) -ne 0 ]] || as_user=(unshare -U --map-user=54321)
if "${as_user[@]}" true &>/dev/null; then
  mkdir -p "$TEST_TMPDIR/theirs/smoke"
  told_once() {
    [[ ! -s $LOG ]] || { echo "it was begun: $(cat "$LOG")" >&2; failures=$((failures + 1)); }
    says "$1"
    [[ $(wc -l <"$TEST_TMPDIR/output") -eq 1 ]] || { echo "told more than once: $(cat "$TEST_TMPDIR/output")" >&2; failures=$((failures + 1)); }
  }
  command=("${as_user[@]}" env "RESULTS=$TEST_TMPDIR/theirs" "$figures")
  chmod 0 "$TEST_TMPDIR/theirs"
  expect 2
  told_once "^RESULTS=$TEST_TMPDIR/theirs: this user may not look into the folder"
  chmod 755 "$TEST_TMPDIR/theirs"
  chmod a-w "$TEST_TMPDIR/theirs/smoke"
  expect 1
  told_once "^cannot write into the folder $TEST_TMPDIR/theirs/smoke"
  chmod u+w "$TEST_TMPDIR/theirs/smoke"
else
  echo 'left out: a user of our own is not allowed here'
fi
[[ $failures -eq 0 ]]
