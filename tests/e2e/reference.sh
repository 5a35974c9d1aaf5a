#!/bin/bash
# reference.sh FIGURE..: the shipped figure file of each FIGURE is the one whose sha256 its README states, and is drawn
# without an experiment.
set -euo pipefail

for figure in "$@"; do
  name=$(basename "$figure")
  file=data/reference/default/$name.h5
  sum=$(sha256sum "$file" | cut -d' ' -f1)
  grep -q "^| \`default/$name.h5\` | $sum |\$" data/reference/README.md || {
    echo "data/reference/README.md does not state $sum for $file" >&2
    exit 1
  }
  "$figure" --file="$PWD/$file" --output="$TEST_TMPDIR/$name" --results="$TEST_TMPDIR/none"
  for extension in svg pdf png csv; do
    [[ -s $TEST_TMPDIR/$name.$extension ]] || { echo "no $extension file of $name" >&2; exit 1; }
  done
done
