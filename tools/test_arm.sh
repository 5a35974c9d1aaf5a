#!/bin/bash
# On an x86-64 machine: cross-compiles for aarch64 and runs there under QEMU, as third_party/arm64/README.md says, the
# unit tests of what does without LibTorch and tests/portability/digests, whose output has to be the one of this
# machine. The same for an x86 CPU without AVX2 and FMA. Some 40 minutes on two cores, and 470 MB to fetch, at first;
# a quarter of an hour later on, most of it QEMU.
set -euo pipefail
source "$(dirname "$0")/common.sh"

if [[ $(uname -m) != x86_64 ]]; then
  echo "test-arm: this machine is $(uname -m): make test runs all tests on it" >&2
  exit 1
fi

jobs=--jobs="$(build_jobs)"
quiet=(--noshow_progress --ui_event_filters=-info --show_result=0)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failed=0

# Runs tests/portability/digests with the flags of `bazel run` that are given, its own behind --.
digests() {
  stoppable "$bazel" run "$jobs" "${quiet[@]}" "$@"
}

# compare WHAT FLAG..: holds the output of digests against this machine's.
compare() {
  local what=$1
  shift
  echo "$what:"
  if digests "$@" >"$folder/other.txt"; then
    python3 tests/portability/compare.py --subset "$folder/here.txt" "$folder/other.txt" || failed=1
  else
    echo 'failed' >&2
    failed=1
  fi
}

program=//tests/portability:digests
echo 'This machine:'
digests "$program" >"$folder/here.txt"
compare 'This machine, plain kernels' --run_under='env INITBIAS_KERNELS=generic' "$program"
compare 'x86-64 without AVX2 and FMA (QEMU)' --run_under='qemu-x86_64 -cpu Nehalem' "$program" -- small
compare 'x86-64 with AVX2, without AVX-512 (QEMU)' --run_under='qemu-x86_64 -cpu Haswell' "$program" -- small
compare 'aarch64 (QEMU)' --config=arm64 "$program"

echo 'Unit tests, aarch64 (QEMU):'
# Not those tagged no-emulation, in which a program of this machine starts or loads what is made for the other.
stoppable "$bazel" test --config=arm64 "$jobs" --keep_going "${quiet[@]}" --test_summary=short --test_tag_filters=-no-emulation \
  //tests/{analysis,base,config,data,kernels,model/spec,rng,theory}/... || failed=1
exit "$failed"
