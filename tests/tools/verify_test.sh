#!/bin/bash
# verify.sh and draw_reference.sh with a Bazel that only writes down what it was asked for: each study's own runs are trained
# again once, a different one is told and fails, and what has no file is not drawn.
set -uo pipefail

work=$TEST_TMPDIR/work
mkdir -p "$work/tools" "$work/experiments" "$work/bazel-bin/figures" "$work/data/reference/default" "$TEST_TMPDIR/bin"
cp tools/common.sh tools/verify.sh tools/draw_reference.sh "$work/tools"
touch "$work/experiments/"{fig2,fig3,fig4,fig8,beyond_x}.cc "$work/data/reference/default/"{fig3,fig8}.h5
printf 'STUDIES = [\n    "fig2",\n    "fig3",\n    "fig4",\n    "fig8",\n]\nBEYOND_STUDIES = [\n    "beyond_x",\n]\n' \
  >"$work/experiments/studies.bzl"
printf '%s\t%s\t%s\t%s\n' fig2 'nothing is trained' 'nothing is trained' 'nothing is trained' \
  fig3 '9 GFLOP, 1 min' '9 GFLOP, 1 min' '9 GFLOP, 1 min' fig4 'with fig3' '9 GFLOP, 1 min' 'with fig3' \
  fig8 '9 GFLOP, 1 min after fig3' 'with fig3' '9 GFLOP, 1 min' \
  beyond_x '9 GFLOP, 1 min' 'with fig3' '9 GFLOP, 1 min' >"$work/experiments/costs.tsv"
cat >"$TEST_TMPDIR/bin/bazel" <<'END'
#!/bin/bash
echo "$*" >>"$LOG"
[[ $* != *${DIFFERENT:-nothing}* ]] || exit 1
[[ $* != *${CLAIM_EQUAL:-nothing}* ]] || exit 3
[[ $* != *${FORMER:-nothing}* ]] || exit 4
[[ $* != *${STOPPED:-nothing}* ]] || exit 130
END
for name in fig2 fig3 fig4 fig8 claim_table; do
  printf '#!/bin/bash\necho "drew %s $*" >>"$LOG"\n' "$name" >"$work/bazel-bin/figures/$name"
done
chmod +x "$TEST_TMPDIR/bin/bazel" "$work"/bazel-bin/figures/*
export PATH=$TEST_TMPDIR/bin:$PATH LOG=$TEST_TMPDIR/log
unset RESULTS JOBS PROFILE ALL

failures=0
# expect STATUS OUTPUT PATTERN LINE...: `$command` ends with STATUS, prints OUTPUT, and of its log the lines with PATTERN are
# LINES.
expect() {
  local status=$1 text=$2 pattern=$3 code output ran
  shift 3
  : >"$LOG"
  output=$("${command[@]}" 2>&1)
  code=$?
  ran=$(sed -n "s/.*\($pattern\)/\1/p" "$LOG")
  if [[ $code -ne $status || $output != *"$text"* || $ran != "$(printf '%s\n' "$@")" ]]; then
    printf 'expected status %s, "%s" and:\n%s\ngot status %s and:\n%s\n%s\n' "$status" "$text" "$(printf '  %s\n' "$@")" \
      "$code" "$ran" "$output" >&2
    failures=$((failures + 1))
  fi
}

verify=$work/tools/verify.sh
runs='\/\/experiments:.*'
command=("$verify")
expect 0 'the same bits: fig3 fig8' "$runs" '//experiments:fig3 -- --profile=default --verify=sample' \
  '//experiments:fig8 -- --profile=default --verify=sample'
expect 0 'fig4: its runs are those of fig3' "$runs" '//experiments:fig3 -- --profile=default --verify=sample' \
  '//experiments:fig8 -- --profile=default --verify=sample'
expect 0 'nothing to verify, for nothing is trained: fig2' "$runs" '//experiments:fig3 -- --profile=default --verify=sample' \
  '//experiments:fig8 -- --profile=default --verify=sample'
command=(env PROFILE=extended ALL=1 RESULTS=x JOBS=3 "$verify")
expect 0 'the same bits: fig3 fig4' "$runs" '//experiments:fig3 -- --profile=extended --verify=all --results=x --jobs=3' \
  '//experiments:fig4 -- --profile=extended --verify=all --results=x --jobs=3'
command=("$verify" fig4)
expect 0 'the same bits: fig4' "$runs" '//experiments:fig4 -- --profile=default --verify=sample'
command=(env DIFFERENT=//experiments:fig3 "$verify")
expect 1 'different, or not trained: fig3' "$runs" '//experiments:fig3 -- --profile=default --verify=sample' \
  '//experiments:fig8 -- --profile=default --verify=sample'
command=(env CLAIM_EQUAL=//experiments:fig3 FORMER=//experiments:fig8 "$verify")
expect 3 'other bits, the same verdicts: fig3' "$runs" '//experiments:fig3 -- --profile=default --verify=sample' \
  '//experiments:fig8 -- --profile=default --verify=sample'
command=(env FORMER=//experiments:fig8 "$verify" fig8)
expect 0 'not to be compared, of a former revision: fig8' "$runs" '//experiments:fig8 -- --profile=default --verify=sample'
command=(env ALL=1 "$verify")
expect 0 'the same bits: fig3 fig8 beyond_x' "$runs" '//experiments:fig3 -- --profile=default --verify=all' \
  '//experiments:fig8 -- --profile=default --verify=all' '//experiments:beyond_x -- --profile=default --verify=all'
command=("$verify" beyond_x)
expect 0 'the same bits: beyond_x' "$runs" '//experiments:beyond_x -- --profile=default --verify=sample'
command=(env STOPPED=//experiments:fig3 "$verify")
expect 130 '' "$runs" '//experiments:fig3 -- --profile=default --verify=sample'
command=("$verify" fig99)
expect 1 'there is no figure fig99' "$runs"

command=("$work/tools/draw_reference.sh")
expect 0 '2 figures drawn' 'drew fig.*' \
  "drew fig3 --file=$work/data/reference/default/fig3.h5 --output=$work/results/reference/default/figures/fig3" \
  "drew fig8 --file=$work/data/reference/default/fig8.h5 --output=$work/results/reference/default/figures/fig8"
expect 0 'no fig4: it is not shipped for the profile default' '\(drew fig[24]\).*'
expect 0 '2 figures drawn' 'drew claim_table.*' "drew claim_table --short --results=$work/data/reference"
command=("$work/tools/draw_reference.sh" fig3 fig8)
expect 0 '2 figures drawn' 'drew claim_table.*' "drew claim_table --short --results=$work/data/reference --studies=fig3,fig8"
command=(env PROFILE=paper "$work/tools/draw_reference.sh")
expect 1 'nothing of this is shipped for the profile paper' 'drew fig.*'
expect 1 'no fig3: it is not shipped for the profile paper, but for default' 'drew fig.*'
mkdir -p "$work/data/reference/paper"
touch "$work/data/reference/paper/fig3.emb_mlp.h5"  # of one model alone
expect 0 '1 figure drawn' 'drew fig.*' \
  "drew fig3 --file=$work/data/reference/paper/fig3.emb_mlp.h5 --output=$work/results/reference/paper/figures/fig3.emb_mlp"
[[ $failures -eq 0 ]]
