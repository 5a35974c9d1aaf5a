#!/bin/bash
# Every experiment has what belongs to one: a caption, a cost, a figure, an end-to-end test, a row in README.md, a place in
# `make help` and in the table of claims. Its claims, where it has any, are held to their registry by registered_claims_test.
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
  grep -q "^    \"$name\",$" figures/studies.h || lacks "$name" 'not in figures/studies.h'
  names figure figures/BUILD | grep -qx "$name" || lacks "$name" 'no figure of that name in figures/BUILD'
  grep -q "experiment = \"//experiments:$name\"" tests/e2e/BUILD || lacks "$name" 'no smoke test in tests/e2e/BUILD'
  grep -q "^|.*| \`$name\` |" README.md || lacks "$name" "no row with its target in README.md's table"
  grep -q "^  $name\$" <<<"$help" || lacks "$name" 'not in the output of tools/help.sh'
done
while read -r name; do
  [[ " ${experiments[*]} " == *" $name "* ]] || lacks "$name" 'in figures/studies.h, but not in experiments/BUILD'
done < <(sed -n 's/^    "\(.*\)",$/\1/p' figures/studies.h)
[[ $failures -eq 0 ]]
