#!/bin/bash
# Whether the bits depend on the compiler or on how it optimises: g++ (the ordinary build) and clang (CLANG, clang-14 where
# not set), each with -c opt and -c dbg, build what trains and draws random numbers. In each, the tests that hold digests and
# kernels must pass, tests/portability/digests print what it prints in the first, and short trainings of Emb-MLP and
# Transformer (fig3) and GPT-2 (fig1) store the same run files, figure files (both outside /provenance), pictures and CSV.
# Each build has output folders of its own; some 30 minutes on two cores at first.
set -euo pipefail
source "$(dirname "$0")/common.sh"
source tests/e2e/common.sh

clang=${CLANG:-clang-14}
tests=(//tests/train:golden_bits_test //tests/model/cpu:cpu_model_test //tests/train:train_test //tests/kernels/... //tests/rng/...
  //tests/data/anchor/... //tests/data/text:text_corpus_test //tests/model/spec/...)
jobs=--jobs="$(build_jobs)"
# bazel-bin stays with the ordinary build.
quiet=(--noshow_progress --ui_event_filters=-info --show_result=0 --experimental_convenience_symlinks=ignore)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failed=0

# train NAME FLAG..: the files of short trainings, held against those of the first build.
train() {
  local name=$1 study
  shift
  for study in fig3 fig1; do
    if ! stoppable "$bazel" run "$jobs" "${quiet[@]}" "$@" "//experiments:$study" -- --profile=smoke --device=cpu --jobs=2 \
      --set train.epochs=1 --results="$folder/results of $name" &>"$folder/log"; then
      echo "$name: $study failed: $(tail -n 20 "$folder/log")" >&2
      failed=1
      return
    fi
  done
  first_name=${first_name:-$name}
  if same_results "$folder/results of $first_name" "$folder/results of $name"; then
    echo "$name: $compared files of fig3 and fig1, all as in the first build"
  else
    echo "$name: not as in the first build: $difference" >&2
    failed=1
  fi
}

# check NAME FLAG..: a build with these flags, held against the first.
check() {
  local name=$1
  shift
  echo "$name:"
  stoppable "$bazel" test "$jobs" "${quiet[@]}" --keep_going --test_summary=short --build_tests_only "$@" -- "${tests[@]}" ||
    failed=1
  if ! stoppable "$bazel" run "$jobs" "${quiet[@]}" "$@" //tests/portability:digests >"$folder/$name"; then
    echo "$name: the digests could not be printed" >&2
    failed=1
    return
  fi
  [[ -e $folder/first ]] || cp "$folder/$name" "$folder/first"
  if diff "$folder/first" "$folder/$name"; then
    echo "$name: $(wc -l <"$folder/$name") digests, all as in the first build"
  else
    echo "$name: the bits differ from the first build's" >&2
    failed=1
  fi
  train "$name" "$@"
}

check 'g++ -c opt' --compilation_mode=opt
check 'g++ -c dbg' --compilation_mode=dbg --platform_suffix=-gcc
if command -v "$clang" >/dev/null; then
  by_clang=(--repo_env=CC="$clang" --platform_suffix=-clang)
  check "$clang -c opt" --compilation_mode=opt "${by_clang[@]}"
  check "$clang -c dbg" --compilation_mode=dbg "${by_clang[@]}"
else
  echo "left out: there is no $clang; sudo apt-get install clang-14, or CLANG=<its path>" >&2
  failed=1
fi
exit "$failed"
