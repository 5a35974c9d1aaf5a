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

# results_in FOLDER: the names of what programs store there, but for locks and the index of runs.
results_in() {
  (cd "$1" && find . -type f ! -name '*.lock' ! -name .index | sort)
}

# same_results FOLDER FOLDER: whether both hold the same files: HDF5 ones the same outside of /provenance, pictures and tables
# byte for byte. What is not is left in $difference, their number in $compared.
same_results() {
  local file
  compared=0
  if ! difference=$(diff <(results_in "$1") <(results_in "$2")); then
    difference="other files: $difference"
    return 1
  fi
  while read -r file; do
    case $file in
      *.h5) same_numbers "$1/$file" "$2/$file" || { difference="$file differs: $difference"; return 1; } ;;
      *) cmp -s "$1/$file" "$2/$file" || { difference="$file differs"; return 1; } ;;
    esac
    compared=$((compared + 1))
  done < <(results_in "$1")
}
