"""Runs clang-tidy with the checks of .clang-tidy on our own sources, as many at a time as there are cores.

A file that includes LibTorch, itself or through our headers, takes 10 seconds and more: such files are left out
unless --all is given. Arguments name single files. Exits 1 if a check found something.
"""

import argparse
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDERS = ("lib", "experiments", "figures", "tests")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
LIBTORCH = re.compile(r"(ATen|c10|torch)/")


def run(*command):
    result = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    if result.returncode:
        sys.exit(f"lint: {' '.join(command)} failed")
    return result.stdout


def includes_libtorch(path, seen):
    """Whether `path` reaches a header of LibTorch through our own headers. `seen` ends the recursion."""
    if path in seen or not path.is_file():
        return False
    seen.add(path)
    return any(
        LIBTORCH.match(name) if bracket == "<" else includes_libtorch(ROOT / name, seen)
        for bracket, name in INCLUDE.findall(path.read_text())
    )


def compiler_flags(bazel):
    """The flags of .bazelrc that matter to a parser, and the folders where Bazel keeps headers."""
    external = pathlib.Path(run(bazel, "info", "output_base").strip(), "external")
    folders = [*external.glob("*/include"), external / "bazel_tools", external / "libtorch/torch/include"]
    folders.append(external / "libtorch/torch/include/torch/csrc/api/include")
    generated = run(bazel, "info", "bazel-bin").strip()
    return ["-std=c++20", "-iquote", str(ROOT), "-iquote", generated] + [f"-isystem{folder}" for folder in folders]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true", help="also the files that include LibTorch")
    parser.add_argument("files", nargs="*", type=pathlib.Path)
    options = parser.parse_args()
    bazel = shutil.which("bazelisk") or shutil.which("bazel") or "bazel"  # as tools/common.sh has it
    tidy = shutil.which("clang-tidy-14") or shutil.which("clang-tidy")
    if not tidy:
        sys.exit("lint: clang-tidy was not found; run tools/setup.sh")

    sources = options.files or sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.cc"))
    chosen = [path for path in sources if options.all or not includes_libtorch(path.resolve(), set())]

    # Has the dependencies fetched and the generated headers written.
    generated = run(bazel, "query", "--noshow_progress", "kind(_build_info_sources, //...)").split()
    quiet = ("--noshow_progress", "--show_result=0", "--ui_event_filters=-info")
    run(bazel, "build", "--nobuild", *quiet, "//...")
    if generated:
        run(bazel, "build", *quiet, *generated)
    flags = compiler_flags(bazel)

    def check(path):
        command = [tidy, "--quiet", str(path), "--", *flags]
        return subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    bad = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, result in zip(chosen, pool.map(check, chosen)):
            if result.returncode:
                bad += 1
                print(f"{path.resolve().relative_to(ROOT)}:\n{result.stdout or result.stderr}", flush=True)
    left_out = len(sources) - len(chosen)
    note = f"; {left_out} that include LibTorch left out (LINT=all takes them in)" if left_out else ""
    print(f"lint: {len(chosen) - bad} of {len(chosen)} files are fine{note}")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
