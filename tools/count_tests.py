"""Counts the tests of a `bazel test` from its build events: each GoogleTest case is one, a shell test is one.

A test program that was not built, timed out or crashed counts as one failure beside what its report says. Exits 1
if anything failed, or if Bazel itself did.
"""

import argparse
import json
import pathlib
import sys
import urllib.parse
import xml.etree.ElementTree


def report_path(result):
    """Returns the path of the test.xml of a testResult event, None where there is none."""
    for output in result.get("testActionOutput", []):
        if output["name"] == "test.xml" and output.get("uri", "").startswith("file://"):
            return pathlib.Path(urllib.parse.unquote(output["uri"][len("file://") :]))
    return None


def count_report(path):
    """Returns (passed, failed, skipped) of one test.xml."""
    passed = failed = skipped = 0
    for case in xml.etree.ElementTree.parse(path).iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
        elif case.find("skipped") is not None or case.get("status") == "notrun":
            skipped += 1
        else:
            passed += 1
    return passed, failed, skipped


def count(events):
    """Returns (passed, failed, skipped) and what to say about failures, from a list of build events."""
    tests = {}  # label -> (passed, failed, skipped) of its last attempts, None where it did not run
    attempts = {}
    for event in events:
        label = next(iter(event["id"].values()), {}).get("label")
        if "configured" in event and event["configured"].get("testSize"):
            tests.setdefault(label, None)
        elif "testResult" in event:
            id = event["id"]["testResult"]
            attempts.setdefault(label, {})[(id.get("run"), id.get("shard"))] = event["testResult"]
    notes = []
    for label, results in attempts.items():
        totals = [0, 0, 0]
        for result in results.values():
            path = report_path(result)
            counts = count_report(path) if path and path.exists() else (0, 0, 0)
            green = result["status"] in ("PASSED", "FLAKY")
            if not green and not counts[1]:
                counts = (counts[0], 1, counts[2])
                notes.append(f"{label}: {result['status']}")
            totals = [total + number for total, number in zip(totals, counts)]
        tests[label] = tuple(totals)
    for label, counts in tests.items():
        if counts is None:
            tests[label] = (0, 1, 0)
            notes.append(f"{label}: did not run")
    return tuple(sum(counts[i] for counts in tests.values()) for i in range(3)), notes


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("events", type=pathlib.Path, help="the file of --build_event_json_file")
    parser.add_argument("--bazel-status", type=int, required=True, help="the exit status of `bazel test`")
    parser.add_argument("--output", type=pathlib.Path, help="write the counts here instead of printing them")
    options = parser.parse_args()
    lines = options.events.read_text().splitlines()
    (passed, failed, skipped), notes = count([json.loads(line) for line in lines if line])
    # A broken BUILD file or dependency fails Bazel before any test is known.
    if options.bazel_status and not failed:
        failed = 1
        notes.append(f"bazel test ended with status {options.bazel_status}")
    for note in notes:
        print(note)
    if skipped:
        print(f"{skipped} skipped")
    counts = f"{passed} passed, {failed} failed"
    if options.output:
        options.output.write_text(counts + "\n")
    else:
        print(counts)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
