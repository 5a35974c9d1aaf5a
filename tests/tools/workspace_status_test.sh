#!/bin/bash
# workspace_status.sh: the commit and whether the tree differs from it, also in another user's clone; unknown, and not
# clean, where git does not tell.
set -uo pipefail

script=$PWD/bazel/workspace_status.sh
export HOME=$TEST_TMPDIR GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
clone=$TEST_TMPDIR/clone
git init --quiet "$clone"
cd "$clone"
mkdir experiments
echo '[]' >experiments/claims.json
git add .
git -c user.name=n -c user.email=e@example.org commit --quiet -m 'first'
head=$(git rev-parse HEAD)

failures=0
# expect LINE...: the script says these.
expect() {
  local said line
  said=$(bash "$script" 2>&1)
  for line in "$@"; do
    grep -qxF -- "$line" <<<"$said" || { printf 'expected "%s" of:\n%s\n' "$line" "$said" >&2; failures=$((failures + 1)); }
  done
}

expect "STABLE_GIT_COMMIT $head" 'STABLE_GIT_DIRTY 0' 'STABLE_GIT_REFUSED ' "STABLE_CLAIMS_COMMITS $head"
touch new
expect "STABLE_GIT_COMMIT $head" 'STABLE_GIT_DIRTY 1' "STABLE_CLAIMS_COMMITS $head"
rm new
# git's own switch for its tests makes the clone another user's.
export GIT_TEST_ASSUME_DIFFERENT_OWNER=1
if git rev-parse --show-toplevel &>/dev/null; then
  echo 'this git does not look at the owner' >&2
else
  if git -c safe.directory="$clone" rev-parse --show-toplevel &>/dev/null; then
    expect "STABLE_GIT_COMMIT $head" 'STABLE_GIT_DIRTY 0' 'STABLE_GIT_REFUSED ' "STABLE_CLAIMS_COMMITS $head"
  fi
  # A git that refuses whatever it is told.
  mkdir "$TEST_TMPDIR/bin"
  printf '#!/bin/bash\n[[ $1 != -c ]] || shift 2\nexec %s "$@"\n' "$(command -v git)" >"$TEST_TMPDIR/bin/git"
  chmod +x "$TEST_TMPDIR/bin/git"
  PATH=$TEST_TMPDIR/bin:$PATH expect 'STABLE_GIT_COMMIT unknown' 'STABLE_GIT_DIRTY unknown' \
    "STABLE_GIT_REFUSED fatal: detected dubious ownership in repository at '$clone'" 'STABLE_CLAIMS_COMMITS unknown'
fi
unset GIT_TEST_ASSUME_DIFFERENT_OWNER
rm -rf .git
expect 'STABLE_GIT_COMMIT unknown' 'STABLE_GIT_DIRTY unknown' 'STABLE_GIT_REFUSED '
[[ $failures -eq 0 ]]
