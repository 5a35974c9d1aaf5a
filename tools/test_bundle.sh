#!/bin/bash
# The bundle of tools/bundle.sh on a system that has nothing but glibc: it is unpacked into an empty folder with glibc's
# libraries, /proc and /tmp, without a network; a smoke study is trained and drawn there by chroot, and its runs must have the
# bits of those made outside. An argument names a bundle; else one is made. As root, or where users may have name spaces.
set -uo pipefail
source "$(dirname "$0")/common.sh"
source tests/e2e/common.sh

folder=$(mktemp -d) || exit
trap 'chmod -R u+w "$folder"; rm -rf "$folder"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
bundle=${1:-}
if [[ -z $bundle ]]; then
  bundle=$folder/bundle.tar.gz
  tools/bundle.sh "$bundle" || exit
fi
root=$folder/root
mkdir -p "$root"/{proc,tmp,dev}
tar -xf "$bundle" -C "$root" || exit
expect 0 '10 ' wc -l "$root/initbias-bundle/README"
[[ -z $(find "$root" -type l) ]] || fail "there are links in it: $(find "$root" -type l)"

# Where the loader of this system looks for them.
ldd /bin/true | grep -o '/[^ ]*ld-linux[^ ]*' | while read -r loader; do
  mkdir -p "$root$(dirname "$loader")"
  cp -L "$loader" "$root$loader"
done
libc=$(ldd /bin/true | sed -n 's/.*libc\.so\.6 => \([^ ]*\).*/\1/p')
mkdir -p "$root${libc%/*}"
for name in libc libm libdl librt libpthread libutil libresolv; do
  cp -L "${libc%/*}/$name".so.[0-9] "$root${libc%/*}/"
done
: >"$root/dev/null"

inside=(unshare --mount --net)
[[ $EUID -eq 0 ]] || inside+=(--map-root-user)
# there COMMAND...: in that system, with no environment.
there() {
  # shellcheck disable=SC2016
  "${inside[@]}" bash -c 'mount --rbind /proc "$1/proc" && root=$1 && shift && exec env -i "$(PATH=$PATH:/usr/sbin:/sbin command -v chroot)" "$root" "$@"' - "$root" "$@"
}
study=(--profile=smoke --device=cpu --jobs=2)
expect 0 'Usage: ' there /initbias-bundle/fig3 --help
expect 0 'fig3.pdf and fig3.png are left out: rsvg-convert' there /initbias-bundle/fig3 "${study[@]}" --results=/tmp/results
tail -1 <<<"$output"
grep -q '^next: /initbias-bundle/claim_table ' <<<"$output" || fail "what comes next is not told as this bundle's program"
[[ -s $root/tmp/results/smoke/figures/fig3.svg && -s $root/tmp/results/smoke/figures/fig3.csv ]] || fail 'there is no picture'
expect 0 'emb_mlp' there /initbias-bundle/list /tmp/results
for program in "$root"/initbias-bundle/*; do
  [[ ! -x $program || -d $program ]] || expect 0 'Usage: ' there "${program#"$root"}" --help
done
# GPT-2 takes the tokenizer's and the stories' files.
expect 0 'wrote /tmp/results/smoke/fig1.h5' there /initbias-bundle/fig1 "${study[@]}" --results=/tmp/results --no-draw

# Outside, and by a link from another folder: the same bits.
ln -s "$root/initbias-bundle/fig3" "$folder/link"
(cd / && "$folder/link" "${study[@]}" --results="$folder/outside" &>"$folder/log") || fail "by a link it fails: $(cat "$folder/log")"
stoppable "$bazel" build --jobs="$(build_jobs)" --noshow_progress --ui_event_filters=-info --show_result=0 //experiments:fig3 //experiments:fig1
for name in fig3 fig1; do
  env -u BUILD_WORKSPACE_DIRECTORY "bazel-bin/experiments/$name" "${study[@]}" --results="$folder/bazel" --no-draw &>"$folder/log" ||
    fail "Bazel's $name fails: $(cat "$folder/log")"
done
compared=0
for file in "$folder"/bazel/smoke/runs/*.h5; do
  same_numbers "$file" "$root/tmp/results/smoke/runs/${file##*/}" || fail "${file##*/} is another one in the chroot: $difference"
  compared=$((compared + 1))
done
for file in "$folder"/outside/smoke/runs/*.h5; do
  same_numbers "$file" "$folder/bazel/smoke/runs/${file##*/}" || fail "${file##*/} is another one by a link: $difference"
done
echo "$compared runs compared with Bazel's; $failures failures"
[[ $failures -eq 0 && $compared -gt 5 ]]
