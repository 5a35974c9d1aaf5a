"""Fetches the pinned wheels that make up LibTorch and unpacks what the build needs of them.

A wheel is taken from --local where that is given (nothing is downloaded then), else from the cache folder, else
with `pip download` into the cache folder. Every wheel is checked against its sha256 in the lock file, wherever it
came from. Only the standard library is used, so any Python from 3.8 on will do, whatever the wheels are made for.
"""

import argparse
import hashlib
import os
import pathlib
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile

from pip_environment import pip_environment

# The Python whose wheels are pinned; it need not be the Python that runs.
WHEEL_PYTHON = "3.11"

# The tags of wheels for Linux that pip may take; of another machine than its own it has to be told each.
PLATFORMS = ("manylinux_2_28", "manylinux_2_27", "manylinux_2_25", "manylinux_2_18", "manylinux_2_17", "manylinux2014")

# What the build uses of the wheels. include/fmt stays out: it is not the fmt that our own code is built with.
HEADERS = re.compile(r"torch/include/(?!fmt/)")
CPU_LIBRARIES = re.compile(
    r"torch/lib/(libtorch_cpu|libc10|libgomp|libarm_compute\w*|libnvpl\w+)\.so[.\d]*$"
    r"|nvidia/cu13/lib/(libcudart|libcupti)\.so[.\d]*$"
)
ALL_LIBRARIES = re.compile(r"torch/lib/(?!libtorch_python|libshm)[^/]*\.so[.\d]*$|nvidia/[^/]+/lib/[^/]*\.so[.\d]*$")


class Problem(Exception):
    """Something that the user can mend; the message says how."""


def parse_lock(paths):
    """Returns (name, version, sha256, line) for each requirement of the lock files."""
    wheels = []
    for path in paths:
        for line in path.read_text().splitlines():
            match = re.fullmatch(r"([\w.-]+)==(\S+) --hash=sha256:([0-9a-f]{64})", line)
            if match:
                wheels.append((*match.groups(), line))
    return wheels


def sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def find(folder, name, version, digest):
    """Returns the wheel's path in `folder`, None where there is none with the right digest."""
    prefix = f"{name.replace('-', '_')}-{version}-"
    for path in sorted(folder.glob("*.whl")):
        if path.name.startswith(prefix) and sha256(path) == digest:
            return path
    return None


def download(cache, cpu, name, version, requirement):
    """Downloads one wheel for machines with that `cpu` into `cache`."""
    cache.mkdir(parents=True, exist_ok=True)
    # Into a folder of its own and renamed when complete: a second build may be fetching the same wheel.
    with tempfile.TemporaryDirectory(dir=cache, prefix="incoming-") as incoming:
        lock = pathlib.Path(incoming, "requirement.txt")
        lock.write_text(requirement + "\n")
        command = [
            *(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input"),
            *("--no-cache-dir", "--no-deps", "--require-hashes", "--only-binary=:all:"),
            *("--python-version", WHEEL_PYTHON, *(f"--platform={tag}_{cpu}" for tag in PLATFORMS)),
            *("--dest", incoming, "--requirement", str(lock)),
        ]
        result = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env=pip_environment("download", dict(os.environ)),
        )
        if result.returncode:
            raise Problem(f"downloading {name} {version} failed:\n\n{result.stdout.strip()}\n")
        for wheel in pathlib.Path(incoming).glob("*.whl"):
            os.replace(wheel, cache / wheel.name)


def unpack(wheel, members, destination):
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if not name.endswith("/") and members(name):
                target = destination / name
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(name) as source, open(target, "wb") as file:
                    shutil.copyfileobj(source, file, 1 << 20)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lock", type=pathlib.Path, action="append", required=True)
    parser.add_argument("--cpu", default=platform.machine(), help="x86_64 or aarch64")
    parser.add_argument("--local", type=pathlib.Path, help="take the wheels from this folder, download nothing")
    parser.add_argument("--cache", type=pathlib.Path, required=True)
    parser.add_argument("--destination", type=pathlib.Path, required=True)
    parser.add_argument("--cuda", action="store_true", help="unpack the CUDA half too")
    options = parser.parse_args()
    libraries = ALL_LIBRARIES if options.cuda else CPU_LIBRARIES
    try:
        for name, version, digest, requirement in parse_lock(options.lock):
            folder = options.local or options.cache
            wheel = find(folder, name, version, digest)
            if not wheel and options.local:
                raise Problem(f"{folder} (INITBIAS_WHEELS) has no wheel of {name} {version} with sha256 {digest}")
            if not wheel:
                download(options.cache, options.cpu, name, version, requirement)
                wheel = find(folder, name, version, digest)
            if not wheel:
                raise Problem(f"{name} {version}: the downloaded wheel is not in {folder}")
            unpack(wheel, lambda name: HEADERS.match(name) or libraries.match(name), options.destination)
    except Problem as problem:
        sys.exit(str(problem))
    except OSError as error:  # no room, or a home folder that cannot be written
        sys.exit(f"fetching LibTorch's wheels: {error}")


if __name__ == "__main__":
    main()
