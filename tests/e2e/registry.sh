#!/bin/bash
# Every experiment has what belongs to one: a caption, a cost, a claim, a figure, an end-to-end test, a row in README.md
# and a place in `make help`.
set -euo pipefail

failures=0
lacks() {
  echo "experiment $1: $2" >&2
  failures=$((failures + 1))
}

# The names in the calls of a macro: names MACRO BUILD-FILE.
names() {
  awk -v macro="$1" '
    $0 ~ "^" macro "\\(" { inside = 1 }
    inside && match($0, /name = "[^"]*"/) { print substr($0, RSTART + 8, RLENGTH - 9); inside = 0 }' "$2"
}

mapfile -t experiments < <(names experiment experiments/BUILD)
[[ ${#experiments[@]} -gt 0 ]] || { echo 'no experiment was found' >&2; exit 1; }
help=$(tools/help.sh)
for name in "${experiments[@]}"; do
  source=experiments/$name.cc
  grep -q 'constexpr char kCaption\[\]' "$source" || lacks "$name" "no kCaption in $source"
  grep -q 'constexpr char kCost\[\]' "$source" || lacks "$name" "no kCost in $source"
  grep -q "\"$name\\." "$source" || lacks "$name" "no claim with an id that begins with $name. in $source"
  names figure figures/BUILD | grep -qx "$name" || lacks "$name" 'no figure of that name in figures/BUILD'
  grep -q "experiment = \"//experiments:$name\"" tests/e2e/BUILD || lacks "$name" 'no smoke test in tests/e2e/BUILD'
  grep -q "^|.*| \`$name\` |" README.md || lacks "$name" "no row with its target in README.md's table"
  grep -q "^  $name\$" <<<"$help" || lacks "$name" 'not in the output of tools/help.sh'
done
[[ $failures -eq 0 ]]
