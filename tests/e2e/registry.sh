#!/bin/bash
# Every study is in a list of experiments/studies.bzl and has what belongs to one: a caption and a place in `make help`; one
# of STUDIES or BEYOND_STUDIES a row in docs/studies.md, too. Its claims, where it has any, are held to their registry by registered_claims_test.
# The download for GPUs is told with its size.
set -euo pipefail
source tools/common.sh

failures=0
lacks() {
  echo "$1: $2" >&2
  failures=$((failures + 1))
}

mapfile -t shipped < <(studies STUDIES; studies BEYOND_STUDIES)
mapfile -t own < <(studies PRIVATE_STUDIES)
[[ ${#shipped[@]} -gt 0 ]] || { echo 'no study was found' >&2; exit 1; }
help=$(tools/help.sh)
for name in "${shipped[@]}" "${own[@]}"; do
  source=experiments/$name.cc
  [[ -f $source ]] || { lacks "$name" "there is no $source"; continue; }
  grep -q 'constexpr char kCaption\[\]' "$source" || lacks "$name" "no kCaption in $source"
  grep -q "^  $name\$" <<<"$help" || lacks "$name" 'not in the output of tools/help.sh'
done
for name in "${shipped[@]}"; do
  grep -q "^|.*| \`$name\` |" docs/studies.md || lacks "$name" "no row with its target in docs/studies.md's table"
done
for file in $(grep -l '^Study MakeStudy()' experiments/*.cc); do
  name=$(basename "$file" .cc)
  [[ " ${shipped[*]} ${own[*]} " == *" $name "* ]] || lacks "$name" 'in no list of experiments/studies.bzl'
done
# What DEVICE=cuda downloads is told before it is asked for, with the size of which the download itself speaks.
size=$(sed -n 's/^_CUDA_SIZE = "\(.*\)"$/\1/p' third_party/libtorch/libtorch.bzl)
[[ -n $size && $help == *"DEVICE=auto|cpu|cuda "*"$size"* ]] || lacks DEVICE=cuda "tools/help.sh does not say ${size:-its size}"
for page in docs/checking.md docs/slurm.md; do
  grep -q "${size:-its size}" "$page" || lacks DEVICE=cuda "$page does not say ${size:-its size}"
done
[[ $failures -eq 0 ]]
