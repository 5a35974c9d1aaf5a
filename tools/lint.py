"""Runs clang-tidy with the checks of .clang-tidy on our own sources, as many at a time as there are cores.

First it looks for constants of one name in two headers: a program that links both has only one of them.

A file that includes LibTorch, itself or through our headers, takes 10 seconds and more: such files are left out
unless --all is given. Tests that are compiled as one source (tests_of_one_source in bazel/defs.bzl) are checked as one:
headers are read once. Arguments name single files. With --minutes=N no check begins later than that, those of what was
changed last come first, and it is said how many were left. Exits 1 if a check found something.
"""

import argparse
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDERS = ("lib", "experiments", "figures", "tests")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
LIBTORCH = re.compile(r"(ATen|c10|torch)/")
CONSTANT = re.compile(r"^inline constexpr [^=;]*?\b(k[A-Z]\w*)(?:\[\w*\])?\s*[={]", re.MULTILINE)
QUIET = ("--noshow_progress", "--show_result=0", "--ui_event_filters=-info")
# Of headers, as in .clang-tidy, and of the tests that a generated source includes.
OWN = r"^(.*/)?((lib|experiments|figures|tests)/[^.].*\.h|tests/[^.].*\.cc)$"


def defined_twice():
    headers = {}
    for path in sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.h")):
        for name in CONSTANT.findall(path.read_text(encoding="utf-8")):
            headers.setdefault(name, []).append(str(path.relative_to(ROOT)))
    return {name: paths for name, paths in headers.items() if len(paths) > 1}


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


def one_sources(bazel):
    """The generated sources that include all tests of a folder: what each includes, by its path."""
    labels = run(bazel, "query", "--noshow_progress", "kind(_one_source, //...)").split()
    built = pathlib.Path(run(bazel, "info", "bazel-bin").strip())
    paths = [built / (label.removeprefix("//").replace(":", "/") + ".cc") for label in labels]
    run(bazel, "build", *QUIET, *labels)
    return {path: [ROOT / name for _, name in INCLUDE.findall(path.read_text())] for path in paths}


def by_last_change(path_lists):
    """The keys of `path_lists`, that first of whose files one was changed last, by git; all others behind."""
    log = run("git", "log", "--format=", "--name-only") if shutil.which("git") else ""
    names = dict.fromkeys(log.split("\n"))
    place = {ROOT / name: number for number, name in enumerate(names) if name}
    return sorted(path_lists, key=lambda key: min(place.get(path.resolve(), len(names)) for path in path_lists[key]))


def main():
    begin = time.monotonic()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true", help="also the files that include LibTorch")
    parser.add_argument("--minutes", type=float, help="how long, about")
    parser.add_argument("files", nargs="*", type=pathlib.Path)
    options = parser.parse_args()
    bazel = shutil.which("bazelisk") or shutil.which("bazel") or "bazel"  # as tools/common.sh has it
    tidy = shutil.which("clang-tidy-14") or shutil.which("clang-tidy")
    if not tidy:
        sys.exit("lint: clang-tidy was not found; run tools/setup.sh")

    twice = defined_twice()
    for name, paths in twice.items():
        print(f"{name} is defined in {' and '.join(paths)}: in a program that has both, one is lost", flush=True)

    sources = options.files or sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.cc"))
    chosen = [path for path in sources if options.all or not includes_libtorch(path.resolve(), set())]

    # Has the dependencies fetched and the generated headers written.
    generated = run(bazel, "query", "--noshow_progress", "kind(_build_info_sources, //...)").split()
    run(bazel, "build", "--nobuild", *QUIET, "//...")
    if generated:
        run(bazel, "build", *QUIET, *generated)
    flags = compiler_flags(bazel)

    # What is checked at once: a generated source in place of the tests that it includes, or a file.
    together = {} if options.files else {
        path: tests for path, tests in one_sources(bazel).items() if set(tests) <= set(chosen)
    }
    covered = {test for tests in together.values() for test in tests}
    # The long ones first, so that no core waits for them at the end.
    units = [*sorted(together, key=lambda path: -len(together[path])), *(path for path in chosen if path not in covered)]
    if options.minutes:
        units = by_last_change({path: together.get(path, [path]) for path in units})

    def check(path):
        if options.minutes and time.monotonic() - begin > 60 * options.minutes:
            return None
        # Added to the checks of .clang-tidy: that such a source includes sources is what it is for.
        checks = ["--checks=-bugprone-suspicious-include"] if path in together else []
        options_file = f"--config-file={ROOT / '.clang-tidy'}"
        command = [tidy, "--quiet", str(path), f"--header-filter={OWN}", options_file, *checks, "--", *flags]
        return subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    bad = set()
    left = set()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, result in zip(units, pool.map(check, units)):
            if result is None:
                left.update(together.get(path, [path]))
            elif result.returncode:
                said = result.stdout or result.stderr
                named = [test for test in together.get(path, []) if f"{test.relative_to(ROOT)}:" in said]
                bad.update(named or [path])
                print(f"{path.name if path in together else path.resolve().relative_to(ROOT)}:\n{said}", flush=True)
    left_out = len(sources) - len(chosen)
    note = f"; {left_out} that include LibTorch left out (LINT=all takes them in)" if left_out else ""
    if left:
        note += f"; {len(left)} left for want of time (make lint checks all)"
    checked = len(chosen) - len(left)
    print(f"lint: {checked - len(bad)} of {checked} files are fine{note}")
    sys.exit(1 if bad or twice else 0)


if __name__ == "__main__":
    main()
