#!/bin/bash
# Tells Bazel the commit of the tree that is built, "unknown" outside of git (a release archive).
# Never fails: a build does not depend on git.
commit=unknown
dirty=0
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
if top=$(git rev-parse --show-toplevel 2>/dev/null) && [[ $top -ef . ]]; then
  commit=$(git rev-parse --verify --quiet HEAD) || commit=unknown
  [[ -z $(git status --porcelain 2>/dev/null) ]] || dirty=1
  in_git=1
fi
# The commit that registered the claims as they stand, of each file; unknown where the file as it stands is in none.
for file in "${registrations[@]}"; do
  registered=unknown
  time=unknown
  if [[ $in_git -eq 1 && -z $(git status --porcelain -- "$file" 2>/dev/null) ]]; then
    read -r registered time < <(TZ=UTC git log -1 --date=format-local:%Y-%m-%dT%H:%M:%SZ --format='%H %cd' \
      -- "$file" 2>/dev/null) || { registered=unknown; time=unknown; }
  fi
  claims_commits+=("$registered")
  claims_times+=("$time")
done
echo "STABLE_GIT_COMMIT $commit"
echo "STABLE_GIT_DIRTY $dirty"
echo "STABLE_CLAIMS_COMMITS ${claims_commits[*]}"
echo "STABLE_CLAIMS_TIMES ${claims_times[*]}"
