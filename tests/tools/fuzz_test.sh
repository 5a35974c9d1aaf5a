#!/bin/bash
# fuzz.sh with stand-ins for Bazel and the fuzzers: every target is run for the seconds asked for, and what any of them
# finds is counted, told and fails.
set -uo pipefail

work=$TEST_TMPDIR/work
bin=$TEST_TMPDIR/bin
mkdir -p "$work/tools" "$bin" "$TEST_TMPDIR/out/tests/fuzz"
cp tools/common.sh tools/fuzz.sh "$work/tools"
cat >"$bin/bazel" <<'END2'
#!/bin/bash
case $1 in
  query) printf '//tests/fuzz:%s_fuzz\n' good other ;;
  info) echo "$OUT" ;;
  build) [[ ! ${BUILD_FAILS:-} ]] ;;
esac
END2
# Notes its arguments; as FAILS says, finds something or cannot even start.
for name in good other; do
  cat >"$TEST_TMPDIR/out/tests/fuzz/${name}_fuzz" <<'END2'
#!/bin/bash
echo "$(basename "$0") $*" >>"$RAN"
if [[ ${FAILS:-} == "$(basename "$0")" ]]; then
  echo 'property violated: it holds'
  exit 77
fi
[[ ${SILENT:-} ]] || printf 'stat::number_of_executed_units: 12\nstat::average_exec_per_sec:     3\n'
END2
done
touch "$bin/clang-14"
ln -s bazel "$bin/bazelisk"
chmod +x "$bin"/* "$TEST_TMPDIR"/out/tests/fuzz/*
export PATH=$bin:$PATH OUT=$TEST_TMPDIR/out RAN=$TEST_TMPDIR/ran
unset RESULTS SECONDS_EACH

failures=0
# expect STATUS TEXT ASSIGNMENT.. [-- TARGET..]: fuzz.sh ends with STATUS, and the last lines are TEXT.
expect() {
  local status=$1 text=$2 assignments=() output code
  shift 2
  while [[ $# -gt 0 && $1 != -- ]]; do
    assignments+=("$1")
    shift
  done
  rm -f "$RAN"
  output=$(env "${assignments[@]}" "$work/tools/fuzz.sh" "${@:2}" 2>&1)
  code=$?
  if [[ $code -ne $status || $output != *"$text" ]]; then
    printf '%s: expected status %s and "%s"\ngot status %s and: %s\n' "${assignments[*]}" "$status" "$text" "$code" "$output" >&2
    failures=$((failures + 1))
  fi
}

expect 0 'good: 12 inputs, 3 a second, no finding
other: 12 inputs, 3 a second, no finding
2 targets, 0 findings'
[[ $(grep -c -- '-max_total_time=60 ' "$RAN") -eq 2 ]] || {
  cat "$RAN" >&2
  failures=$((failures + 1))
}
expect 1 '2 targets, 1 finding' FAILS=good_fuzz
expect 1 'property violated: it holds
2 targets, 1 finding' FAILS=other_fuzz
expect 1 '2 targets, 2 findings' SILENT=1
expect 1 'some minutes.' BUILD_FAILS=1
expect 0 '1 target, 0 findings' SECONDS_EACH=7 -- other
[[ $(<"$RAN") == other_fuzz*-max_total_time=7\ * ]] || failures=$((failures + 1))
for seconds in 0 x 1.5; do
  expect 2 'is no number of seconds' "SECONDS_EACH=$seconds"
done
[[ $failures -eq 0 ]]
