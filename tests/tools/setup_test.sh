#!/bin/bash
# setup.sh with stand-ins for the package manager and Bazel: any language, any Bazel, any folder.
set -uo pipefail

bin=$TEST_TMPDIR/bin
mkdir -p "$bin"
# place FOLDER: what setup.sh needs, there.
place() {
  mkdir -p "$1/tools" "$1/third_party"
  cp tools/setup.sh tools/common.sh "$1/tools"
  cp third_party/apt-packages.txt "$1/third_party"
  cp .bazeliskrc "$1"
}
program() {
  cat >"$bin/$1"
  chmod +x "$bin/$1"
}
# All is installed but $MISSING.
program dpkg-query <<'END2'
#!/bin/bash
for word in "$@"; do
  [[ $word == --* || $word == "${MISSING:-}" ]] || echo "installed $word"
done
END2
# In German, unless it is told to speak English.
program apt-cache <<'END2'
#!/bin/bash
word=Installationskandidat
[[ ${LC_ALL:-} != C ]] || word=Candidate
printf '%s:\n  %s: 1.0\n' "$2" "$word"
END2
program apt-get <<'END2'
#!/bin/bash
exit 0
END2
program sudo <<'END2'
#!/bin/bash
while [[ $1 == -* ]]; do shift; done
exec "$@"
END2
for name in bazel bazelisk; do
  program $name <<'END2'
#!/bin/bash
variable=VERSION_OF_$(basename "$0")
echo "bazel ${!variable:-6.5.0}"
END2
done
export PATH=$bin:$PATH

failures=0
# expect STATUS TEXT FOLDER ASSIGNMENT...: setup.sh there ends with STATUS and says TEXT.
expect() {
  local status=$1 text=$2 folder=$3 output code
  shift 3
  output=$(env "$@" "$folder/tools/setup.sh" 2>&1 </dev/null)
  code=$?
  # What is said is broken into lines of 80 columns, but for commands and longer words.
  if [[ $code -ne $status || ${output//$'\n'/ } != *"$text"* || (-z $text && -n $output) ||
    $(grep -v "^ \|$TEST_TMPDIR" <<<"$output" | wc -L) -gt 80 ]]; then
    printf 'expected status %s and "%s" with %s in %s\ngot status %s and: %s\n' "$status" "$text" "$*" "$folder" "$code" "$output" >&2
    failures=$((failures + 1))
  fi
}

work=$TEST_TMPDIR/work
place "$work"
expect 0 '' "$work"
expect 0 'set-up: done' "$work" MISSING=librsvg2-bin LANGUAGE=de LC_ALL=C.UTF-8

# Bazelisk is asked first, for it runs first; a version that tells nothing is taken.
for version in 4.2.3 5.4.1 6.5.0 '7.4.0- (@non-git)' 'no_version'; do
  expect 0 '' "$work" "VERSION_OF_bazelisk=$version" VERSION_OF_bazel=8.4.2
done
for version in 3.7.2 4.1.0 8.0.0 8.4.2 10.0.0; do
  expect 1 "this builds with 4.2 to 7: install Bazelisk, which takes 6.5.0" "$work" "VERSION_OF_bazelisk=$version"
done
rm "$bin/bazelisk"
expect 1 "set-up: $bin/bazel is Bazel 8.4" "$work" VERSION_OF_bazel=8.4.2 "PATH=$bin:/usr/bin:/bin"

for name in 'a b' $'b\xc3\xbccher' $'a\tb'; do
  place "$TEST_TMPDIR/$name"
  expect 1 'set-up: Bazel takes no clone whose path has blanks or letters beyond ASCII' "$TEST_TMPDIR/$name"
done
place "$TEST_TMPDIR/a-b_c+d,e.f~1"
expect 0 '' "$TEST_TMPDIR/a-b_c+d,e.f~1"

# Without a place for what Bazel builds it is told in plain words, before Bazel is asked; not where another place is named.
ln -s bazel "$bin/bazelisk"
touch "$TEST_TMPDIR/file"
said="/.cache/bazel. Name a folder for it, as in   make fig3 HOME=/tmp/home"
for home in "$TEST_TMPDIR/file" "$TEST_TMPDIR/file/home" /dev/null; do
  expect 1 "set-up: HOME=$home is not there, or this user may not write into it" "$work" -u TEST_TMPDIR -u XDG_CACHE_HOME HOME="$home"
  expect 1 "$said" "$work" -u TEST_TMPDIR -u XDG_CACHE_HOME HOME="$home" INITBIAS_SETUP=skip
  expect 0 '' "$work" -u TEST_TMPDIR HOME="$home" XDG_CACHE_HOME="$TEST_TMPDIR"
  expect 0 '' "$work" -u XDG_CACHE_HOME HOME="$home" TEST_TMPDIR="$TEST_TMPDIR"
done
for home in "$TEST_TMPDIR" "$TEST_TMPDIR/not/there/yet" relative relative/home; do
  expect 0 '' "$work" -u TEST_TMPDIR -u XDG_CACHE_HOME HOME="$home"
done
expect 0 '' "$work" -u TEST_TMPDIR -u XDG_CACHE_HOME -u HOME
echo 'startup --output_user_root=/tmp/bazel' >"$work/user.bazelrc"
expect 0 '' "$work" -u TEST_TMPDIR -u XDG_CACHE_HOME HOME=/dev/null
[[ $failures -eq 0 ]]
