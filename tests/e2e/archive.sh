#!/bin/bash
# archive.sh FIGURE FIGURE: a release archive of a small repository with the pictures of two shipped figure files. The same
# commit and results give the same bytes; unpacked into an empty folder, every digest and reference of its lists is right, and
# the pictures are drawn again from it to the same bytes. What is spoilt is told.
set -uo pipefail
source tests/e2e/common.sh

python=$(command -v python3)
archive=$PWD/tools/archive.py
check=$PWD/tools/check_archive.py
export PYTHONDONTWRITEBYTECODE=1 GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 HOME=$TEST_TMPDIR
programs=$TEST_TMPDIR/programs
work=$TEST_TMPDIR/work
mkdir -p "$programs" "$work"
for figure in "$@"; do
  ln -s "$PWD/$figure" "$programs"
done
for file in .bazeliskrc WORKSPACE CITATION.cff LICENSE README.md RESULTS.md ARTIFACT.md Makefile tools data third_party tests; do
  [[ ! -e $file ]] || cp -RL "$file" "$work"
done
cd "$work" || exit
chmod -R u+w .
# What a clone has that the test is not given.
rm -rf data/reference/extended data/reference/paper
sed -i '/^| `\(extended\|paper\)\//d' data/reference/README.md
echo /results/ >.gitignore
git init --quiet .
git add --all
commit() {
  GIT_AUTHOR_DATE='2026-01-02T03:04:05Z' GIT_COMMITTER_DATE='2026-01-02T03:04:05Z' \
    git -c user.name=test -c user.email=test@example.org commit --quiet --allow-empty --message "$1"
}
commit first

expect 1 'make figures' "$python" "$archive"
for program in "$programs"/*; do
  name=$(basename "$program")
  mkdir -p results/reference/default/figures
  "$program" --file="$PWD/data/reference/default/$name.h5" --output="results/reference/default/figures/$name" ||
    fail "$name cannot be drawn"
done

# The same bytes, whatever the time, the zone, the mask and the language; and a report that is not there is told.
expect 0 'make report' "$python" "$archive" --output="$TEST_TMPDIR/one.tar.gz"
echo '<p>All of it' >results/reference/report.html
expect 0 'without report.md' "$python" "$archive"
packed=results/initbias-$(git rev-parse HEAD | cut -c 1-12).tar.gz
[[ -s $packed ]] || fail "there is no $packed"
find . -name .git -prune -o -type f -exec touch -d 2020-02-02 {} +
(umask 077 && TZ=Asia/Tokyo LC_ALL=C "$python" "$archive" --output="$TEST_TMPDIR/two.tar.gz" >/dev/null)
cmp "$packed" "$TEST_TMPDIR/two.tar.gz" || fail 'the same commit and results gave other bytes'
! cmp -s "$TEST_TMPDIR/one.tar.gz" "$packed" || fail 'the report made no difference'

# unpack FOLDER: into a new folder; prints where the archive's files are.
unpack() {
  rm -rf "${TEST_TMPDIR:?}/$1"
  mkdir "$TEST_TMPDIR/$1"
  tar -xzf "$work/$packed" -C "$TEST_TMPDIR/$1"
  echo "$TEST_TMPDIR/$1"/*
}
folder=$(unpack whole)
(cd "$folder" && sha256sum --quiet --check MANIFEST.sha256) || fail 'sha256sum does not agree with MANIFEST.sha256'
expect 0 "drawn again with the same bytes: $((2 * $#)) files" "$python" "$check" --programs="$programs" "$folder"
[[ -s $folder/results/reference/report.html ]] || fail 'the report is not in it'
grep -q '"@id": "ARTIFACT.md"' "$folder/ro-crate-metadata.json" || fail 'the artifact appendix is not in its list'
owners=$(tar --numeric-owner -tvzf "$packed" | awk '{ print $2, $4, $5 }' | sort -u)
tar -tzf "$packed" | LC_ALL=C sort --check || fail 'its files are not sorted'
[[ $owners == "0/0 2026-01-02 03:04" ]] || fail "owners and times: $owners"
for pin in $(sed -n 's/^torch==\([0-9.]*\) --hash=sha256:\(.*\)/\1 \2/p' "$folder"/third_party/libtorch/wheels_x86_64.txt); do
  grep -q "\"$pin\"" "$folder/initbias.spdx.json" || fail "$pin is not in the list of dependencies"
done
if dpkg-query --show libfmt-dev &>/dev/null; then
  version=$(dpkg-query --show --showformat='${Version}' libfmt-dev)
  grep -q "\"$version\"" "$folder/initbias.spdx.json" || fail "libfmt-dev $version is not in the list of dependencies"
fi

# Another commit has another name, and what is not committed is not in it, and told.
echo later >>README.md
expect 0 'not as committed' "$python" "$archive" --output="$TEST_TMPDIR/dirty.tar.gz"
cmp "$packed" "$TEST_TMPDIR/dirty.tar.gz" || fail 'what is not committed was packed'

# spoil TEXT COMMAND...: with one thing wrong, which COMMAND does in the unpacked folder, the check says TEXT.
spoil() {
  local text=$1
  shift
  folder=$(unpack spoilt)
  (cd "$folder" && "$@") || fail "cannot do: $*"
  expect 1 "$text" "$python" "$check" "${drawn[@]}" "$folder"
}
drawn=()
figure=$(basename "$1")
# A change that goes unseen by the list of digests, too.
relist() {
  "$@" && find . -type f ! -name MANIFEST.sha256 -printf '%P\n' | LC_ALL=C sort | xargs -d '\n' sha256sum >MANIFEST.sha256
}
spoil 'LICENSE is not the file of MANIFEST' sed -i 's/a/b/' LICENSE
spoil 'LICENSE is missing' rm LICENSE
spoil 'more is not in MANIFEST' touch more
drawn=(--programs="$programs")
spoil "figures/$figure.svg is not what is drawn" relist sed -i 's/<title/ <title/' "results/reference/default/figures/$figure.svg"
drawn=()
spoil 'refers to #nobody' relist sed -i '0,/#initbias-contributors/s//#nobody/' ro-crate-metadata.json
spoil 'there is no RESULTS.md' relist rm RESULTS.md
spoil 'a relationship with SPDXRef-nothing' relist sed -i '0,/"relatedSpdxElement": "SPDXRef-deb[^"]*"/s//"relatedSpdxElement": "SPDXRef-nothing"/' initbias.spdx.json
spoil 'merges.txt is not there, or another file' relist sed -i '$d' data/gpt2/merges.txt
spoil 'is not SPDX 2.3' relist sed -i 's/SPDX-2.3/SPDX-2.2/' initbias.spdx.json
spoil 'no text of LicenseRef-' relist sed -i 's/"licenseId": "LicenseRef-/"licenseId": "LicenseRef-Other-/' initbias.spdx.json
spoil 'CITATION.cff has no license' relist sed -i '/^license:/d' CITATION.cff

# A file whose digest its README does not state is not packed.
cd "$work" || exit
sed -i '$d' data/gpt2/merges.txt
git add --all
commit second
expect 1 'merges.txt is not the file whose sha256' "$python" "$archive"
[[ $failures -eq 0 ]]
