#!/usr/bin/env python3
"""Packs a release archive: make archive.

    archive.py [--profile=NAME] [--results=FOLDER] [--runs] [--output=FILE]

In it: the sources of the commit that is checked out; of the results of a profile the figure files, pictures and numbers (the runs
with --runs), or the pictures of the shipped figure files where nothing was trained; the report, where it was written;
initbias.spdx.json (dependencies and licences), ro-crate-metadata.json, and MANIFEST.sha256, which
`sha256sum --check` reads. docs/archive.md describes it. The same commit, results and installed packages give the same
bytes: names are sorted, times are the commit's, owners are 0.

Only the standard library is used.
"""

import argparse
import gzip
import hashlib
import io
import json
import os
import pathlib
import subprocess
import sys
import tarfile
import tempfile

import ro_crate
import spdx

MANIFEST = "MANIFEST.sha256"
BILL = "initbias.spdx.json"
PICTURES = (".svg", ".pdf", ".png", ".csv")


class Problem(Exception):
    """Something that the user can mend; the message says how."""


def git(*arguments):
    command = ["git", "-c", f"safe.directory={pathlib.Path.cwd().resolve()}", *arguments]
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "LC_ALL": "C", "TZ": "UTC"})
    if result.returncode:
        raise Problem(f"an archive is made from a git clone: {result.stderr.decode().strip()}")
    return result.stdout


def sources():
    """(bytes, whether it is a program) of each file of the commit, by its path."""
    files = {}
    with tarfile.open(fileobj=io.BytesIO(git("archive", "--format=tar", "HEAD"))) as archive:
        for member in archive:
            if member.isfile():
                files[member.name] = (archive.extractfile(member).read(), bool(member.mode & 0o100))
            elif not member.isdir():
                raise Problem(f"{member.name} is neither a file nor a folder: archive.py does not pack it")
    return files


def of_own_runs(path):
    """Not those of --set or other seeds, nor of runs on their way."""
    return not {".custom", ".unfinished"} & set(pathlib.Path(path.name).suffixes)


def result_files(results, profile, runs):
    """What to pack of the results, paths by their names in the archive, and the reports that are not there."""
    folder = results / profile
    stored = [path for path in sorted(folder.glob("*.h5")) if of_own_runs(path)]
    below = "" if stored else "reference/"
    found = list(stored)
    drawn = results / below / profile / "figures"
    found += [path for path in sorted(drawn.glob("*")) if path.suffix in PICTURES and of_own_runs(path)]
    if not found:
        raise Problem(f"there are no results in {folder} and no pictures in {drawn}: make figures PROFILE={profile} first,"
                      f" or make figures FROM=reference PROFILE={profile}")
    if runs:
        found += sorted((folder / "runs").glob("*.h5"))
    reports = [results / below / f"report.{kind}" for kind in ("html", "md")]
    found += [path for path in reports if path.exists()]
    names = {f"results/{path.relative_to(results).as_posix()}": path for path in found}
    return names, [path for path in reports if not path.exists()]


def drawings(names, profile):
    """Of each figure its file in the archive and its pictures: {name: (file, [picture])}."""
    figures = {}
    for path in sorted(names):
        if pathlib.PurePosixPath(path).suffix in PICTURES:
            name = pathlib.PurePosixPath(path).stem
            for source in (f"results/{profile}/{name}.h5", f"data/reference/{profile}/{name}.h5"):
                if source in names:
                    figures.setdefault(name, (source, []))[1].append(path)
                    break
    return figures


def pack(files, root, seconds):
    """The bytes of the archive: `files` as sources() gives them, below the folder `root`."""
    packed = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=packed, mtime=0) as compressed:
        with tarfile.open(fileobj=compressed, mode="w", format=tarfile.USTAR_FORMAT) as archive:
            for name in sorted(files):
                data, program = files[name]
                member = tarfile.TarInfo(f"{root}/{name}")
                member.size = len(data)
                member.mtime = seconds
                member.mode = 0o755 if program else 0o644
                archive.addfile(member, io.BytesIO(data))
    return packed.getvalue()


def text(value):
    return (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode(), False


def make(options):
    commit, seconds, time = git("log", "-1", "--date=format-local:%Y-%m-%dT%H:%M:%SZ", "--format=%H %ct %cd").decode().split()
    if git("status", "--porcelain"):
        print(f"archive: the tree is not as committed; packed is commit {commit[:12]}", file=sys.stderr)
    files = sources()
    # Of the commit, too, whatever the tree holds.
    with tempfile.TemporaryDirectory() as scratch:
        for name, (data, _) in files.items():
            path = pathlib.Path(scratch, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        bill = spdx.document(pathlib.Path(scratch), commit, time)
        data = [(folder, licence, sorted(rows)) for folder, licence, rows in spdx.data_sets(pathlib.Path(scratch))]
    results, missing = result_files(options.results, options.profile, options.runs)
    for name, path in results.items():
        files[name] = (path.read_bytes(), False)
    for path in missing:
        print(f"archive: without {path.name}, for there is no {path}; make report writes it", file=sys.stderr)
    files[BILL] = text(bill)
    sizes = {name: len(contents) for name, (contents, _) in files.items()}
    files[ro_crate.METADATA] = text(ro_crate.crate(
        sizes, files["CITATION.cff"][0].decode(), data, commit, time, drawings(files, options.profile)))
    lines = [f"{hashlib.sha256(files[name][0]).hexdigest()}  {name}\n" for name in sorted(files)]
    files[MANIFEST] = ("".join(lines).encode(), False)
    root = f"initbias-{commit[:12]}"
    packed = pack(files, root, int(seconds))
    path = options.output or options.results / f"{root}.tar.gz"
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        unfinished.write_bytes(packed)
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
    runs = sum(name.split("/")[-2:-1] == ["runs"] for name in results)
    print(f"{path}: {len(files)} files, {len(results)} of results ({runs} runs), {len(packed) / 1e6:.1f} MB")
    print(f"sha256 {hashlib.sha256(packed).hexdigest()}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--profile", default="default")
    parser.add_argument("--results", type=pathlib.Path, default=pathlib.Path("results"))
    parser.add_argument("--runs", action="store_true", help="pack the run files, too")
    parser.add_argument("--output", type=pathlib.Path, help="default: initbias-COMMIT.tar.gz in the results folder")
    try:
        make(parser.parse_args())
    except (Problem, OSError) as problem:
        sys.exit(f"archive: {problem}")


if __name__ == "__main__":
    main()
