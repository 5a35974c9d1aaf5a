# shellcheck shell=bash
# Completion in bash of what this project has to type: make's targets, studies among them, its settings and claims; the
# programs of bazel run, and the options of an experiment or a tool for stored results. To be sourced, say from ~/.bashrc:
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

# What .PHONY names of the Makefile, and its SETTINGS: targets, settings.
_initbias_targets() {
  sed -n 's/^\.PHONY: \([^$]*\)$/\1/p' "$_initbias_root/Makefile"
}
_initbias_settings() {
  sed -n 's/^SETTINGS := //p' "$_initbias_root/Makefile" | tr ' ' '\n' | sed '/^$/d; s/$/=/'
}

_initbias_claims() {
  sed -n 's/^  "id": "\(.*\)",$/\1/p' "$_initbias_root"/experiments/claims*.json | sort -u
}

# The tools of lib/store, and the files that declare the options of one: some are made elsewhere.
_initbias_tools() {
  grep -A1 -E '^(cc_binary|alias)\($' "$_initbias_root/lib/store/BUILD" | sed -n 's/^    name = "\(.*\)",$/\1/p'
}
_initbias_tool_sources() {
  local folder
  for folder in lib/store experiments figures; do
    [[ ! -f $_initbias_root/$folder/$1.cc ]] || echo "$folder/$1.cc"
  done
  [[ $1 != list && $1 != store ]] || echo experiments/run_list.cc
}

# The options that source files declare, and the values of one that may have some only, written there, or as the names of an
# enum or a constant of lib: _initbias_values OPTION FILE..
_initbias_options() {
  (cd "$_initbias_root" && grep -oh '"--[a-z-]*"' "$@") | tr -d '"' | sort -u
}
_initbias_values() {
  local option=$1 values kind
  shift
  values=$(cd "$_initbias_root" && cat "$@" | tr '\n' ' ' | sed 's/app\.Add/\n/g' |
    sed -n "s/^[A-Za-z]*( *\"$option\".*OneOf(\([^)]*\)).*/\1/p")
  if [[ $values == *'EnumNames<'* ]]; then
    kind=${values#*EnumNames<}
    kind=${kind%%>*}
    kind=${kind##*::}
    values=$(cd "$_initbias_root/lib/config" && cat enums.h profile.h | tr '\n' ' ' |
      sed -n "s/.*EnumNames<$kind> {[^=]*= {\([^}]*\)}.*/\1/p")
  elif [[ $values == k[A-Z]* ]]; then
    values=$(cd "$_initbias_root/lib" && cat base/*.h config/*.h | tr '\n' ' ' |
      sed -n "s/.* $values[^=]*= {\([^}]*\)}.*/\1/p")
  fi
  tr -d '",{}' <<<"$values"
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
      _initbias_reply "$word" $(_initbias_values "--$(tr '[:upper:]' '[:lower:]' <<<"$name")" lib/run/flags.cc |
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
  local line=${COMP_LINE:0:$COMP_POINT} word sources="" option tool=""
  word=${line##*[[:space:]]}
  if [[ $PWD -ef $_initbias_root || $PWD/ == "$_initbias_root"/* ]]; then
    # shellcheck disable=SC2046
    case $word in
      //experiments:* | //figures:*)
        _initbias_reply "$word" $(_initbias_studies | _initbias_lines "${word%%:*}:")
        return
        ;;
      //lib/store:*)
        _initbias_reply "$word" $(_initbias_tools | _initbias_lines //lib/store:)
        return
        ;;
    esac
    [[ $line != *' //experiments:'*' -- '* ]] || sources=lib/run/flags.cc
    [[ $line != *' //figures:'*' -- '* ]] || sources=figures/figure_main.cc
    if [[ $line == *' //lib/store:'*' -- '* ]]; then
      tool=${line#*' //lib/store:'}
      tool=${tool%% *}
      sources=$(_initbias_tool_sources "$tool")
    fi
    # The commands of the store, before one is given.
    if [[ $tool == store && $word != -* && ${line#*' -- '} == "$word" ]]; then
      # shellcheck disable=SC2046
      _initbias_reply "$word" $(sed -n 's/.*AddCommand(app, "\([a-z]*\)".*/\1/p' "$_initbias_root/experiments/store.cc")
      return
    fi
    option=${word%%=*}
    # shellcheck disable=SC2046,SC2086
    case ${sources:+$word} in
      --*=*)
        _initbias_reply "$word" $(_initbias_values "$option" $sources | _initbias_lines "$option=")
        return
        ;;
      --*)
        _initbias_reply "$word" $(_initbias_options $sources)
        return
        ;;
    esac
  fi
  COMPREPLY=()
  ! declare -F _bazel__complete >/dev/null || _bazel__complete "$@"
}

complete -o bashdefault -o default -F _initbias_make make
complete -o bashdefault -o default -F _initbias_bazel bazel bazelisk
