#!/bin/bash
# reference.sh INSPECT TABLE FIGURE..: the pages of docs/ show the pictures of the shipped figure files; the shipped figure
# file of each FIGURE is the one whose sha256 its README states, and is drawn without an experiment, each thing in it with
# a look of its own, and so it is by make figures FROM=reference, with the table of all claims; in each shipped file the claims of the first registration were registered before the first of its
# runs began. Later registrations may be later than these: their claims are marked wherever they are shown.
set -euo pipefail

inspect=$1
table=$2
shift 2
failures=0
fail() {
  echo "$1" >&2
  failures=$((failures + 1))
}

for figure in "$@"; do
  name=$(basename "$figure")
  file=data/reference/default/$name.h5
  [[ -e $file ]] || { fail "there is no $file"; continue; }
  sum=$(sha256sum "$file" | cut -d' ' -f1)
  grep -q "^| \`default/$name.h5\` | $sum |\$" data/reference/README.md ||
    fail "data/reference/README.md does not state $sum for $file"
  "$figure" --file="$PWD/$file" --output="$TEST_TMPDIR/$name" 2>"$TEST_TMPDIR/said" ||
    { cat "$TEST_TMPDIR/said"; fail "$file cannot be drawn"; continue; }
  cat "$TEST_TMPDIR/said" >&2
  ! grep 'one look stands for' "$TEST_TMPDIR/said" || fail "$name: two things look alike"
  for extension in svg pdf png csv; do
    [[ -s $TEST_TMPDIR/$name.$extension ]] || fail "no $extension file of $name"
  done
done

# The script of make figures FROM=reference with the programs themselves. What it does for each figure was done above.
work=$TEST_TMPDIR/work
mkdir -p "$work/tools" "$work/bazel-bin/figures" "$work/bin"
cp tools/common.sh tools/draw_reference.sh "$work/tools"
ln -s "$PWD/data" "$work/data"
printf '#!/bin/bash\n' | tee "$work/bin/bazel" >"$work/bin/bazelisk"
chmod +x "$work/bin/"*
for program in "$table" "$@"; do
  ln -s "$PWD/$program" "$work/bazel-bin/figures/$(basename "$program")"
done
PATH=$work/bin:$PATH "$work/tools/draw_reference.sh" fig2 fig3 >"$TEST_TMPDIR/said" 2>&1 ||
  { cat "$TEST_TMPDIR/said"; fail 'make figures FROM=reference fails'; }
for line in 'drawn: fig2' 'drawn: fig3' ' scale: ' "2 figures drawn in $work/results/reference/default/figures"; do
  grep -q "$line" "$TEST_TMPDIR/said" || { cat "$TEST_TMPDIR/said"; fail "make figures FROM=reference does not say '$line'"; }
done
cmp "$work/results/reference/default/figures/fig3.svg" "$TEST_TMPDIR/fig3.svg" || fail 'make figures FROM=reference draws another fig3'
"$table" --short --results="$PWD/data/reference" >"$TEST_TMPDIR/said" || fail 'the table of all claims cannot be printed'
[[ $(grep -c . "$TEST_TMPDIR/said") -gt 20 ]] || { cat "$TEST_TMPDIR/said"; fail 'the table of all claims is short'; }

for picture in docs/figures/*.svg; do
  cmp "$picture" "$TEST_TMPDIR/$(basename "$picture")" || fail "$picture is not drawn from the shipped figure file"
done

# A study without runs has nothing that could have been known before.
for file in data/reference/*/*.h5; do
  text=$("$inspect" "$file") || { fail "$file cannot be read"; continue; }
  # Checked whenever the file is read: a flipped bit is seen.
  grep -q '^@digest = [0-9a-f]\{64\}$' <<<"$text" || fail "$file has no digest of its content"
  grep -q '@verdict = ' <<<"$text" || continue
  # Files from before the second registration do not say which a claim is of.
  later=$(grep -c '^ *@registration = \([2-9]\|1[0-9]\)' <<<"$text" || true)
  [[ $(grep -c '@verdict = ' <<<"$text") -gt $later ]] || continue
  registered=$(sed -n 's/^ *@registered_time = //p' <<<"$text")
  registered=${registered%%,*}
  started=$(sed -n 's/^ *@first_run_start = //p' <<<"$text")
  if [[ -z $started ]] && grep -q '^ *label \[0\]:' <<<"$text"; then
    continue
  fi
  if [[ ! $registered =~ ^[0-9] || ! $started =~ ^[0-9] || ! $registered < $started ]]; then
    fail "$file: its claims were registered at '$registered', its first run began at '$started'"
  fi
done
[[ $failures -eq 0 ]]
