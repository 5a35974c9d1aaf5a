"""count_tests.py on constructed build events and reports."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
import urllib.parse

TOOL = os.path.abspath(sys.argv.pop(1))

PASSED = "<testcase name='a' status='run'/>"
FAILED = "<testcase name='a' status='run'><failure message='m'/></testcase>"
ERROR = "<testcase name='a'><error message='exited with error code 1'/></testcase>"
SKIPPED = "<testcase name='a' status='run'><skipped message='m'/></testcase>"
NOT_RUN = "<testcase name='a' status='notrun'/>"


class CountTestsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.events = []
        self.reports = 0

    def configured(self, label, size="SMALL"):
        """A target; without a size it is no test."""
        self.events.append({"id": {"targetConfigured": {"label": label}}, "configured": {"testSize": size} if size else {}})

    def result(self, label, status, *cases, folder="reports", **where):
        """A test that ended; without cases it left no report."""
        event = {"id": {"testResult": {"label": label, **where}}, "testResult": {"status": status}}
        if cases:
            self.reports += 1
            path = self.folder / folder / str(self.reports) / "test.xml"
            path.parent.mkdir(parents=True)
            path.write_text(f"<testsuites><testsuite>{''.join(cases)}</testsuite></testsuites>")
            event["testResult"]["testActionOutput"] = [
                {"name": "test.log", "uri": "file:///nowhere"},
                {"name": "test.xml", "uri": "file://" + urllib.parse.quote(str(path))},
            ]
        self.events.append(event)

    def count(self, status, *arguments, bazel_status=0):
        """Runs the tool, which is to end with `status`; returns the lines that it prints."""
        path = self.folder / "events.json"
        path.write_text("".join(json.dumps(event) + "\n" for event in self.events) + "\n")
        command = [sys.executable, TOOL, f"--bazel-status={bazel_status}", *arguments, str(path)]
        result = subprocess.run(command, capture_output=True, text=True)
        self.assertEqual((result.returncode, result.stderr), (status, ""), result.stdout)
        return result.stdout.splitlines()

    def test_each_case_counts(self):
        self.configured("//a:library", size=None)
        self.configured("//a:one_test")
        self.configured("//a:two_test")
        self.result("//a:one_test", "PASSED", PASSED, PASSED)
        self.result("//a:two_test", "PASSED", PASSED)
        self.assertEqual(self.count(0), ["3 passed, 0 failed"])

    def test_nothing_at_all(self):
        self.assertEqual(self.count(0), ["0 passed, 0 failed"])

    def test_skipped_ones_are_neither(self):
        self.configured("//a:test")
        self.result("//a:test", "PASSED", PASSED, SKIPPED, NOT_RUN)
        self.assertEqual(self.count(0), ["2 skipped", "1 passed, 0 failed"])

    def test_failures_and_errors(self):
        self.configured("//a:test")
        self.configured("//a:shell_test")
        self.result("//a:test", "FAILED", PASSED, FAILED, FAILED)
        self.result("//a:shell_test", "FAILED", ERROR)
        self.assertEqual(self.count(1, bazel_status=3), ["1 passed, 3 failed"])

    def test_a_crash_counts_beside_what_the_report_says(self):
        self.configured("//a:test")
        self.result("//a:test", "FAILED", PASSED, PASSED)
        self.assertEqual(self.count(1, bazel_status=3), ["//a:test: FAILED", "2 passed, 1 failed"])

    def test_without_a_report(self):
        self.configured("//a:test")
        self.result("//a:test", "TIMEOUT")
        self.assertEqual(self.count(1, bazel_status=3), ["//a:test: TIMEOUT", "0 passed, 1 failed"])

    def test_what_was_not_built_did_not_run(self):
        self.configured("//a:test")
        self.configured("//a:broken_test")
        self.result("//a:test", "PASSED", PASSED)
        self.assertEqual(self.count(1, bazel_status=1), ["//a:broken_test: did not run", "1 passed, 1 failed"])

    def test_bazel_failed_before_any_test_was_known(self):
        self.assertEqual(self.count(1, bazel_status=1), ["bazel test ended with status 1", "0 passed, 1 failed"])

    def test_of_several_attempts_the_last_counts(self):
        self.configured("//a:test")
        self.result("//a:test", "FAILED", FAILED, run=1, shard=1, attempt=1)
        self.result("//a:test", "FLAKY", PASSED, run=1, shard=1, attempt=2)
        self.assertEqual(self.count(0), ["1 passed, 0 failed"])

    def test_runs_and_shards_add_up(self):
        self.configured("//a:test")
        for run in (1, 2):
            self.result("//a:test", "PASSED", PASSED, SKIPPED, run=run, shard=1)
            self.result("//a:test", "FAILED", PASSED, FAILED, run=run, shard=2)
        self.assertEqual(self.count(1, bazel_status=3), ["2 skipped", "4 passed, 2 failed"])

    def test_a_path_with_blanks_and_letters_of_any_kind(self):
        self.configured("//a:test")
        self.result("//a:test", "PASSED", PASSED, folder="a b/ü%20#")
        self.assertEqual(self.count(0), ["1 passed, 0 failed"])

    def test_into_a_file(self):
        self.configured("//a:test")
        self.result("//a:test", "PASSED", PASSED, SKIPPED)
        counts = self.folder / "counts"
        self.assertEqual(self.count(0, f"--output={counts}"), ["1 skipped"])
        self.assertEqual(counts.read_text(), "1 passed, 0 failed\n")


if __name__ == "__main__":
    unittest.main()
