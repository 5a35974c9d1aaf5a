# shellcheck shell=bash
# Completion in bash of what this project has to type: make's targets, studies among them, its settings and claims; the
# programs of bazel run, and the options of an experiment. To be sourced, say from ~/.bashrc:
#
#   source ~/initbias/tools/completion.bash
#
# In zsh, first: autoload -U +X bashcompinit && bashcompinit. Names are read where they are defined each time, none is listed
# here. Elsewhere than in the project, completion is as it was, where that is a function _make or _bazel__complete.

if [[ -n ${ZSH_VERSION:-} ]]; then
  eval '_initbias_root=${${(%):-%x}:A:h:h}'
else
  _initbias_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
fi

_initbias_studies() {
  sed -n 's/^    "\(.*\)",$/\1/p' "$_initbias_root/experiments/studies.bzl"
}

# What .PHONY names of the Makefile, and what it exports: targets, settings.
_initbias_targets() {
  sed -n 's/^\.PHONY: \([^$]*\)$/\1/p' "$_initbias_root/Makefile"
}
_initbias_settings() {
  sed -n 's/^export //p' "$_initbias_root/Makefile" | tr ' ' '\n' | sed '/^$/d; s/$/=/'
}

_initbias_claims() {
  sed -n 's/^  "id": "\(.*\)",$/\1/p' "$_initbias_root"/experiments/claims*.json | sort -u
}

# The options that a source file declares, and the values of one that may have some only.
_initbias_options() {
  grep -o '"--[a-z-]*"' "$_initbias_root/$1" | tr -d '"' | sort -u
}
_initbias_values() {
  tr '\n' ' ' <"$_initbias_root/$1" | sed 's/app\.add_/\n/g' |
    sed -n "s/^[a-z_]*( *\"$2\".*IsMember({\([^}]*\)}).*/\1/p" | tr -d '",'
}

# _initbias_reply WORD CANDIDATE...: those that WORD begins. Bash takes a word apart at = and :, and wants the last part alone.
_initbias_reply() {
  local word=$1 begun="" candidate
  shift
  [[ ${COMP_WORDBREAKS:-} != *[=:]* ]] || begun=${word%"${word##*[=:]}"}
  COMPREPLY=()
  for candidate in "$@"; do
    [[ $candidate != "$word"* ]] || COMPREPLY+=("${candidate#"$begun"}")
  done
  # Behind a setting or an option that wants a value there comes no blank.
  if [[ ${#COMPREPLY[@]} -gt 0 && ${COMPREPLY[0]} == *= ]]; then
    compopt -o nospace 2>/dev/null || true
  fi
}

_initbias_lines() {
  local prefix=$1 suffix=${2:-} line
  tr -s ' ' '\n' | while read -r line; do
    [[ -z $line ]] || printf '%s%s%s\n' "$prefix" "$line" "$suffix"
  done
}

_initbias_make() {
  local line=${COMP_LINE:0:$COMP_POINT} word name
  word=${line##*[[:space:]]}
  if [[ ! $PWD -ef $_initbias_root ]]; then
    COMPREPLY=()
    ! declare -F _make >/dev/null || _make "$@"
    return 0
  fi
  name=${word%%=*}
  # shellcheck disable=SC2046
  case $word in
    PROFILE=* | DEVICE=*)
      _initbias_reply "$word" $(_initbias_values lib/run/flags.cc "--$(tr '[:upper:]' '[:lower:]' <<<"$name")" |
        _initbias_lines "$name=")
      ;;
    FROM=* | COMPARE=*) _initbias_reply "$word" "$name=reference" ;;
    ALL=* | RUNS=*) _initbias_reply "$word" "$name=1" ;;
    CLAIM=*) _initbias_reply "$word" $(_initbias_claims | _initbias_lines CLAIM=) ;;
    *=*) COMPREPLY=() ;;
    *) _initbias_reply "$word" $(_initbias_targets) $(_initbias_studies) $(_initbias_settings) ;;
  esac
}

_initbias_bazel() {
  local line=${COMP_LINE:0:$COMP_POINT} word source="" option
  word=${line##*[[:space:]]}
  if [[ $PWD -ef $_initbias_root || $PWD/ == "$_initbias_root"/* ]]; then
    # shellcheck disable=SC2046
    case $word in
      //experiments:* | //figures:*)
        _initbias_reply "$word" $(_initbias_studies | _initbias_lines "${word%%:*}:")
        return
        ;;
    esac
    [[ $line != *' //experiments:'*' -- '* ]] || source=lib/run/flags.cc
    [[ $line != *' //figures:'*' -- '* ]] || source=figures/figure_main.cc
    option=${word%%=*}
    # shellcheck disable=SC2046
    case ${source:+$word} in
      --*=*)
        _initbias_reply "$word" $(_initbias_values "$source" "$option" | _initbias_lines "$option=")
        return
        ;;
      --*)
        _initbias_reply "$word" $(_initbias_options "$source")
        return
        ;;
    esac
  fi
  COMPREPLY=()
  ! declare -F _bazel__complete >/dev/null || _bazel__complete "$@"
}

complete -o bashdefault -o default -F _initbias_make make
complete -o bashdefault -o default -F _initbias_bazel bazel bazelisk
