#!/bin/bash
# The recipe of the image names files that are there and a base with its version, runs as a user of its own, and leaves out
# what git does. No engine is needed.
set -uo pipefail

failures=0
fail() { echo "$1" >&2; failures=$((failures + 1)); }

steps=$(sed -e ':a' -e '/\\$/N; s/\\\n//; ta' Dockerfile | grep -v '^ *#' | grep -v '^ *$')
while read -r instruction arguments; do
  case $instruction in
    FROM) [[ $arguments =~ ^[a-z/]+:[0-9]+(@sha256:[0-9a-f]+)?$ ]] || fail "FROM $arguments: no version" ;;
    COPY)
      read -ra words <<<"$arguments"
      for source in "${words[@]::${#words[@]}-1}"; do
        [[ $source == --* || -e $source ]] || fail "COPY $source: there is no such file"
      done
      ;;
    RUN | ARG | USER | WORKDIR | CMD) ;;
    *) fail "no instruction of a Dockerfile, or a new one: $instruction" ;;
  esac
done <<<"$steps"
grep -q '^RUN tools/setup.sh' <<<"$steps" || fail 'it is not set up as everywhere else'
last_user=$(grep '^USER' <<<"$steps" | tail -1)
[[ -n $last_user && $last_user != 'USER root' ]] || fail 'it would run as root'

# Docker takes a pattern from the root where git takes one without a slash anywhere.
patterns() { grep -v '^#' "$1" | sed 's,^\*\*/,,; s,^/,,; s,/$,,; /^$/d' | sort; }
difference=$(diff <(patterns .gitignore) <(patterns .dockerignore)) || fail ".dockerignore is not .gitignore: $difference"
[[ $failures -eq 0 ]]
