#!/bin/bash
# Tells Bazel the commit of the tree that is built, "unknown" outside of git (a release archive).
# Never fails: a build does not depend on git.
commit=unknown
dirty=0
# The tree may lie inside some other repository: only its own commit counts.
if top=$(git rev-parse --show-toplevel 2>/dev/null) && [[ $top -ef . ]]; then
  commit=$(git rev-parse --verify --quiet HEAD) || commit=unknown
  [[ -z $(git status --porcelain 2>/dev/null) ]] || dirty=1
fi
echo "STABLE_GIT_COMMIT $commit"
echo "STABLE_GIT_DIRTY $dirty"
