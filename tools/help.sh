#!/bin/bash
# Lists make's commands, the profiles, and each figure with its caption, the constant kCaption of experiments/*.cc, and its
# cost, of experiments/costs.tsv. Needs no build.
set -euo pipefail
cd "$(dirname "$0")/.."
source tools/common.sh

cat <<'END'
First
  make kick            does all work here, and what will each figure cost? 1 min
  make figures         train what is missing, draw figures, judge the claims
  make figures FROM=reference   draw every figure from the shipped numbers
  make fig3            one study, by its name below: make fig3 PROFILE=smoke
  make beyond          the studies beyond the paper, beyond_* below
  make claims          all claims; COMPARE=reference: beside the shipped ones;
                       CLAIM=fig1.faster: how one comes about; FROM=reference
  make report          all of it in one page, results/report.html;
                       FROM=reference: results/reference/report.html
  make verify          train a run of each kind again: the same bits as the
                       shipped ones? ALL=1: all runs
  make test            run all tests

Settings
  PROFILE=smoke|default|extended|paper  RESULTS=folder  JOBS=N
  DEVICE=auto|cpu|cuda   cuda: fetches LibTorch's CUDA half, 2.5 GB in all,
                         once, where there is a GPU
  SEEDS=N     seeds 4, 5, ..; 1..3 or 1,7: these. 4 to 8, the default, judge
  ARGS='...'  more flags, quoted as in a shell: ARGS=--dry-run;
              ARGS='--set transformer.norm=pre'
  source tools/completion.bash: completes all of these in bash and zsh
  With other seeds or --set the results stand beside the profile's own, as
  figN.custom; with ARGS=--unfinished what runs on their way have so far, as
  figN.unfinished.

Profiles
  smoke      seconds a figure, tiny models; claims are not judged
  default    all figures on a laptop; every claim judged, at reduced scale
  extended   a night: samples, batch and model of the paper for about 50 epochs
             (learning rates, next-token training and GPT-2 as at default)
  paper      the sizes, samples and epochs of the paper

More
  make setup           installs what is missing; part of each of the others
  make bench           time training beside PyTorch and JAX; fetches 3 GB once
  make test-arm        aarch64, and x86 without AVX2, under QEMU; fetches 470 MB
  make bundle          all programs in one file, for machines without Bazel
  make test-bundle     that file in an empty chroot
  make test-slurm      --executor=slurm, by a Slurm that it starts here
  make test-store      how long a store of 10,000 runs takes; some minutes
  make test-compilers  the same bits by g++ and clang, optimised or not?
  make asan, ubsan     the libraries' tests with GCC's sanitizers
  make fuzz            inputs that break what reads them, a minute each
  make lint, format, format-check, presubmit   format and clang-tidy; LINT=all:
                       on files that include LibTorch too; presubmit: lint, test
  make archive         sources, results, licences, dependencies in one file;
                       archive-check: unpack it, check it, draw it again
  make claims-register, results-page   write down new claims before they are
                       trained; the generated pages
  make clean-results   remove results/

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

width=80
for name in $(studies STUDIES) $(studies BEYOND_STUDIES) $(studies PRIVATE_STUDIES); do
  printf '  %s\n' "$name"
  # The first sentence; without what stands in brackets with a number that the program fills in.
  constant "experiments/$name.cc" kCaption | sed 's/\. .*/./; s/ ([^()]*{}[^()]*)//' | fold -s -w $((width - 6)) | sed 's/^/      /; s/ *$//'
  # Those for use of one's own have none there.
  awk -F'\t' -v name="$name" '
    function time(cell) { sub(/.* GFLOP, /, "", cell); return cell }
    $1 == name && time($2) == time($4) { printf "      %s\n", time($2) }
    $1 == name && time($2) != time($4) {
      line = time($2) "; extended " time($3) "; paper " time($4)
      # All three after the same study: said once.
      if (match(line, / after [a-z0-9_]+/)) {
        after = substr(line, RSTART, RLENGTH)
        if (gsub(after, "", line) == 3) line = line ";" after
        else line = time($2) "; extended " time($3) "; paper " time($4)
      }
      printf "      %s\n", line
    }' experiments/costs.tsv
done
sed -n '1s/^# What training takes\(.*\); written.*/\nCosts: training\1;/p' experiments/costs.tsv
echo 'runs that an earlier study of the list has are not counted again.'
echo 'make kick measures this machine.'
