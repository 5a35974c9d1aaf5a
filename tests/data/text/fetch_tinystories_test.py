"""Runs data/tinystories/fetch.sh against a server on this machine that cuts, lies, changes and redirects.

fetch_tinystories_test.py FETCH NO_LOCKS: NO_LOCKS is the library whose flock() fails; unittest's cases are written to $XML_OUTPUT_FILE, one testcase each.
"""

import contextlib
import hashlib
import http.server
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import xml.sax.saxutils

FETCH = os.path.abspath(sys.argv[1])
NO_LOCKS = os.path.abspath(sys.argv[2])
TRAIN = "TinyStories-train.txt"
VALID = "TinyStories-valid.txt"


def content(seed, size):
    """Bytes that look alike at no two places."""
    blocks = (hashlib.sha256(f"{seed} {i}".encode()).hexdigest().encode() for i in range(size // 64 + 1))
    return b"".join(blocks)[:size]


def sha256(data):
    return hashlib.sha256(data).hexdigest()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.owner.answer(self)

    def log_message(self, *arguments):
        pass


class Server:
    """Serves `files` (name -> bytes) at self.url. The other fields say what it does wrong."""

    def __init__(self):
        self.files = {}
        self.requests = []  # (path, Range, If-Range)
        self.etag = '"1"'  # None: no ETag
        self.cut_after = None  # bytes of a body after which the connection is closed
        self.ranges = True
        self.range_shift = 0  # parts begin so much later than asked for
        self.length = True  # whether the length is stated
        self.linked_etag = None  # redirects from /<name> to /store/<name>, as huggingface.co does
        self.status = None
        self.pause_after = None  # bytes of a body after which `go_on` is waited for
        self.trickle = False  # whether single bytes are sent while it is waited for
        self.go_on = threading.Event()
        self.httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.httpd.daemon_threads = True
        self.httpd.owner = self
        self.url = f"http://127.0.0.1:{self.httpd.server_address[1]}"
        self.thread = threading.Thread(target=self.httpd.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()

    def close(self):
        self.go_on.set()
        self.httpd.shutdown()
        self.thread.join()
        self.httpd.server_close()

    def answer(self, handler):
        handler.close_connection = True
        asked, condition = handler.headers.get("Range"), handler.headers.get("If-Range")
        self.requests.append((handler.path, asked, condition))
        name = handler.path.rsplit("/", 1)[1]
        if self.status or name not in self.files:
            handler.send_error(self.status or 404)
            return
        if self.linked_etag and not handler.path.startswith("/store/"):
            handler.send_response(302)
            handler.send_header("X-Linked-ETag", f'"{self.linked_etag}"')
            handler.send_header("Location", f"/store/{name}")
            handler.send_header("Content-Length", "0")
            handler.end_headers()
            return
        body = self.files[name]
        first = 0
        if asked and self.ranges and condition in (None, self.etag):
            first = int(asked[len("bytes=") : -1])
            if first >= len(body):
                handler.send_response(416)
                handler.send_header("Content-Range", f"bytes */{len(body)}")
                handler.send_header("Content-Length", "0")
                handler.end_headers()
                return
            first += self.range_shift
            handler.send_response(206)
            handler.send_header("Content-Range", f"bytes {first}-{len(body) - 1}/{len(body)}")
        else:
            handler.send_response(200)
        if self.length:
            handler.send_header("Content-Length", str(len(body) - first))
        if self.etag:
            handler.send_header("ETag", self.etag)
        handler.end_headers()
        body = body[first:]
        with contextlib.suppress(OSError):
            if self.pause_after is not None:
                handler.wfile.write(body[: self.pause_after])
                handler.wfile.flush()
                body = body[self.pause_after :]
                while self.trickle and not self.go_on.wait(0.01):
                    handler.wfile.write(body[:1])
                    body = body[1:]
                self.go_on.wait(60)
            handler.wfile.write(body if self.cut_after is None else body[: self.cut_after])


class FetchTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(dir=os.environ.get("TEST_TMPDIR")))
        self.more_environment = {}
        self.output = self.folder / "full"
        self.server = Server()
        self.addCleanup(self.server.close)
        self.data = content("train", 3_000_000)
        self.small = content("valid", 5_000)
        self.server.files = {TRAIN: self.data, VALID: self.small}
        self.write_list(self.data, self.small)

    def write_list(self, train, valid):
        """None: neither size nor sha256 are known."""
        lines = ["# A comment."]
        for name, data in ((TRAIN, train), (VALID, valid)):
            lines.append(f"{name} {len(data)} {sha256(data)}" if data is not None else f"{name} - -")
        (self.folder / "list.txt").write_text("\n".join(lines) + "\n")

    def command(self, *arguments, url=None):
        return [FETCH, f"--base-url={url or self.server.url}", f"--list={self.folder}/list.txt",
                f"--output={self.output}", "--timeout=20", *arguments]

    def environment(self):
        # No proxy stands between this test and its server.
        return {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TERM": "xterm", **self.more_environment}

    def fetch(self, status, *texts, arguments=("--part=train",), url=None, **options):
        """Runs it; the status must be `status`, and what it says must hold the texts. Returns what it says."""
        result = subprocess.run(self.command(*arguments, url=url), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                env=self.environment(), text=True, timeout=60, **options)
        self.assertEqual(result.returncode, status, result.stdout)
        self.assertNotIn("Traceback", result.stdout)
        self.assertNotIn("\r", result.stdout, "progress where there is no terminal")
        for text in texts:
            self.assertIn(text, result.stdout)
        return result.stdout

    def expect_files(self, *names):
        self.assertEqual(sorted(path.name for path in self.output.iterdir()), sorted(names))

    def expect_complete(self, data=None, name=TRAIN):
        data = self.data if data is None else data
        self.assertTrue((self.output / name).read_bytes() == data)
        self.assertEqual((self.output / f"{name}.sha256").read_text(), f"{sha256(data)}  {name}\n")

    def cut(self, after=1_234_567):
        """Leaves a part of `after` bytes behind."""
        self.server.cut_after = after
        self.fetch(1, f"cut after {after} of 3000000 bytes: the connection was closed; run this again")
        self.server.cut_after = None
        self.server.requests.clear()
        self.assertTrue((self.output / f"{TRAIN}.part").read_bytes() == self.data[:after])
        self.expect_files(f"{TRAIN}.part", f"{TRAIN}.part.json")

    # Whole downloads.

    def test_both_files_then_nothing(self):
        self.fetch(0, f"{TRAIN} is complete, 3.0 MB, sha256 checked", f"{VALID} is complete, 5.0 kB, sha256 checked",
                   f"all files are in {self.output}", arguments=())
        self.expect_complete()
        self.expect_complete(self.small, VALID)
        self.expect_files(TRAIN, f"{TRAIN}.sha256", VALID, f"{VALID}.sha256")
        self.assertEqual(len(self.server.requests), 2)
        self.assertEqual(subprocess.run(["sha256sum", "--check", "--status", f"{TRAIN}.sha256"],
                                        cwd=self.output).returncode, 0)
        before = (self.output / TRAIN).stat()
        self.fetch(0, f"{TRAIN} is already there, 3.0 MB, sha256 checked", f"{VALID} is already there", arguments=())
        self.assertEqual(len(self.server.requests), 2, "nothing is asked of the server")
        after = (self.output / TRAIN).stat()
        self.assertEqual((after.st_ino, after.st_mtime_ns), (before.st_ino, before.st_mtime_ns))

    def test_one_part(self):
        self.fetch(0, arguments=("--part=valid",))
        self.expect_files(VALID, f"{VALID}.sha256")

    def test_without_length_and_etag(self):
        self.server.length = False
        self.server.etag = None
        self.fetch(0, "is complete")
        self.expect_complete()

    def test_an_empty_file(self):
        self.write_list(b"", None)
        self.server.files[TRAIN] = b""
        self.fetch(0, "is complete, 0 B")
        self.expect_complete(b"")

    def test_progress_on_a_terminal(self):
        leader, follower = os.openpty()
        self.server.pause_after = 1_500_000
        self.server.trickle = True  # until the progress, which is not shown at once, has been seen
        process = self.start(stderr=follower)
        os.close(follower)
        shown = b""
        with contextlib.suppress(OSError):  # how a terminal ends
            while piece := os.read(leader, 4096):
                shown += piece
                self.server.go_on.set()
        os.close(leader)
        self.assertEqual(process.wait(60), 0)
        self.assertIn(f"\r\x1b[K{TRAIN}: ".encode(), shown)
        self.assertIn(b" of 3.0 MB, ", shown)
        self.assertTrue(shown.endswith(b"\r\x1b[K"), shown)

    # Going on.

    def test_goes_on_after_a_cut(self):
        self.cut()
        self.fetch(0, "is complete")
        self.expect_complete()
        self.assertEqual(self.server.requests, [(f"/{TRAIN}", "bytes=1234567-", '"1"')])
        self.expect_files(TRAIN, f"{TRAIN}.sha256")

    def test_goes_on_after_two_cuts(self):
        self.cut()
        self.server.cut_after = 1_000_000
        self.fetch(1, "cut after 2234567 of 3000000 bytes")
        self.server.cut_after = None
        self.fetch(0, "is complete")
        self.expect_complete()
        self.assertEqual([asked for _, asked, _ in self.server.requests], ["bytes=1234567-", "bytes=2234567-"])

    def test_goes_on_without_an_etag_where_the_sha256_is_pinned(self):
        self.server.etag = None
        self.cut()
        self.fetch(0, "is complete")
        self.expect_complete()
        self.assertEqual(self.server.requests, [(f"/{TRAIN}", "bytes=1234567-", None)])

    def test_starts_anew_where_nothing_vouches_for_the_part(self):
        for etag in (None, 'W/"1"'):  # a weak one does not vouch for bytes
            with self.subTest(etag=etag):
                self.write_list(None, None)
                self.server.etag = etag
                self.cut()
                self.fetch(0, "is complete")
                self.expect_complete()
                self.assertEqual(self.server.requests, [(f"/{TRAIN}", None, None)])
                for path in self.output.iterdir():
                    path.unlink()

    def test_starts_anew_where_the_file_changed(self):
        self.write_list(None, None)
        self.cut()
        self.server.files[TRAIN] = changed = content("another", 2_000_000)
        self.server.etag = '"2"'
        self.fetch(0, f"{TRAIN}: starts anew", f"{TRAIN} is complete, 2.0 MB, sha256 recorded")
        self.expect_complete(changed)

    def test_starts_anew_where_the_server_ignores_ranges(self):
        self.server.ranges = False
        self.cut()
        self.fetch(0, f"{TRAIN}: starts anew", "is complete")
        self.expect_complete()

    def test_a_part_that_is_whole_needs_no_server(self):
        self.output.mkdir()
        (self.output / f"{TRAIN}.part").write_bytes(self.data)
        self.fetch(0, "is complete, 3.0 MB, sha256 checked")
        self.expect_complete()
        self.assertEqual(self.server.requests, [])

    def test_a_part_that_is_too_long(self):
        self.output.mkdir()
        (self.output / f"{TRAIN}.part").write_bytes(self.data + b"more")
        self.fetch(0, "is complete")
        self.expect_complete()

    def test_a_part_that_nothing_follows(self):
        self.write_list(None, None)
        self.cut(3_000_000 - 1)
        self.server.files[TRAIN] = self.data[:-1]
        self.fetch(1, "what was downloaded before does not belong to it")
        self.expect_files()
        self.fetch(0, "is complete")
        self.expect_complete(self.data[:-1])

    def test_another_part_than_asked_for(self):
        self.cut()
        self.server.range_shift = 1
        self.fetch(1, "the server sent another part than was asked for")
        self.server.range_shift = 0
        self.fetch(0, "is complete")
        self.expect_complete()

    def test_a_damaged_part_is_seen_and_removed(self):
        self.cut()
        (self.output / f"{TRAIN}.part").write_bytes(b"x" + self.data[1:1_234_567])
        self.fetch(3, "it was removed, and the next run starts anew")
        self.expect_files()
        self.fetch(0, "is complete")
        self.expect_complete()

    def test_interrupted(self):
        for number, status in ((signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)):
            with self.subTest(status=status):
                self.server.requests.clear()
                self.server.pause_after = 2_000_000
                process = self.start(stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
                self.wait_for_part(process, 2_000_000)
                process.send_signal(number)
                said = process.communicate(timeout=60)[0]
                self.assertEqual(process.returncode, status, said)
                self.assertEqual(said, "fetch_tinystories: interrupted; run this again to go on from here\n")
                self.server.pause_after = None
                self.fetch(0, "is complete")
                self.expect_complete()
                self.assertEqual([asked for _, asked, _ in self.server.requests], [None, "bytes=2000000-"])
                (self.output / TRAIN).unlink()

    def start(self, **options):
        process = subprocess.Popen(self.command("--part=train"), env=self.environment(),
                                   **{"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **options})
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def wait_for_part(self, process, size):
        """Waits until the part of the file has `size` bytes; fails where the process ends before."""
        part = self.output / f"{TRAIN}.part"
        deadline = time.monotonic() + 120
        while not part.exists() or part.stat().st_size < size:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.fail(f"ended with status {process.wait(0.01)} before {part} had {size} bytes")
            self.assertLess(time.monotonic(), deadline, f"{part} did not grow to {size} bytes")

    def test_a_file_system_without_locks(self):
        if b"libasan" in pathlib.Path(NO_LOCKS).read_bytes():
            self.skipTest("Python cannot preload what AddressSanitizer instruments")
        for number in (37, 38, 95):
            with self.subTest(number):
                self.more_environment = {"LD_PRELOAD": NO_LOCKS, "FLOCK_ERRNO": str(number)}
                self.fetch(0, "has no locks", "is complete")
                self.expect_complete()
                (self.output / TRAIN).unlink()

    def test_two_at_once(self):
        self.server.pause_after = 1_000_000
        process = self.start()
        self.wait_for_part(process, 1_000_000)
        self.fetch(1, "another download is writing")
        self.server.go_on.set()
        self.assertEqual(process.wait(60), 0)
        self.expect_complete()

    # Content that is not the official one.

    def test_another_size(self):
        self.server.files[TRAIN] = self.data + b"more"
        said = self.fetch(3, "has 3000004 bytes, the official file has 3000000")
        self.assertNotIn("removed", said, "it was downloaded all the same")
        self.expect_files()

    def test_another_size_that_is_not_stated(self):
        self.server.files[TRAIN] = self.data[:-1]
        self.server.length = False
        self.fetch(3, "has 2999999 bytes, the official file has 3000000")
        self.expect_files()

    def test_another_sha256(self):
        self.server.files[TRAIN] = b"x" + self.data[1:]
        self.fetch(3, f"the official file has {sha256(self.data)}; it was removed, and the next run starts anew")
        self.expect_files()

    def test_a_file_that_is_there_and_wrong_is_kept(self):
        self.output.mkdir()
        (self.output / TRAIN).write_bytes(self.data[:-1] + b"x")
        self.fetch(3, "the official file has", "remove it and run this again")
        self.assertTrue((self.output / TRAIN).read_bytes() == self.data[:-1] + b"x")
        self.assertEqual(self.server.requests, [])

    def test_the_sha256_that_the_server_states(self):
        self.write_list(None, None)
        self.server.linked_etag = sha256(self.data)
        self.fetch(0, "is complete")
        self.expect_complete()
        self.assertEqual([path for path, _, _ in self.server.requests], [f"/{TRAIN}", f"/store/{TRAIN}"])

    def test_going_on_after_a_redirect(self):
        self.server.linked_etag = sha256(self.data)
        self.cut()
        self.fetch(0, "is complete")
        self.expect_complete()
        self.assertEqual(self.server.requests[-1], (f"/store/{TRAIN}", "bytes=1234567-", '"1"'))

    def test_another_sha256_than_the_server_states(self):
        self.write_list(None, None)
        self.server.linked_etag = "0" * 64
        self.fetch(3, f"has sha256 {sha256(self.data)}, the server states {'0' * 64}")
        self.expect_files()

    def test_the_server_states_another_sha256_than_is_pinned(self):
        self.server.linked_etag = "0" * 64
        self.fetch(3, f"the server states sha256 {'0' * 64}, the official file has {sha256(self.data)}")
        self.assertFalse((self.output / TRAIN).exists())

    def test_another_sha256_than_the_first_time(self):
        self.write_list(None, None)
        self.fetch(0, "sha256 recorded")
        (self.output / TRAIN).unlink()
        self.server.files[TRAIN] = content("another", 3_000_000)
        self.fetch(3, f"{TRAIN}.sha256 says {sha256(self.data)}")
        self.expect_files(f"{TRAIN}.sha256")

    # Servers that do not answer, and disks that are full.

    def test_not_found(self):
        del self.server.files[TRAIN]
        self.fetch(1, f"fetch_tinystories: {self.server.url}/{TRAIN}: 404 Not Found\n")

    def test_server_error(self):
        self.server.status = 503
        self.fetch(1, f"{self.server.url}/{TRAIN}: 503 Service Unavailable\n")

    def test_an_error_keeps_the_part(self):
        self.cut()
        self.server.status = 503
        self.fetch(1, "503")
        self.server.status = None
        self.fetch(0, "is complete")
        self.assertEqual(self.server.requests[-1][1], "bytes=1234567-")
        self.expect_complete()

    def test_no_server(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            host = f"127.0.0.1:{free.getsockname()[1]}"
            self.fetch(1, f"fetch_tinystories: cannot reach {host}: Connection refused\n", url=f"http://{host}")
        self.expect_files()

    def test_no_such_host(self):
        self.fetch(1, "fetch_tinystories: cannot reach no-such-host.invalid: ", url="http://no-such-host.invalid")

    def test_a_server_that_says_nothing(self):
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            silent.listen()
            self.fetch(1, ": no answer in time", url=f"http://127.0.0.1:{silent.getsockname()[1]}",
                       arguments=("--part=train", "--timeout=0.3"))

    def test_a_server_that_falls_silent(self):
        self.server.pause_after = 2_000_000
        self.fetch(1, "cut after 2000000 of 3000000 bytes: no answer in time; run this again",
                   arguments=("--part=train", "--timeout=0.5"))
        self.assertEqual((self.output / f"{TRAIN}.part").stat().st_size, 2_000_000)

    def test_a_server_that_is_not_one(self):
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)

        def talk():
            with contextlib.suppress(OSError):
                connection = listener.accept()[0]
                connection.recv(1000)
                connection.sendall(b"hello\r\n")
                connection.close()

        thread = threading.Thread(target=talk)
        thread.start()
        host = f"127.0.0.1:{listener.getsockname()[1]}"
        self.fetch(1, f"cannot reach {host}: hello", url=f"http://{host}")
        thread.join()

    def test_a_disk_that_is_full_is_seen_before(self):
        (self.folder / "list.txt").write_text(f"{TRAIN} {10**18} {'0' * 64}\n")
        self.server.files[TRAIN] = Huge()
        self.fetch(1, f"{TRAIN} needs 1000000000 GB more, but {self.output} has ")

    def test_a_disk_that_fills_up(self):
        limited = self.command("--part=train")
        result = subprocess.run(["bash", "-c", 'ulimit -f 1000; exec "$@"', "bash", *limited], stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, env=self.environment(), text=True, timeout=60)
        self.assertEqual(result.returncode, 1, result.stdout)
        self.assertIn(f"fetch_tinystories: cannot write {self.output}/{TRAIN}.part: File too large\n", result.stdout)
        self.fetch(0, "is complete")
        self.expect_complete()

    def test_a_folder_that_cannot_be_made(self):
        self.output.write_text("a file\n")
        self.fetch(1, f"fetch_tinystories: cannot make the folder {self.output}: File exists\n")

    # The command line.

    def test_help(self):
        said = self.fetch(0, "usage: bazel run //data:fetch_tinystories --", "--part", "exit codes:",
                          arguments=("--help",))
        for code in (0, 1, 2, 3, 130):
            self.assertIn(f"\n  {code} ", said)
        self.assertFalse(self.output.exists())

    def test_wrong_arguments(self):
        for argument, text in (
            ("--part=test", "--part"), ("--prat=all", "--prat"), ("--timeout=0", "--timeout"),
            ("--timeout=nan", "--timeout"), ("--base-url=file:///etc", "--base-url"), ("more", "more"),
        ):
            with self.subTest(argument=argument):
                self.fetch(2, text, arguments=(argument,))
        self.assertEqual(self.server.requests, [])

    def test_wrong_lists(self):
        for text in ("name\n", f"{TRAIN} many -\n", f"{TRAIN} 1 abc\n", f"../{TRAIN} 1 -\n"):
            with self.subTest(text=text):
                (self.folder / "list.txt").write_text(text)
                self.fetch(1, "list.txt, line 1: expected `name bytes sha256`")
        (self.folder / "list.txt").write_text("# nothing\n")
        self.fetch(1, "names no file for --part=train")
        (self.folder / "list.txt").unlink()
        self.fetch(1, "cannot read", "No such file or directory")

    def test_folders_are_those_of_bazel_run(self):
        """--output is relative to where the user stands, the default is in the workspace."""
        stood_in, workspace = self.folder / "here", self.folder / "workspace"
        stood_in.mkdir()
        environment = {**self.environment(), "BUILD_WORKING_DIRECTORY": str(stood_in),
                       "BUILD_WORKSPACE_DIRECTORY": str(workspace)}
        command = [FETCH, f"--base-url={self.server.url}", f"--list={self.folder}/list.txt", "--part=valid"]
        subprocess.run([*command, "--output=stories"], env=environment, check=True, stdout=subprocess.DEVNULL)
        self.assertTrue((stood_in / "stories" / VALID).exists())
        subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
        home = self.folder / "home"
        home.mkdir()
        environment["HOME"] = str(home)
        subprocess.run([*command, "--output=~/stories"], env=environment, check=True, stdout=subprocess.DEVNULL)
        self.assertTrue((home / "stories").exists())
        self.assertFalse((stood_in / "~").exists())
        self.assertTrue((workspace / "data" / "tinystories" / "full" / VALID).exists())

    def test_the_shipped_list(self):
        """Without --list the official sizes are what counts."""
        result = subprocess.run([FETCH, f"--base-url={self.server.url}", f"--output={self.output}"],
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=self.environment(), text=True)
        self.assertEqual(result.returncode, 3, result.stdout)
        self.assertIn("has 3000000 bytes, the official file has 1924281556", result.stdout)


class Huge(bytes):
    """Says that it has 10^18 bytes."""

    def __len__(self):
        return 10**18


class Result(unittest.TextTestResult):
    """Keeps each case for the report."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.cases = []

    def startTest(self, test):
        self.cases.append(test)
        super().startTest(test)


def write_report(result, path):
    """A test.xml in which every case counts."""
    failed = {}
    for test, text in (*result.failures, *result.errors):
        failed[getattr(test, "test_case", test).id()] = text
    lines = ['<testsuites><testsuite name="fetch_tinystories_test">']
    for test in result.cases:
        name = xml.sax.saxutils.quoteattr(test.id().split(".")[-1])
        text = failed.get(test.id())
        failure = f"<failure>{xml.sax.saxutils.escape(text)}</failure>" if text else ""
        lines.append(f'<testcase name={name} classname="FetchTest">{failure}</testcase>')
    pathlib.Path(path).write_text("\n".join([*lines, "</testsuite></testsuites>"]) + "\n")


def main():
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(FetchTest)
    result = unittest.TextTestRunner(resultclass=Result, verbosity=2).run(suite)
    if "XML_OUTPUT_FILE" in os.environ:
        write_report(result, os.environ["XML_OUTPUT_FILE"])
    sys.exit(0 if result.wasSuccessful() else 1)


if __name__ == "__main__":
    main()
