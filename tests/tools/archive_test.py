"""archive.py: which results are packed, which figure file a picture is of, and that the same files give the same bytes.
tests/e2e/archive.sh packs a repository as a whole."""

import io
import pathlib
import sys
import tarfile
import tempfile
import unittest

TOOL = pathlib.Path(sys.argv.pop(1)).absolute()
sys.path.insert(0, str(TOOL.parent))
import archive  # noqa: E402


class ResultFilesTest(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.results = pathlib.Path(scratch.name)

    def make(self, *paths):
        for path in paths:
            (self.results / path).parent.mkdir(parents=True, exist_ok=True)
            (self.results / path).write_text(path)

    def packed(self, runs=False):
        names, missing = archive.result_files(self.results, "default", runs)
        for name, path in names.items():
            self.assertEqual(name, f"results/{path.relative_to(self.results)}")
        return sorted(name.removeprefix("results/") for name in names), [path.name for path in missing]

    def test_figure_files_pictures_and_the_report(self):
        self.make("default/fig9.h5", "default/fig9.wide.h5", "default/figures/fig9.svg", "default/figures/fig9.csv",
                  "default/figures/notes.txt", "default/runs/a.h5", "paper/fig9.h5", "report.html")
        packed = ["default/fig9.h5", "default/fig9.wide.h5", "default/figures/fig9.csv", "default/figures/fig9.svg", "report.html"]
        self.assertEqual(self.packed(), (packed, ["report.md"]))
        self.assertEqual(self.packed(runs=True)[0], sorted([*packed, "default/runs/a.h5"]))

    def test_not_those_of_other_seeds_or_on_their_way(self):
        self.make("default/fig9.h5", "default/fig9.custom.h5", "default/fig9.unfinished.h5", "default/figures/fig9.custom.svg",
                  "default/figures/fig9.unfinished.csv")
        self.assertEqual(self.packed()[0], ["default/fig9.h5"])

    def test_where_nothing_was_trained_the_pictures_of_shipped_files(self):
        self.make("reference/default/figures/fig9.svg", "reference/report.md", "report.html")
        self.assertEqual(self.packed(), (["reference/default/figures/fig9.svg", "reference/report.md"], ["report.html"]))

    def test_says_how_to_make_them_where_there_are_none(self):
        self.make("paper/fig9.h5")
        with self.assertRaisesRegex(archive.Problem, "make figures PROFILE=default first"):
            self.packed()


class DrawingsTest(unittest.TestCase):
    def test_the_figure_file_of_a_picture_is_ones_own_or_else_the_shipped_one(self):
        own, shipped = "results/default/fig8.h5", "data/reference/default/fig9.h5"
        pictures = [f"results/default/figures/fig8.{kind}" for kind in ("csv", "svg")]
        names = {own, "data/reference/default/fig8.h5", shipped, *pictures, "results/reference/default/figures/fig9.svg",
                 "docs/figures/other.svg"}
        self.assertEqual(archive.drawings(names, "default"),
                         {"fig8": (own, pictures), "fig9": (shipped, ["results/reference/default/figures/fig9.svg"])})


class PackTest(unittest.TestCase):
    FILES = {"b/run.sh": (b"#!/bin/sh\n", True), "a.txt": (b"text", False)}

    def test_names_in_order_with_one_time_and_no_owner(self):
        with tarfile.open(fileobj=io.BytesIO(archive.pack(self.FILES, "root", 1234))) as packed:
            members = packed.getmembers()
            self.assertEqual([member.name for member in members], ["root/a.txt", "root/b/run.sh"])
            self.assertEqual([member.mode for member in members], [0o644, 0o755])
            self.assertEqual({(member.mtime, member.uid, member.gid, member.uname) for member in members}, {(1234, 0, 0, "")})
            self.assertEqual(packed.extractfile("root/a.txt").read(), b"text")

    def test_the_same_files_give_the_same_bytes(self):
        backwards = dict(reversed(self.FILES.items()))
        self.assertEqual(archive.pack(backwards, "root", 1234), archive.pack(self.FILES, "root", 1234))
        self.assertNotEqual(archive.pack(self.FILES, "root", 1235), archive.pack(self.FILES, "root", 1234))


if __name__ == "__main__":
    unittest.main()
