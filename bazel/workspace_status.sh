#!/bin/bash
# Tells Bazel the commit of the tree that is built, "unknown" outside of git (a release archive), and whether the tree
# differs from it: 0 where git says that it does not, else 1 or "unknown".
# Never fails: a build does not depend on git.
commit=unknown
dirty=unknown
refused=

# The clone may be another user's, as in a container: nothing is run of it that the build does not run anyway.
git() { LC_ALL=C command git -c safe.directory="$(pwd -P)" "$@"; }
# clean PATH...: whether git says that these, or all, are as committed.
clean() {
  local changes
  changes=$(git status --porcelain -- "$@" 2>/dev/null) && [[ -z $changes ]]
}

# The files of registered claims in their order.
registrations=(experiments/claims.json)
for ((n = 2; ; n++)); do
  [[ -e experiments/claims_$n.json ]] || break
  registrations+=("experiments/claims_$n.json")
done
claims_commits=()
claims_times=()
in_git=0
# The tree may lie inside some other repository: only its own commit counts.
if top=$(git rev-parse --show-toplevel 2>/dev/null); then
  if [[ $top -ef . ]]; then
    commit=$(git rev-parse --verify --quiet HEAD) || commit=unknown
    if git status --porcelain &>/dev/null; then
      dirty=1
      ! clean || dirty=0
    fi
    in_git=1
  fi
elif [[ -e .git ]]; then
  refused=$(git rev-parse --show-toplevel 2>&1 | head -1)
fi
# The commit that registered the claims as they stand, of each file; unknown where the file as it stands is in none.
for file in "${registrations[@]}"; do
  registered=unknown
  time=unknown
  if [[ $in_git -eq 1 ]] && clean "$file"; then
    read -r registered time < <(TZ=UTC git log -1 --date=format-local:%Y-%m-%dT%H:%M:%SZ --format='%H %cd' \
      -- "$file" 2>/dev/null) || { registered=unknown; time=unknown; }
  fi
  claims_commits+=("$registered")
  claims_times+=("$time")
done
echo "STABLE_GIT_COMMIT $commit"
echo "STABLE_GIT_DIRTY $dirty"
echo "STABLE_GIT_REFUSED $refused"
echo "STABLE_CLAIMS_COMMITS ${claims_commits[*]}"
echo "STABLE_CLAIMS_TIMES ${claims_times[*]}"
