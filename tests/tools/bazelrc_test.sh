#!/bin/bash
# Warnings are errors to developers and CI alone: another compiler, which warns of more, must not stop anybody.
set -uo pipefail

failures=0
fail() {
  echo "$1" >&2
  failures=$((failures + 1))
}

settings=$(grep -v '^#' .bazelrc)
grep -q '^build:strict .*-Werror' <<<"$settings" || fail '--config=strict does not make warnings errors'
! grep -- '-Werror' <<<"$settings" | grep -v '^build:strict ' || fail 'warnings are errors without --config=strict'
! grep -- '--config=strict' <<<"$settings" || fail 'every build is strict'

bin=$TEST_TMPDIR/bin
mkdir -p "$bin"
printf '#!/bin/bash\necho "$*" >>"%s"\n' "$TEST_TMPDIR/log" >"$bin/bazel"
chmod +x "$bin/bazel"
ln -s bazel "$bin/bazelisk"
export PATH=$bin:$PATH
for ci in '' true; do
  : >"$TEST_TMPDIR/log"
  CI=$ci tools/test.sh &>/dev/null
  [[ $(<"$TEST_TMPDIR/log") == test*//... ]] || fail "test.sh does not run the tests: $(<"$TEST_TMPDIR/log")"
  said=no
  ! grep -q -- '--config=strict' "$TEST_TMPDIR/log" || said=yes
  [[ $said == "$([[ $ci ]] && echo yes || echo no)" ]] || fail "with CI='$ci' test.sh asks for: $(<"$TEST_TMPDIR/log")"
done
# Where every build is strict already, it is not asked for twice.
mkdir -p "$TEST_TMPDIR/work/tools"
cp tools/common.sh tools/test.sh tools/count_tests.py "$TEST_TMPDIR/work/tools"
echo 'build --config=strict' >"$TEST_TMPDIR/work/user.bazelrc"
: >"$TEST_TMPDIR/log"
CI=true "$TEST_TMPDIR/work/tools/test.sh" &>/dev/null
[[ $(<"$TEST_TMPDIR/log") == test*//... && $(<"$TEST_TMPDIR/log") != *--config=strict* ]] ||
  fail "test.sh asks for it twice: $(<"$TEST_TMPDIR/log")"
[[ $failures -eq 0 ]]
