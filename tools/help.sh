#!/bin/bash
# Lists make's commands, the profiles, and each figure with its caption and cost, as the constants kCaption and kCost
# of experiments/*.cc state them. Needs no build.
set -euo pipefail
cd "$(dirname "$0")/.."
source tools/common.sh

cat <<'END'
make figures              train what is missing and draw every figure
make NAME                 the same for one study: make fig3 PROFILE=smoke
make test                 run all tests
make test-arm             test for aarch64, and for x86 without AVX2, under QEMU; fetches 470 MB once
make asan                 run the tests of the libraries with the address sanitizer
make ubsan                the same with that of undefined behaviour
make bench                time training beside PyTorch's loop; fetches 3 GB once
make lint                 check the format, then run clang-tidy; LINT=all: on files that include LibTorch too
make format               format the C++ sources
make presubmit            lint and test
make claims-register      write new claims of the experiments to experiments/claims_<n>.json, before they are trained
make clean-results        remove results/

Settings
  PROFILE=smoke|default|extended|paper  RESULTS=folder  JOBS=N  DEVICE=auto|cpu|cuda
  SEEDS=N     seeds 4, 5, ..; 1..3 or 1,7: these. 4 to 8 judge, which is the default
  ARGS='...'  more flags for the experiment: ARGS=--dry-run; ARGS='--set transformer.norm=pre'
  With other seeds or --set the results stand beside the profile's own, as figN.custom;
  with ARGS=--unfinished what runs on their way have so far, as figN.unfinished.

Profiles
  smoke      seconds a figure, tiny models; claims are not judged
  default    all figures on a laptop; every claim judged, at reduced scale
  extended   a night: the sizes, samples and batch of the paper for about 50 epochs: extended scale
  paper      the sizes, samples and epochs of the paper

Figures
END

# Prints the string literals between `constexpr char NAME[] =` and the semicolon, joined.
constant() {
  awk -v name="$2" '
    index($0, "constexpr char " name "[]") { inside = 1 }
    inside {
      line = $0
      while (match(line, /"([^"\\]|\\.)*"/)) {
        text = text substr(line, RSTART + 1, RLENGTH - 2)
        line = substr(line, RSTART + RLENGTH)
      }
      if (line ~ /;[[:space:]]*(\/\/.*)?$/) exit
    }
    END { gsub(/\\"/, "\"", text); print text }' "$1"
}

width=100
for name in $(studies STUDIES) $(studies PRIVATE_STUDIES); do
  file=experiments/$name.cc
  printf '  %s\n' "$name"
  constant "$file" kCaption | fold -s -w $((width - 4)) | sed 's/^/    /'
  constant "$file" kCost | fold -s -w $((width - 10)) | sed '1s/^/    cost: /; 2,$s/^/          /'
done
