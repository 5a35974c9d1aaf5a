#!/bin/bash
# reference_runs.sh STUDY: what is shipped is what this source trains. A run of each model of a study whose runs are short, at
# the sizes of `default`, is trained again and has the digests of the shipped figure file.
set -uo pipefail
source tests/e2e/common.sh

export BUILD_WORKSPACE_DIRECTORY=$PWD
expect 0 'data/reference/default/appendix_theory.h5' "$1" --verify=sample --device=cpu --jobs=2 --results="$TEST_TMPDIR/results"
for model in emb_mlp transformer; do
  grep -Eq "^ +$model gamma=.* equal\$" <<<"$output" || fail "no run of $model is equal: $output"
done
[[ $failures -eq 0 ]]
