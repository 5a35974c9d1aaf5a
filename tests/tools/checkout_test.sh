#!/bin/bash
# Files come out of git byte for byte where it is set to change line ends, as Git for Windows is.
set -euo pipefail

attributes=$PWD/.gitattributes
export HOME=$TEST_TMPDIR GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
repository=$TEST_TMPDIR/repository
git init --quiet "$repository"
cp "$attributes" "$repository/.gitattributes"
cd "$repository"
printf 'one\ntwo\n' >script.sh
printf '\x89HDF\r\n\x1a\n and more\n' >data.h5
sha256sum script.sh data.h5 >"$TEST_TMPDIR/sums"
for setting in true input false; do
  git -c core.autocrlf=$setting add .
  rm script.sh data.h5
  git -c core.autocrlf=$setting checkout --quiet -- .
  sha256sum --check --quiet "$TEST_TMPDIR/sums"
done
