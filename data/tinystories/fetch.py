"""Downloads the official TinyStories files (Eldan & Li 2023) and checks their sizes and sha256.

TinyStories-train.txt has 1.9 GB, TinyStories-valid.txt 19 MB. A download that was cut or interrupted goes on where it
was when the command is run again; with everything in place it only checks. Beside each file NAME its sha256 is kept
in NAME.sha256, in the format of sha256sum.
"""

import argparse
import fcntl
import hashlib
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import ssl
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
REVISION = "f54c09fd23315a6f9c86f9dc80f725de7d8f9c64"
BASE_URL = f"https://huggingface.co/datasets/roneneldan/TinyStories/resolve/{REVISION}"
EXIT_CODES = """exit codes:
  0    all files are there and right
  1    a file could not be downloaded: network, server, disk; run again to go on
  2    wrong arguments
  3    a file is not the official one: its size or sha256 differs
  130  interrupted (143: terminated, 129: hung up); run again to go on"""
BLOCK = 1 << 20
SHA256 = re.compile(r"[0-9a-f]{64}")


class Problem(Exception):
    """What the user has to know, in one line."""

    status = 1


class WrongContent(Problem):
    """A file that is not the official one."""

    status = 3


class Terminated(BaseException):
    """SIGTERM or SIGHUP came, the first argument."""


class Wanted:
    """A file of the list: its name, and its size and sha256 where they are known."""

    def __init__(self, line, where):
        fields = line.split()
        if len(fields) != 3 or "/" in fields[0]:
            raise Problem(f"{where}: expected `name bytes sha256`, found {line!r}")
        self.name, size, digest = fields
        if not (size == "-" or size.isdigit()) or not (digest == "-" or SHA256.fullmatch(digest)):
            raise Problem(f"{where}: expected `name bytes sha256`, found {line!r}")
        self.size = None if size == "-" else int(size)
        self.digest = None if digest == "-" else digest


def read_list(path):
    try:
        lines = path.read_text().splitlines()
    except (OSError, ValueError) as error:
        raise Problem(f"cannot read {path}: {reason(error)}") from error
    numbered = [(number, line) for number, line in enumerate(lines, start=1) if line and not line.startswith("#")]
    return [Wanted(line, f"{path}, line {number}") for number, line in numbered]


def reason(error):
    """Why a request or a system call failed, in words."""
    if isinstance(error, urllib.error.HTTPError):
        return f"{error.code} {error.reason}"
    if isinstance(error, urllib.error.URLError):
        return reason(error.reason) if isinstance(error.reason, Exception) else str(error.reason)
    if isinstance(error, (socket.timeout, TimeoutError)):
        return "no answer in time"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {error.verify_message}"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__


def in_bytes(size):
    """A size for people, as lib/base/text.h has it."""
    for unit in ("B", "kB", "MB"):
        if size < 999.5:
            break
        size /= 1000
    else:
        unit = "GB"
    return f"{size:.1f} {unit}" if size < 9.95 and unit != "B" else f"{size:.0f} {unit}"


class Progress:
    """One line on a terminal; nothing elsewhere."""

    def __init__(self, name, start, total):
        self.name, self.start, self.total = name, start, total
        self.begin = self.last = time.monotonic()
        self.shown = sys.stderr.isatty() and os.environ.get("TERM", "") not in ("", "dumb")

    def show(self, done):
        now = time.monotonic()
        if not self.shown or now - self.last < 0.2:
            return
        self.last = now
        speed = (done - self.start) / (now - self.begin)
        text = f"{self.name}: {in_bytes(done)}"
        if self.total:
            minutes, seconds = divmod(int((self.total - done) / max(speed, 1)), 60)
            text += f" of {in_bytes(self.total)}, {100 * done // self.total} %, {minutes} min {seconds} s left"
        sys.stderr.write(f"\r\x1b[K{text}, {in_bytes(speed)}/s")
        sys.stderr.flush()

    def clear(self):
        if self.shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


class Redirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects, and notes the sha256 that huggingface.co states before it sends on to its store."""

    def __init__(self):
        self.digest = None

    def redirect_request(self, request, file, code, message, headers, url):
        self.digest = self.digest or linked_digest(headers)
        return super().redirect_request(request, file, code, message, headers, url)


def linked_digest(headers):
    """The sha256 in X-Linked-ETag, which is that of a file in Git LFS; None where there is none."""
    tag = headers.get("X-Linked-ETag", "").strip('"').lower()
    return tag if SHA256.fullmatch(tag) else None


def strong_tag(headers):
    """The ETag if it vouches for every byte, else None: only such a one may be used to go on."""
    tag = headers.get("ETag", "")
    return tag if tag.startswith('"') else None


def hash_file(path, digest=None):
    """The sha256 of a file, as a hashlib object."""
    digest = digest or hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(BLOCK), b""):
            digest.update(block)
    return digest


def write_text(path, text):
    temporary = path.with_name(path.name + ".tmp")
    temporary.write_text(text)
    os.replace(temporary, path)


class Download:
    """One file on its way: NAME.part, which grows, and NAME.part.json, the ETag of what it is a part of."""

    def __init__(self, wanted, folder, base_url, timeout):
        self.wanted, self.timeout = wanted, timeout
        self.url = f"{base_url}/{urllib.parse.quote(wanted.name)}"
        self.target = folder / wanted.name
        self.part = folder / f"{wanted.name}.part"
        self.state = folder / f"{wanted.name}.part.json"
        self.record = folder / f"{wanted.name}.sha256"

    def recorded_digest(self):
        try:
            match = SHA256.match(self.record.read_text())
        except (OSError, ValueError):
            return None
        return match and match.group()

    def check(self, size, digest, linked, path):
        """Throws where what is at `path` is not the wanted file."""
        if self.wanted.size is not None and size != self.wanted.size:
            raise WrongContent(f"{path} has {size} bytes, the official file has {self.wanted.size}")
        recorded = None if self.wanted.digest else self.recorded_digest()
        for expected, source in (
            (self.wanted.digest, "the official file has"),
            (linked, "the server states"),
            (recorded, f"{self.record} says"),
        ):
            if expected and digest != expected:
                raise WrongContent(f"{path} has sha256 {digest}, {source} {expected}")

    def fetch(self):
        """Returns what was done, in words."""
        if self.target.exists():
            digest = hash_file(self.target).hexdigest()
            size = self.target.stat().st_size
            try:
                self.check(size, digest, None, self.target)
            except WrongContent as problem:
                raise WrongContent(f"{problem}; remove it and run this again") from None
            self.write_record(digest)
            return f"is already there, {in_bytes(size)}, sha256 {self.kind()}"
        with open(self.part, "ab") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise Problem(f"another download is writing {self.part}") from error
            except OSError as error:
                print(f"{self.wanted.name}: this file system has no locks ({reason(error)}): do not download it twice at a "
                      "time", flush=True)
            try:
                digest, linked = self.receive(file)
                file.flush()
                os.fsync(file.fileno())
            except BaseException:
                if os.fstat(file.fileno()).st_size == 0:
                    self.discard()
                raise
            size = file.tell()
            try:
                self.check(size, digest, linked, self.url)
            except WrongContent as problem:
                self.discard()
                raise WrongContent(f"{problem}; it was removed, and the next run starts anew") from None
            self.write_record(digest)
            os.replace(self.part, self.target)
        self.state.unlink(missing_ok=True)
        return f"is complete, {in_bytes(size)}, sha256 {self.kind()}"

    def kind(self):
        return "checked" if self.wanted.digest else "recorded"

    def write_record(self, digest):
        if self.recorded_digest() != digest:
            write_text(self.record, f"{digest}  {self.wanted.name}\n")

    def discard(self):
        self.part.unlink(missing_ok=True)
        self.state.unlink(missing_ok=True)

    def saved_tag(self):
        try:
            return json.loads(self.state.read_text())["etag"]
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def receive(self, file):
        """Brings the rest of the file; returns its sha256 and what the server says that it is (or None)."""
        have = file.tell()
        if self.wanted.size is not None and have > self.wanted.size:
            have = self.restart(file)
        if have and have == self.wanted.size and self.wanted.digest:
            return hash_file(self.part).hexdigest(), None  # only the renaming was missing
        # Without an ETag nothing says that what comes now and what is there belong together, unless the sha256 will.
        if have and not (self.saved_tag() or self.wanted.digest):
            have = self.restart(file)
        response, linked = self.request(have)
        with response:
            if have and response.status != 206:
                print(f"{self.wanted.name}: starts anew, for the server sends all of it: the file changed, or the "
                      "server cannot go on in the middle", flush=True)
                have = self.restart(file)
            total = self.total_of(response, have)
            self.before_body(response, linked, have, total)
            digest = hash_file(self.part) if have else hashlib.sha256()
            self.copy(response, file, digest, have, total)
        return digest.hexdigest(), linked

    def restart(self, file):
        file.truncate(0)
        file.seek(0)
        return 0

    def request(self, have):
        headers = {"User-Agent": "initbias-fetch", "Accept-Encoding": "identity"}
        if have:
            headers["Range"] = f"bytes={have}-"
            if self.saved_tag():
                headers["If-Range"] = self.saved_tag()
        redirects = Redirects()
        opener = urllib.request.build_opener(redirects)
        try:
            response = opener.open(urllib.request.Request(self.url, headers=headers), timeout=self.timeout)
        except urllib.error.HTTPError as error:
            if error.code == 416 and have:  # nothing comes after what is there, and yet it is not known to be whole
                error.close()
                self.discard()
                raise Problem(f"{self.url}: what was downloaded before does not belong to it; it was removed, and "
                              "the next run starts anew") from None
            raise Problem(f"{self.url}: {reason(error)}") from None
        except (OSError, http.client.HTTPException) as error:
            host = urllib.parse.urlsplit(self.url).netloc
            raise Problem(f"cannot reach {host}: {reason(error)}") from None
        return response, redirects.digest or linked_digest(response.headers)

    def total_of(self, response, have):
        """The size of the whole file as the server states it, None where it does not."""
        if have:
            match = re.fullmatch(r"bytes (\d+)-\d+/(\d+)", response.headers.get("Content-Range", ""))
            if not match or int(match.group(1)) != have:
                self.discard()
                raise Problem(f"{self.url}: the server sent another part than was asked for; the next run starts anew")
            return int(match.group(2))
        length = response.headers.get("Content-Length", "")
        return int(length) if length.isdigit() else None

    def before_body(self, response, linked, have, total):
        """Finds what is wrong before gigabytes are fetched; notes the ETag."""
        if total is not None and self.wanted.size not in (None, total):
            raise WrongContent(f"{self.url} has {total} bytes, the official file has {self.wanted.size}")
        if linked and self.wanted.digest not in (None, linked):
            raise WrongContent(f"{self.url}: the server states sha256 {linked}, the official file has "
                               f"{self.wanted.digest}")
        if total is not None:
            free = shutil.disk_usage(self.part.parent).free
            if total - have > free:
                raise Problem(f"{self.wanted.name} needs {in_bytes(total - have)} more, but {self.part.parent} has "
                              f"{in_bytes(free)} free")
        write_text(self.state, json.dumps({"etag": strong_tag(response.headers)}) + "\n")

    def copy(self, response, file, digest, done, total):
        progress = Progress(self.wanted.name, done, total)
        try:
            while total is None or done < total:
                try:
                    block = response.read1(BLOCK)
                except (OSError, http.client.HTTPException) as error:
                    raise self.cut(done, total, reason(error)) from None
                if not block:
                    break
                try:
                    file.write(block)
                    file.flush()
                except OSError as error:
                    raise Problem(f"cannot write {self.part}: {reason(error)}") from None
                digest.update(block)
                done += len(block)
                progress.show(done)
        finally:
            progress.clear()
        if total is not None and done < total:
            raise self.cut(done, total, "the connection was closed")

    def cut(self, done, total, why):
        of = f" of {total}" if total is not None else ""
        return Problem(f"{self.url}: cut after {done}{of} bytes: {why}; run this again to go on from there")


def expand_home(path):
    """With the home folder for a leading ~/, which no shell sees in --output=~/folder."""
    return path.expanduser() if path.parts[:1] == ("~",) else path


def parse_arguments():
    parser = argparse.ArgumentParser(
        prog="bazel run //data:fetch_tinystories --",
        description=__doc__,
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--part", choices=("all", "train", "valid"), default="all", help="which file; default: all")
    parser.add_argument("--output", type=pathlib.Path, metavar="DIR",
                        help="where to; default: data/tinystories/full in the workspace")
    parser.add_argument("--base-url", default=BASE_URL, metavar="URL", help="a mirror; default: %(default)s")
    parser.add_argument("--list", type=pathlib.Path, default=HERE / "full.txt", metavar="FILE",
                        help="another list of names, sizes and sha256; default: data/tinystories/full.txt")
    parser.add_argument("--timeout", type=float, default=60, metavar="SECONDS",
                        help="how long to wait for the server; default: %(default)s")
    options = parser.parse_args()
    url = urllib.parse.urlsplit(options.base_url)
    if url.scheme not in ("http", "https") or not url.netloc:
        parser.error(f"--base-url: expected http://... or https://..., found {options.base_url!r}")
    if not options.timeout > 0:
        parser.error("--timeout: expected a number of seconds above 0")
    stood_in = pathlib.Path(os.environ.get("BUILD_WORKING_DIRECTORY", "."))
    workspace = os.environ.get("BUILD_WORKSPACE_DIRECTORY")
    default = pathlib.Path(workspace, "data", "tinystories", "full") if workspace else HERE / "full"
    try:
        options.output = stood_in / expand_home(options.output) if options.output else default
        options.list = stood_in / expand_home(options.list)
    except RuntimeError as error:
        parser.error(f"~/: {error}")
    return options


def fetch_all(options):
    wanted = [file for file in read_list(options.list) if options.part == "all" or f"-{options.part}." in file.name]
    if not wanted:
        raise Problem(f"{options.list} names no file for --part={options.part}")
    try:
        options.output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Problem(f"cannot make the folder {options.output}: {reason(error)}") from None
    for file in wanted:
        download = Download(file, options.output, options.base_url.rstrip("/"), options.timeout)
        try:
            print(f"{file.name} {download.fetch()}", flush=True)
        except OSError as error:
            raise Problem(f"cannot write to {options.output}: {reason(error)}") from None
    print(f"all files are in {options.output}")


def terminate(number, frame):
    raise Terminated(number)


def main():
    options = parse_arguments()
    signal.signal(signal.SIGTERM, terminate)
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup
        signal.signal(signal.SIGHUP, terminate)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # also where a shell started this in the background
    try:
        fetch_all(options)
    except Problem as problem:
        print(f"fetch_tinystories: {problem}", file=sys.stderr)
        return problem.status
    except (KeyboardInterrupt, Terminated) as stop:
        print("fetch_tinystories: interrupted; run this again to go on from here", file=sys.stderr)
        return 130 if isinstance(stop, KeyboardInterrupt) else 128 + stop.args[0]
    return 0


if __name__ == "__main__":
    sys.exit(main())
