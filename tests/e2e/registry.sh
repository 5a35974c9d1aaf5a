#!/bin/bash
# Every study is in a list of experiments/studies.bzl and has what belongs to one: a caption and a place in `make help`; one
# of STUDIES or BEYOND_STUDIES a row in docs/studies.md, too. Its claims, where it has any, are held to their registry by registered_claims_test.
# Each command of the Makefile is there, too, and what README.md and ARTIFACT.md tell to type is one. The download for GPUs is told with its size.
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
commands=$(sed -n 's/^\.PHONY: \([^$]*\)$/\1/p' Makefile)
[[ $commands == *' figures '* ]] || lacks Makefile 'no .PHONY that names figures'
told=" $(sed -n 's/^  make \([a-z-]*\(, [a-z-]*\)*\) .*/\1/p; s/^ \{20,\}\([a-z-]*\): .*/\1/p' <<<"$help" | tr -d , | tr '\n' ' ')"
for command in $commands; do
  [[ $command == help || $told == *" $command "* ]] ||
    lacks "$command" 'a command of the Makefile that is not in the output of tools/help.sh'
done
# What the pages for newcomers tell to type is there.
for page in README.md ARTIFACT.md; do
  [[ $(grep -c '^    make ' "$page") -gt 3 ]] || lacks "$page" 'no commands'
  while read -r name; do
    [[ " $commands ${shipped[*]} NAME " == *" $name "* ]] || lacks "$page" "make $name, which is no command"
  done < <(sed -n 's/^    make \([A-Za-z0-9_-]*\).*/\1/p' "$page"; grep -o '`make [A-Za-z0-9_-]*' "$page" | sed 's/.* //')
  while read -r name; do
    [[ " ${shipped[*]} ${own[*]} " == *" $name "* ]] || lacks "$page" "//experiments:$name, which is no study"
  done < <(grep -o '//experiments:[a-z0-9_]*' "$page" | sed 's/.*://')
  # Beside tables and pictures.
  [[ -z $(sed '/^    /!d' "$page" | wc -L | awk '$1 > 80') ]] || lacks "$page" 'a command of more than 80 columns'
  [[ $page != README.md || -z $(awk 'substr($0, 1, 1) != "|" && substr($0, 1, 1) != "!"' "$page" | wc -L | awk '$1 > 80') ]] ||
    lacks "$page" 'a line of more than 80 columns'
done
[[ $help != *'{'* ]] || lacks help 'a place for a number that the program fills in'
[[ $(wc -L <<<"$help") -le 80 ]] || lacks help 'a line of more than 80 columns'
# What DEVICE=cuda downloads is told before it is asked for, with the size of which the download itself speaks.
size=$(sed -n 's/^_CUDA_SIZE = "\(.*\)"$/\1/p' third_party/libtorch/libtorch.bzl)
[[ -n $size && $help == *"DEVICE=auto|cpu|cuda "*"$size"* ]] || lacks DEVICE=cuda "tools/help.sh does not say ${size:-its size}"
for page in docs/checking.md docs/slurm.md; do
  grep -q "${size:-its size}" "$page" || lacks DEVICE=cuda "$page does not say ${size:-its size}"
done
[[ $failures -eq 0 ]]
