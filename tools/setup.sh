#!/bin/bash
# Installs what is missing of third_party/apt-packages.txt, and of other such lists that are named on the command
# line, on Debian or Ubuntu, with sudo where not root.
# Where it may not, or on another system, it changes nothing, prints the commands to run, and fails.
# With everything in place it does nothing and takes no time. INITBIAS_SETUP=skip leaves it out.
set -euo pipefail
source "$(dirname "$0")/common.sh"

# Bazel would say it in words of its own, or break.
bytes_beyond() { local LC_ALL=C; [[ $1 == *[!!-~]* ]]; }
folder=$(pwd -P)
if bytes_beyond "$folder"; then
  tell "set-up: Bazel takes no clone whose path has blanks or letters beyond ASCII: move $folder elsewhere." >&2
  exit 1
fi

# Where Bazel keeps what it builds is no place for this user's files: it would say so in words of its own. TEST_TMPDIR,
# XDG_CACHE_HOME and its own settings may name another place.
home_is_closed() {
  local place=${HOME:-}/.cache/bazel
  [[ -n ${HOME:-} && -z ${TEST_TMPDIR:-} && -z ${XDG_CACHE_HOME:-} ]] || return 1
  ! grep -qsE '^[[:space:]]*startup.*--output_(user_root|base)' .bazelrc user.bazelrc "$HOME/.bazelrc" /etc/bazel.bazelrc ||
    return 1
  [[ $place == /* ]] || place=$PWD/$place
  while [[ -n $place && ! -e $place ]]; do place=${place%/*}; done
  place=${place:-/}
  [[ ! ( -d $place && -w $place && -x $place ) ]]
}
if home_is_closed; then
  {
    tell "set-up: HOME=$HOME is not there, or this user may not write into it, and Bazel keeps what it builds in" \
      '~/.cache/bazel. Name a folder for it, as in'
    echo '  make fig3 HOME=/tmp/home'
  } >&2
  exit 1
fi

[[ ${INITBIAS_SETUP:-} != skip ]] || exit 0

# Another Bazel than Debian's is used as it is.
own_bazel() {
  command -v "$bazel" >/dev/null || return 1
  [[ $(readlink -f "$bazel") != /usr/bin/bazel* ]] || ! dpkg-query --show bazel-bootstrap &>/dev/null
}

# One that was there before: 4.2 to 7 will do.
if command -v "$bazel" >/dev/null; then
  version=$("$bazel" --version 2>/dev/null | sed -n 's/^bazel \([0-9]*\.[0-9]*\).*/\1/p') || version=
  major=${version%.*}
  minor=${version#*.}
  if [[ -n $version ]] && ((major < 4 || major == 4 && minor < 2 || major > 7)); then
    pinned=$(sed -n 's/^USE_BAZEL_VERSION=//p' .bazeliskrc)
    tell "set-up: $bazel is Bazel $version, and this builds with 4.2 to 7: install Bazelisk, which takes $pinned here" \
      "(.bazeliskrc), or set USE_BAZEL_VERSION=$pinned where that is Bazelisk already." >&2
    exit 1
  fi
fi

mapfile -t packages < <(grep -hEv '^[[:space:]]*(#|$)' third_party/apt-packages.txt "$@")
if own_bazel; then
  mapfile -t packages < <(printf '%s\n' "${packages[@]}" | grep -v '^bazel-')
fi

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
  cat >&2 <<END
set-up: this is not Debian or Ubuntu, so nothing was installed. Either install
the counterparts of

$(tell "${packages[*]}")

with your system's package manager and go on with INITBIAS_SETUP=skip make ...,
or work in a container:

    docker run -it --rm -v "\$PWD:/initbias" -w /initbias debian:12 \\
        bash -c 'apt-get update && apt-get install -y make && make figures'
END
  exit 1
fi

mapfile -t missing < <(comm -23 \
  <(printf '%s\n' "${packages[@]}" | sort) \
  <(dpkg-query --show --showformat='${db:Status-Status} ${Package}\n' "${packages[@]}" 2>/dev/null |
    sed -n 's/^installed //p' | sort))
if [[ ${#missing[@]} -eq 0 ]]; then
  exit 0
fi

commands="sudo apt-get update
    sudo apt-get install --no-install-recommends ${missing[*]}"
as_root=()
if [[ $EUID -ne 0 ]]; then
  # Without a terminal nobody can type a password.
  if ! command -v sudo >/dev/null || { ! sudo -n true 2>/dev/null && [[ ! -t 0 ]]; }; then
    printf 'set-up: packages are missing and this user may not install them. Run:\n\n    %s\n\n' "$commands" >&2
    exit 1
  fi
  as_root=(sudo)
fi

stop() {
  printf 'set-up: %s\n\nThe commands were:\n\n    %s\n\n' "$1" "$commands" >&2
  exit 1
}

tell "set-up: installing ${#missing[@]} packages with ${as_root[*]:+sudo }apt-get, a minute or two: ${missing[*]}"
install_quietly() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 "$@"
}
install_quietly update || tell 'set-up: apt-get update failed; going on with the package lists that are there' >&2
for package in "${missing[@]}"; do
  candidate=$(LC_ALL=C apt-cache policy "$package" | sed -n 's/^ *Candidate: //p')
  if [[ -z $candidate || $candidate == '(none)' ]]; then
    stop "this release has no package $package."
  fi
  if [[ $package == bazel-bootstrap ]] && dpkg --compare-versions "$candidate" lt 4.2; then
    stop "this release's Bazel, $candidate, is too old: install Bazelisk and run this again."
  fi
done
install_quietly install -y --no-install-recommends "${missing[@]}" >/dev/null || stop 'apt-get install failed.'
echo 'set-up: done'
