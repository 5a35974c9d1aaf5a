"""check_archive.py on a small unpacked archive made here: nothing is said of it as it is, and of each fault what is wrong.
tests/e2e/archive.sh checks a whole one."""

import contextlib
import io
import json
import pathlib
import stat
import sys
import tempfile
import unittest
from unittest import mock

TOOL = pathlib.Path(sys.argv.pop(1)).absolute()
sys.path.insert(0, str(TOOL.parent))
import check_archive  # noqa: E402

FIGURE, PICTURE, TABLE = "results/fig9.h5", "results/figures/fig9.svg", "results/figures/fig9.csv"
CRATE_VERSION = {"@id": "https://w3id.org/ro/crate/1.1"}


def parts(*names):
    return [{"@id": name} for name in names]


class ArchiveTest(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name, "unpacked")
        for name in (FIGURE, PICTURE, TABLE):
            self.write(name, f"of {name}")
        fields = "cff-version: 1.2.0\nmessage: m\ntitle: t\nauthors: []\nlicense: MIT\nreferences: []\n"
        self.write("CITATION.cff", fields)
        self.bill = {
            "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": "n",
            "documentNamespace": "https://example.org/n",
            "creationInfo": {"created": "2026-01-02T03:04:05Z", "creators": ["Tool: t"]},
            "packages": [{"name": "p", "SPDXID": "SPDXRef-p", "downloadLocation": "NONE", "licenseDeclared": "LicenseRef-own"}],
            "files": [{"fileName": FIGURE, "SPDXID": "SPDXRef-f", "checksums": [self.checksum(FIGURE)]}],
            "hasExtractedLicensingInfos": [{"licenseId": "LicenseRef-own", "extractedText": "as you like"}],
            "relationships": [
                {"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-p"}],
        }
        self.crate = [
            {"@id": check_archive.CRATE, "@type": "CreativeWork", "conformsTo": CRATE_VERSION, "about": {"@id": "./"}},
            {"@id": "./", "@type": "Dataset", "name": "n", "description": "d", "datePublished": "2026-01-02",
             "license": {"@id": "#licence"}, "hasPart": parts(FIGURE, PICTURE, TABLE)},
            {"@id": "#licence", "@type": "CreativeWork"},
            *({"@id": name, "@type": "File", "contentSize": str(self.size(name))} for name in (FIGURE, PICTURE, TABLE)),
            {"@id": "#draw-fig9.wide", "@type": "CreateAction", "object": {"@id": FIGURE}, "result": parts(PICTURE, TABLE)},
        ]

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def size(self, name):
        return (self.folder / name).stat().st_size

    def checksum(self, name):
        return {"algorithm": "SHA256", "checksumValue": check_archive.sha256(self.folder / name)}

    def entity(self, name):
        return next(entity for entity in self.crate if entity["@id"] == name)

    def seal(self):
        """Writes the lists, the manifest last."""
        self.write(check_archive.BILL, json.dumps(self.bill))
        self.write(check_archive.CRATE, json.dumps({"@context": CRATE_VERSION["@id"] + "/context", "@graph": self.crate}))
        names = sorted(path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*") if path.is_file())
        lines = [f"{check_archive.sha256(self.folder / name)}  {name}\n" for name in names if name != check_archive.MANIFEST]
        self.write(check_archive.MANIFEST, "".join(lines))

    def check(self, *options):
        """Returns the exit status, and what stands on stderr."""
        told = io.StringIO()
        self.output = io.StringIO()
        with contextlib.redirect_stderr(told), contextlib.redirect_stdout(self.output):
            with mock.patch.object(sys, "argv", ["check_archive.py", *options, str(self.folder)]):
                return check_archive.main(), told.getvalue()

    def assert_told(self, *texts):
        status, told = self.check()
        self.assertEqual(status, 1)
        for text in texts:
            self.assertIn(text, told)
        self.assertEqual(len(told.splitlines()), len(texts), told)

    def test_a_whole_one(self):
        self.seal()
        self.assertEqual(self.check(), (0, ""))
        self.assertIn("are fine", self.output.getvalue())

    def test_a_folder_that_is_none(self):
        self.seal()
        (self.folder / check_archive.CRATE).unlink()
        with self.assertRaisesRegex(SystemExit, "this is no unpacked archive"):
            self.check()

    def test_files_that_are_not_those_of_the_manifest(self):
        self.seal()
        self.write(PICTURE, "of another thing "[: self.size(PICTURE)].ljust(self.size(PICTURE)))
        self.write("more.txt", "")
        (self.folder / TABLE).unlink()
        self.assert_told(f"{PICTURE} is not the file of MANIFEST", "more.txt is not in MANIFEST", f"{TABLE} is missing",
                         f"there is no {TABLE}")

    def test_a_file_that_the_manifest_has_twice(self):
        self.seal()
        manifest = self.folder / check_archive.MANIFEST
        manifest.write_text(manifest.read_text() + manifest.read_text().splitlines()[0] + "\n")
        self.assert_told("twice")

    def test_faults_of_the_bill_of_materials(self):
        def without_relationships(bill):
            del bill["relationships"]

        def other_version(bill):
            bill["spdxVersion"] = "SPDX-2.2"

        def no_time(bill):
            bill["creationInfo"]["created"] = "yesterday"

        def same_identifier(bill):
            bill["files"][0]["SPDXID"] = "SPDXRef-p"

        def short_checksum(bill):
            bill["files"][0]["checksums"].append({"algorithm": "SHA1", "checksumValue": "ab"})

        def no_licence_text(bill):
            bill["hasExtractedLicensingInfos"] = []

        def no_location(bill):
            del bill["packages"][0]["downloadLocation"]

        def other_file(bill):
            bill["files"][0]["checksums"][0]["checksumValue"] = "ab" * 32

        def unknown_element(bill):
            bill["relationships"][0]["relatedSpdxElement"] = "SPDXRef-q"

        def describes_nothing(bill):
            bill["relationships"][0]["relationshipType"] = "CONTAINS"

        whole = json.dumps(self.bill)
        for spoil, text in (
            (without_relationships, "has no relationships"),
            (other_version, "is not SPDX 2.3"),
            (no_time, "no time or nobody"),
            (same_identifier, "no SPDXID of its own: SPDXRef-p"),
            (short_checksum, "a checksum that is none"),
            (no_licence_text, "there is no text of LicenseRef-own"),
            (no_location, "p has no downloadLocation"),
            (other_file, f"{FIGURE} is not there, or another file"),
            (unknown_element, "a relationship with SPDXRef-q"),
            (describes_nothing, "describes nothing"),
        ):
            with self.subTest(text):
                self.bill = json.loads(whole)
                spoil(self.bill)
                self.seal()
                self.assert_told(text)

    def test_faults_of_the_crate(self):
        def same_entity():
            self.crate.append({"@id": "#licence", "@type": "CreativeWork"})

        def no_root():
            self.entity(check_archive.CRATE)["about"] = {"@id": "#licence"}

        def other_version():
            self.entity(check_archive.CRATE)["conformsTo"] = {"@id": "#licence"}

        def no_name():
            del self.entity("./")["name"]

        def unknown_entity():
            self.entity("#licence")["author"] = {"@id": "#nobody"}

        def other_size():
            self.entity(FIGURE)["contentSize"] = "1"

        def no_part():
            self.entity("./")["hasPart"] = parts(FIGURE, PICTURE)

        whole = json.dumps(self.crate)
        for spoil, text in (
            (same_entity, "without an @id of its own or without a @type: #licence"),
            (no_root, "has no root"),
            (other_version, "is not RO-Crate 1.1"),
            (no_name, "the root has no name"),
            (unknown_entity, "author of #licence refers to #nobody"),
            (other_size, f"{FIGURE} has another size"),
            (no_part, f"{TABLE} is no part of the root"),
        ):
            with self.subTest(text):
                self.crate = json.loads(whole)
                spoil()
                self.seal()
                self.assert_told(text)

    def test_a_field_that_the_citation_lacks(self):
        path = self.folder / "CITATION.cff"
        path.write_text(path.read_text().replace("title:", "heading:"))
        self.seal()
        self.assert_told("CITATION.cff has no title")

    def drawing(self, picture, table, status=0):
        """A program that draws these, as --programs."""
        programs = self.folder.parent / "programs"
        programs.mkdir(exist_ok=True)
        program = programs / "fig9"
        program.write_text(
            "#!/bin/bash\n[[ $1 == --file=*/results/fig9.h5 && $2 == --output=* ]] || exit 3\n"
            f"printf %s '{picture}' >\"${{2#--output=}}.svg\"\nprintf %s '{table}' >\"${{2#--output=}}.csv\"\n"
            f"echo told\nexit {status}\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        return f"--programs={programs}"

    def test_pictures_are_drawn_again(self):
        self.seal()
        self.assertEqual(self.check(self.drawing(f"of {PICTURE}", f"of {TABLE}")), (0, ""))
        self.assertIn("with the same bytes: 2 files", self.output.getvalue())
        status, told = self.check(self.drawing(f"of {PICTURE}", "else"))
        self.assertEqual((status, told), (1, f"{TABLE} is not what is drawn from {FIGURE}\n"))
        status, told = self.check(self.drawing("", "", status=1))
        self.assertEqual((status, told), (1, "fig9 cannot be drawn: told\nnothing was drawn again\n"))

    def test_without_a_program_nothing_is_drawn(self):
        self.seal()
        status, told = self.check(f"--programs={self.folder}")
        self.assertEqual((status, told), (1, "nothing was drawn again\n"))


if __name__ == "__main__":
    unittest.main()
