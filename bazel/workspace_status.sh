#!/bin/bash
# Tells Bazel the commit of the tree that is built, "unknown" outside of git (a release archive).
# Never fails: a build does not depend on git.
commit=unknown
dirty=0
claims_commit=unknown
claims_time=unknown
# The tree may lie inside some other repository: only its own commit counts.
if top=$(git rev-parse --show-toplevel 2>/dev/null) && [[ $top -ef . ]]; then
  commit=$(git rev-parse --verify --quiet HEAD) || commit=unknown
  [[ -z $(git status --porcelain 2>/dev/null) ]] || dirty=1
  # The commit that registered the claims as they stand.
  read -r claims_commit claims_time < <(TZ=UTC git log -1 --date=format-local:%Y-%m-%dT%H:%M:%SZ --format='%H %cd' \
    -- experiments/claims.json 2>/dev/null) || { claims_commit=unknown; claims_time=unknown; }
fi
echo "STABLE_GIT_COMMIT $commit"
echo "STABLE_GIT_DIRTY $dirty"
echo "STABLE_CLAIMS_COMMIT $claims_commit"
echo "STABLE_CLAIMS_TIME $claims_time"
