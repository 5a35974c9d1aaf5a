#!/bin/bash
# Formats our own C++ sources; with --check only lists what is not formatted and fails if anything is.
# Formatting differs between major versions of clang-format: Debian 12's, 14, decides.
set -euo pipefail
source "$(dirname "$0")/common.sh"

clang_format=$(command -v clang-format-14 || command -v clang-format)
mapfile -t sources < <(own_sources)
[[ ${#sources[@]} -gt 0 ]] || exit 0
if [[ ${1:-} == --check ]]; then
  # clang-format reports every place; the names of the files are enough, for `make format` mends them.
  unformatted=$("$clang_format" --dry-run "${sources[@]}" 2>&1 |
    sed -n 's/^\([^ :]*\):[0-9]*:[0-9]*: .*/\1/p' | sort -u)
  if [[ -n $unformatted ]]; then
    printf 'not formatted, run make format:\n%s\n' "$unformatted" >&2
    exit 1
  fi
  echo "format: ${#sources[@]} files are fine"
else
  "$clang_format" -i "${sources[@]}"
fi
