#!/bin/bash
# Packs all programs, their data, LibTorch and the libraries of this system that they need into one file,
# results/initbias-bundle-CPU.tar.gz: it runs on other Linux machines of this architecture without root, Bazel or a network,
# as on a cluster's nodes. All but glibc's own libraries is in it. An argument names the file in the place of that.
set -euo pipefail
source "$(dirname "$0")/common.sh"

command -v patchelf >/dev/null ||
  { echo 'bundle.sh: there is no patchelf; tools/setup.sh third_party/bundle/apt-packages.txt installs it' >&2; exit 1; }
cpu=$(uname -m)
file=$(realpath -m "${1:-${RESULTS:-results}/initbias-bundle-$cpu.tar.gz}")
mapfile -t studies < <(studies STUDIES; studies BEYOND_STUDIES; studies PRIVATE_STUDIES)
tools=(figures/claim_table lib/store/inspect figures/diff lib/store/watch lib/store/export experiments/list experiments/store)

targets=("${studies[@]/#/experiments/}" "${tools[@]}")
labels=()
for target in "${targets[@]}" lib/run/worker; do
  labels+=("//${target%/*}:${target##*/}")
done
stoppable "$bazel" build --jobs="$(build_jobs)" --noshow_progress --ui_event_filters=-info --show_result=0 "${labels[@]}"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
root=$scratch/initbias-bundle
mkdir -p "$root"/{lib/run,libraries,licences}

for target in "${targets[@]}"; do
  cp -L "bazel-bin/$target" "$root/"
done
cp -L bazel-bin/lib/run/worker "$root/lib/run/"
(cd bazel-bin/lib/run/worker.runfiles/initbias && find data -type f -o -type l) | while read -r data; do
  mkdir -p "$root/${data%/*}"
  cp -L "bazel-bin/lib/run/worker.runfiles/initbias/$data" "$root/$data"
done

# LibTorch keeps its layout, in which its own libraries find each other; with INITBIAS_CUDA=1 its CUDA half is there, too.
torch=$(dirname "$(readlink -f bazel-bin/lib/run/worker.runfiles/initbias/_solib*/*/libtorch_cpu.so)")
wheels=${torch%/torch/lib}
if [[ -d $wheels/nvidia ]]; then
  (cd "$wheels" && find torch/lib nvidia -name '*.so*' \( -type f -o -type l \)) | while read -r library; do
    mkdir -p "$root/libraries/${library%/*}"
    cp -L "$wheels/$library" "$root/libraries/$library"
  done
else
  mkdir -p "$root/libraries/torch/lib"
  cp -L "$torch"/*.so* "$root/libraries/torch/lib/"
  cp -L bazel-bin/lib/run/worker.runfiles/initbias/_solib*/*/*.so* "$root/libraries/torch/lib/"
fi

# glibc's own belong to the system, as does the loader.
glibc='ld-linux.*|lib(c|m|dl|rt|pthread|util|resolv|anl|BrokenLocale|nsl|nss_.*|thread_db|mvec)\.so\.[0-9]+'
for program in "$root"/* "$root/lib/run/worker"; do
  [[ ! -f $program ]] || ldd "bazel-bin/$(case $program in
    */lib/run/worker) echo lib/run/worker ;;
    *) printf '%s\n' "${targets[@]}" | grep "/${program##*/}\$" ;;
  esac)"
done | sed -n 's/^\t\(.*\) => \(\/.*\) (0x.*/\1 \2/p' | sort -u | while read -r name path; do
  if [[ ! $name =~ ^($glibc)$ && ! -e $(find "$root/libraries" -name "$name" -print -quit) ]]; then
    cp -L "$path" "$root/libraries/$name"
    package=$(dpkg-query -S "$(readlink -f "$path")" "$path" 2>/dev/null | sed -n '1s/:.*//p' || true)
    [[ ! -f /usr/share/doc/$package/copyright ]] || cp -L "/usr/share/doc/$package/copyright" "$root/licences/$package"
  fi
done
cp LICENSE "$root/licences/initbias"
cat >"$root/licences/libtorch" <<'END'
LibTorch (libraries/torch): BSD-3-Clause, Copyright (c) 2016- Facebook, Inc (Adam Paszke) and others. The full text, and those of
what it contains: https://github.com/pytorch/pytorch, files LICENSE and NOTICE. With it come libgomp (GPL-3.0 with the GCC Runtime
Library Exception) and Intel's MKL (Intel Simplified Software License).
END

# RPATH, which holds for what a library needs in its turn, too, and not RUNPATH, which does not.
find_in() {
  local file=$1 folders=
  shift
  for folder in "$@"; do folders+=${folders:+:}\$ORIGIN/$folder; done
  chmod u+w "$file"
  patchelf --force-rpath --set-rpath "$folders" "$file"
}
mapfile -t folders < <(cd "$root" && find libraries -name '*.so*' -printf '%h\n' | sort -u)
for program in "$root"/*; do
  [[ ! -f $program ]] || find_in "$program" "${folders[@]}"
done
find_in "$root/lib/run/worker" "${folders[@]/#/../../}"
for library in "$root"/libraries/*.so*; do
  find_in "$library" .
done

glibc_version=$(ldd --version | sed -n '1s/.* //p')
cat >"$root/README" <<END
initbias $(git -c safe.directory="$(pwd -P)" rev-parse --short HEAD 2>/dev/null || echo 'of no commit'), for $cpu Linux with glibc $glibc_version or later. No root, no Bazel, no network.
From any folder, by this one's path:
  initbias-bundle/fig3 --profile=smoke --results=DIR     a first look, seconds
  initbias-bundle/fig3 --results=DIR                     figure 3; --help: all options
  initbias-bundle/claim_table --results=DIR              all claims judged there
On a cluster, from a folder that its nodes share, add --executor=slurm; --status tells how far it is.
The studies are $(printf '%s ' "${studies[@]:0:3}").. $(printf '%s' "${studies[-1]}"); list, inspect, diff, watch and export read results.
PDF and PNG pictures need rsvg-convert (librsvg2-bin) where they are drawn; without it there are SVG and CSV.
Downloaded data (fig1 and fig7 at the extended and paper profiles) are looked for in data/ of the working folder.
Licences, ours and of the libraries: licences/. The paper: https://arxiv.org/abs/2502.04375; sources and findings: the repository.
END
chmod -R u+w,go+rX "$root"
mkdir -p "$(dirname "$file")"
tar -C "$scratch" --sort=name --owner=0 --group=0 --numeric-owner -cf - initbias-bundle | gzip -1 >"$file.tmp"
mv "$file.tmp" "$file"
echo "wrote $file, $(du -h "$file" | cut -f1)B; unpacked $(du -sh "$root" | cut -f1)B"
