#!/bin/bash
# kick.sh says of each part whether it works and ends with status 1 where one does not; costs come from the measured speed.
# Bazel and the programs are scripts here.
set -uo pipefail

work=$TEST_TMPDIR/work
bin=$work/bazel-bin
mkdir -p "$work/tools" "$work/experiments" "$bin"/{experiments,figures,tests/train,lib/store} "$TEST_TMPDIR/bin"
cp tools/{common,kick,kick_run}.sh "$work/tools"
printf 'STUDIES = [\n    "fig3",\n    "fig4",\n]\n' >"$work/experiments/studies.bzl"
printf '# note\nfig3\t1,000 GFLOP, 1 min\t60,000 GFLOP, 1 h\t9,000,000 GFLOP, 1 day\nfig4\twith fig3\twith fig3\twith fig3\n' \
  >"$work/experiments/costs.tsv"
program() { printf '#!/bin/bash\n%s\n' "$2" >"$1" && chmod +x "$1"; }
program "$TEST_TMPDIR/bin/bazel" 'exit 0'
ln -s bazel "$TEST_TMPDIR/bin/bazelisk"
for study in fig3 fig4; do
  program "$bin/experiments/$study" 'if [[ $1 == --measure-speed ]]; then echo 10; fi'
  program "$bin/figures/$study" 'exit 0'
done
program "$bin/figures/claim_table" 'echo "reduced scale: 2 figures"'
program "$bin/tests/train/golden_bits_test" 'exit 0'
program "$bin/lib/store/inspect" 'exit 0'
export PATH=$TEST_TMPDIR/bin:$PATH BUILD_WORKSPACE_DIRECTORY=$work
unset RESULTS JOBS DEVICE

failures=0
# expect STATUS TEXT...: what was said is left in $output.
expect() {
  local status=$1 code text
  shift
  output=$("$work/tools/kick_run.sh" 2>&1)
  code=$?
  [[ $code -eq $status ]] || { echo "expected status $status, got $code: $output" >&2; failures=1; }
  for text in "$@"; do
    [[ $output == *"$text"* ]] || { echo "there is no '$text' in: $output" >&2; failures=1; }
  done
  [[ $(grep -v "$work" <<<"$output" | wc -L) -le 80 ]] || { echo "a line of more than 80 columns: $output" >&2; failures=1; }
}
# 1.2 * 1,000 / 10 s, 1.2 * 60,000 / 10 s, 1.2 * 9,000,000 / 10 s.
expect 0 '  fig3                     2 min              2 h                12 days' 'with fig3' 'All works here' \
  'reduced scale: 2 figures'
expect 0 "  speed      $(. tools/common.sh && speed_text 10), measured now"
[[ $output != *'  note '* ]] || { echo "a note of nothing: $output" >&2; failures=1; }
# Beside other work it is measured too slow; where it cannot be measured, it is unknown.
program "$bin/experiments/fig3" 'if [[ $1 == --measure-speed ]]; then echo "note: other work keeps 1.4 of 2 cores busy: what is measured now is slower than it will be" >&2; echo "$*" >"$0.flags"; echo 10; fi'
export JOBS=1 DEVICE=cpu
expect 0 '  speed      1 core at 10 GFLOP/s, measured now' '  note       other work keeps 1.4 of 2'
[[ $(<"$bin/experiments/fig3.flags") == '--measure-speed --jobs=1 --device=cpu' ]] || { echo 'other flags' >&2; failures=1; }
unset JOBS DEVICE
program "$bin/experiments/fig3" 'if [[ $1 == --measure-speed ]]; then echo "no room" >&2; exit 1; fi'
expect 0 '  speed      unknown, see '
grep -q 'no room' "$work/results/kick/log.txt" || { echo 'why it is unknown is in no log' >&2; failures=1; }
program "$bin/figures/fig4" 'echo broken >&2; exit 3'
expect 1 'FAILS' '(status 3)' 'does not work here: fig4'
grep -q broken "$work/results/kick/log.txt" || { echo 'the log has not what was said' >&2; failures=1; }
program "$bin/figures/fig4" 'exit 0'
program "$bin/tests/train/golden_bits_test" 'exit 1'
expect 1 'does not work here: golden_bits'

# Stopped, it says so, and that the same command goes on: Ctrl-C while a program runs, or between two.
program "$bin/tests/train/golden_bits_test" 'echo ready >"$READY"; exec sleep 60'
export READY=$TEST_TMPDIR/ready
mkfifo "$READY"
exec 8<>"$READY"
for at in 'INT 130' 'TERM 143'; do
  read -r signal expected <<<"$at"
  set -m  # else it would ignore INT
  "$work/tools/kick_run.sh" >"$TEST_TMPDIR/stopped" 2>&1 &
  top=$!
  set +m
  read -r -t 60 -u 8 || { echo "nothing was started: $(cat "$TEST_TMPDIR/stopped")" >&2; exit 1; }
  kill -s "$signal" "$top"
  code=0
  wait "$top" || code=$?
  [[ $code -eq $expected && $(tail -n 1 "$TEST_TMPDIR/stopped") == 'stopped; what was done is kept. To go on, give the same command again.' ]] ||
    { echo "$signal: status $code and: $(cat "$TEST_TMPDIR/stopped")" >&2; failures=1; }
done
[[ $failures -eq 0 ]]
