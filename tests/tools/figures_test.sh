#!/bin/bash
# figures.sh with a Bazel that only writes down what it was asked for: which flags go to which program, what is drawn of
# runs that are not the profile's own, and that a failure or a dry run is told from success.
set -uo pipefail

work=$TEST_TMPDIR/work
mkdir -p "$work/tools" "$work/experiments" "$TEST_TMPDIR/bin"
cp tools/common.sh tools/figures.sh "$work/tools"
touch "$work/experiments/"{fig3,fig4}.cc
printf 'STUDIES = [\n    "fig3",\n    "fig4",\n]\n' >"$work/experiments/studies.bzl"

# Stands for Bazel. An experiment writes the figure file of its runs, or nothing; fig4 fails where FAIL says so. Each file
# is a second younger than the one before: figures.sh draws the youngest.
cat >"$TEST_TMPDIR/bin/bazel" <<'END'
#!/bin/bash
echo "$*" >>"$LOG"
case $1 in
  build) exit ;;
esac
folder=results/smoke
mkdir -p "$folder"
[[ $* != *${FAIL:-nothing}* ]] || exit 1
case "$*" in
  *//experiments:*--dry-run*) ;;
  *//experiments:fig[34]*)
    name=$(sed 's|.*//experiments:\(fig[34]\).*|\1|' <<<"$*")
    [[ $* != *--set* && $* != *--seeds=1* ]] || name+=.custom
    [[ $* != *--unfinished* ]] || name=${name%.custom}.unfinished
    echo >>"$CLOCK"
    touch -d "@$(wc -l <"$CLOCK")" "$folder/$name.h5"
    ;;
esac
END
chmod +x "$TEST_TMPDIR/bin/bazel"
export PATH=$TEST_TMPDIR/bin:$PATH LOG=$TEST_TMPDIR/log CLOCK=$TEST_TMPDIR/clock PROFILE=smoke
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
command=(env SEEDS=1..3 "$figures" fig3)
expect 0 '//experiments:fig3 -- --profile=smoke --seeds=1..3'
command=(env SEEDS=5 "ARGS=--checkpoint-seconds=5" "$figures" fig3)
expect 0 '//experiments:fig3 -- --profile=smoke --seeds=5 --checkpoint-seconds=5'
# What trains nothing draws nothing.
for flag in --dry-run --print-config --print-claims --list-runs; do
  command=(env "ARGS=$flag" "$figures" fig3)
  expect 0 "//experiments:fig3 -- --profile=smoke $flag"
done
# All figures, with the table of their claims; not of runs that are not judged.
command=("$figures")
expect 0 '//experiments:fig3 -- --profile=smoke' \
  '//experiments:fig4 -- --profile=smoke' '//figures:claim_table -- --profile=smoke'
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
[[ $failures -eq 0 ]]
