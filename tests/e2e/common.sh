# shellcheck shell=bash
# What the tests of whole programs share; sourced, not run.
failures=0

fail() {
  echo "$(basename "$0" .sh): $1" >&2
  failures=$((failures + 1))
}

# expect STATUS TEXT COMMAND...: the command must end with STATUS and its output, left in $output, must hold TEXT.
expect() {
  local status=$1 text=$2 code
  shift 2
  output=$("$@" 2>&1)
  code=$?
  [[ $code -eq $status && $output == *"$text"* ]] || fail "expected status $status and '$text' from: $*
got status $code and: $output"
}

# same_numbers FILE FILE: whether two HDF5 files are the same outside of /provenance; what is not is left in $difference.
same_numbers() {
  # An object that only one of them has is told by the exit status alone.
  difference=$(h5diff --exclude-path /provenance "$1" "$2" 2>&1) && [[ -z $difference ]]
}
