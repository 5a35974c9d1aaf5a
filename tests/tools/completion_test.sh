#!/bin/bash
# tools/completion.bash completes what is typed, part by part as bash takes it apart at = and :, with the names of the project.
set -uo pipefail
source tools/completion.bash
source tools/common.sh

failures=0
fail() { echo "$1" >&2; failures=$((failures + 1)); }

# replies LINE: what bash would offer behind LINE, sorted, on one line.
replies() {
  COMP_LINE=$1
  COMP_POINT=${#COMP_LINE}
  local how
  how=$(complete -p "${COMP_LINE%% *}")
  how=${how##*-F }
  COMPREPLY=()
  "${how%% *}" "${COMP_LINE%% *}" '' ''
  printf '%s\n' "${COMPREPLY[@]}" | LC_ALL=C sort | tr '\n' ' ' | sed 's/^ *//; s/ $//'
}
# offers LINE REPLIES: these and no others.
offers() {
  local got
  got=$(replies "$1")
  [[ $got == "$2" ]] || fail "'$1' offers '$got' instead of '$2'"
}
# holds LINE REPLY...: these among others.
holds() {
  local line=$1 got reply
  shift
  got=" $(replies "$line") "
  for reply in "$@"; do
    [[ $got == *" $reply "* ]] || fail "'$line' does not offer '$reply' but '$got'"
  done
}

mapfile -t names < <(studies STUDIES; studies BEYOND_STUDIES; studies PRIVATE_STUDIES)
[[ ${#names[@]} -gt 0 ]] || fail 'there are no studies'
holds 'make ' "${names[@]}" figures kick test PROFILE= CLAIM=
offers 'make appendix_c_fig4' appendix_c_fig4
offers 'make nothing_like_it' ''
offers 'make PRO' PROFILE=
offers 'make fig3 PROFILE=' 'default extended paper smoke'
offers 'make fig3 PROFILE=sm' smoke
offers 'make DEVICE=c' 'cpu cuda'
offers 'make figures FROM=' reference
offers 'make claims CLAIM=fig1.fas' fig1.faster
offers 'bazel run //experiments:appendix_t' 'appendix_text appendix_theory'
holds 'bazelisk run //figures:' "${names[@]}"
holds 'bazel run //experiments:fig3 -- --' --profile --seeds --set --dry-run --print-config
offers 'bazel run //experiments:fig3 -- --profile=e' extended
offers 'bazel run //experiments:fig3 -- --seeds=' ''
offers 'bazel run //experiments:fig3 -- --numerics=' 'flush native pinned'
offers 'bazel run //figures:fig3 -- --pan' --panel
offers 'bazel bu' ''
offers 'bazel run //lib/store:' 'diff export inspect list store watch'
offers 'bazel run //lib/store:store -- ' 'copy list remove show'
offers 'bazel run //lib/store:store -- re' remove
offers 'bazel run //lib/store:store -- remove --y' --yes
offers 'bazel run //lib/store:store -- copy --ga' --gamma
offers 'bazel run //lib/store:list -- --model=' 'emb_mlp gpt2 transformer'
offers 'bazel run //lib/store:diff -- --sh' --short

# Where bash does not take words apart, as in zsh, the whole word is offered.
COMP_WORDBREAKS=' '
offers 'make PROFILE=sm' PROFILE=smoke
offers 'bazel run //experiments:fig1' //experiments:fig1

# zsh reads the same file, and takes some expansions otherwise.
if command -v zsh >/dev/null; then
  for line in 'make fig3 PROFILE=sm' 'bazel run //experiments:appendix_the'; do
    got=$(zsh -f -c 'complete() { :; }; source tools/completion.bash; COMP_LINE=$1; COMP_POINT=${#COMP_LINE}
      COMP_WORDBREAKS=" "; cd "$_initbias_root"; _initbias_${1%% *}; print -r -- $COMPREPLY' zsh "$line" 2>&1)
    [[ $got == PROFILE=smoke || $got == //experiments:appendix_theory ]] || fail "in zsh '$line' offers '$got'"
  done
else
  echo 'without zsh: only bash was tried'
fi

# A mistyped setting is no setting; those of the environment are nobody's business.
for typed in profile=smoke PROFLE=smoke RESULT=x; do
  if said=$(make -n help "$typed" 2>&1) || [[ $said != *"there is no setting '${typed%=*}'"* ]]; then
    echo "make takes $typed: $said" >&2
    failures=$((failures + 1))
  fi
done
if ! said=$(PROFLE=smoke make -n help INITBIAS_SETUP=skip PROFILE=smoke 'ARGS=--set a=b --x' 2>&1); then
  echo "make refuses settings that there are: $said" >&2
  failures=$((failures + 1))
fi

# In another folder make's own completion goes on.
cd "$TEST_TMPDIR" || exit
_make() { COMPREPLY=(elsewhere); }
offers 'make fig' elsewhere
[[ $failures -eq 0 ]]
