#!/bin/bash
# TERM, INT or HUP to a script, and to no other process, as from a queue system or a time limit: what it started hears it,
# is waited for, and the script ends with 128 + the signal, whatever the program's own exit status.
set -uo pipefail

work=$TEST_TMPDIR/work
mkdir -p "$work/tools" "$work/experiments" "$work/.ci" "$TEST_TMPDIR/bin"
cp tools/*.sh "$work/tools"
cp Makefile "$work"
cp .ci/run "$work/.ci"
touch "$work/experiments/"{fig3,fig4}.cc
touch "$work/experiments/costs.tsv"
printf 'STUDIES = [\n    "fig3",\n    "fig4",\n]\n' >"$work/experiments/studies.bzl"

# Stands for Bazel: of what $STOP_AT says it is a program that saves its work when it is stopped, and takes a moment for it.
cat >"$TEST_TMPDIR/bin/bazel" <<'END2'
#!/bin/bash
[[ $1 == "$STOP_AT" ]] || exit 0
for signal in TERM INT HUP; do
  trap "sleep 0.3; echo $signal >>'$HEARD'; exit 0" "$signal"
done
echo ready >"$READY"
while :; do sleep 0.05; done
END2
chmod +x "$TEST_TMPDIR/bin/bazel"
ln -s bazel "$TEST_TMPDIR/bin/bazelisk"
export PATH=$TEST_TMPDIR/bin:$PATH HEARD=$TEST_TMPDIR/heard READY=$TEST_TMPDIR/ready INITBIAS_SETUP=skip
unset RESULTS JOBS SEEDS DEVICE ARGS PROFILE CI
mkfifo "$READY"
exec 8<>"$READY"

failures=0
# expect SIGNAL HEARD STATUS STOP_AT COMMAND...
expect() {
  local signal=$1 heard=$2 status=$3 code top
  export STOP_AT=$4
  shift 4
  rm -f "$HEARD"
  set -m  # else it would ignore INT
  (cd "$work" && exec "$@") >"$TEST_TMPDIR/output" 2>&1 &
  top=$!
  set +m
  if ! read -r -t 60 -u 8; then
    echo "$*: nothing was started: $(cat "$TEST_TMPDIR/output")" >&2
    exit 1
  fi
  kill -s "$signal" "$top"
  wait "$top"
  code=$?
  if [[ $code -ne $status || $(cat "$HEARD" 2>/dev/null) != "$heard" ]]; then
    echo "$*: expected status $status and $heard after $signal; got $code, and heard was: $(cat "$HEARD" 2>/dev/null)" >&2
    cat "$TEST_TMPDIR/output" >&2
    failures=$((failures + 1))
  fi
}

for at in 'TERM 143' 'INT 130' 'HUP 129'; do
  read -r signal status <<<"$at"
  expect "$signal" "$signal" "$status" build tools/figures.sh fig3
  expect "$signal" "$signal" "$status" run tools/figures.sh fig3 fig4
  expect "$signal" "$signal" "$status" test tools/test.sh
  expect "$signal" "$signal" "$status" run tools/verify.sh
  expect "$signal" "$signal" "$status" build tools/claims.sh
  expect "$signal" "$signal" "$status" build env ARGS=--python=none tools/bench.sh
  expect "$signal" TERM "$status" test .ci/run
done
# make passes on TERM alone.
for target in fig3 figures; do
  expect TERM TERM 143 run make $target
done
expect TERM TERM 143 test make test
[[ $failures -eq 0 ]]
