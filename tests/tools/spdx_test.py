"""spdx.py on a small workspace made here; Debian's part on hand-made answers of dpkg-query and apt-cache."""

import hashlib
import json
import pathlib
import re
import sys
import tempfile
import unittest
from unittest import mock

TOOL = pathlib.Path(sys.argv.pop(1)).absolute()
sys.path.insert(0, str(TOOL.parent))
import spdx  # noqa: E402

SHA = "ab" * 32
FIELDS = ("Package", "Version", "Architecture", "db:Status-Status", "Pre-Depends", "Depends", "Provides")
# What is installed, in the order of FIELDS.
INSTALLED = (
    ("g++", "4:12", "amd64", "installed", "", "gcc (>= 12) | other-cc, libstdc++", ""),
    ("gcc", "12.2", "amd64", "installed", "libc6 (>= 2.3)", "", "c-compiler"),
    ("libc6", "2.36", "amd64", "installed", "", "", ""),
    ("libstdc++", "12", "all", "installed", "", "no-such | awk", ""),
    ("mawk", "1.3", "amd64", "installed", "", "", "awk"),
    ("old", "1", "amd64", "config-files", "", "", ""),
    ("unrelated", "1", "amd64", "installed", "", "", ""),
)


def told(*command):
    """Stands for the programs that spdx.output runs."""
    if command[0] == "dpkg-query":
        return "".join("\t".join(of) + "\n" for of in INSTALLED)
    if command[0] == "apt-cache":
        assert command[2:] == ("g++:amd64=4:12", "gcc:amd64=12.2", "libc6:amd64=2.36", "libstdc++=12", "mawk:amd64=1.3"), command
        return f"Package: gcc\nVersion: 12.2\nArchitecture: amd64\nSHA256: {SHA}\n\nPackage: g++\nVersion: 4:12\n"
    return 'ID="debian"\nVERSION_ID=12\n'


class SpdxTest(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        for path in spdx.APT_LISTS:
            self.write(path, "# a comment\n")
        self.write("third_party/apt-packages.txt", "# a comment\n\ng++\nnot-there\n")
        self.write("WORKSPACE", 'bazel_rules(name = "rules_x", sha256 = "%s",\n'
                                '  urls = ["https://a.example/v1.20.3/x.tar.gz"])\n' % SHA)
        self.write(".bazeliskrc", "USE_BAZEL_VERSION=4.2.3\n")
        self.text = b"some text\n"
        self.write("data/words/words.txt", self.text.decode())
        self.write("data/words/LICENSE", "do as you like\n")
        self.readme("LicenseRef-Words", hashlib.sha256(self.text).hexdigest())

    def write(self, path, text):
        path = self.folder / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def readme(self, licence, digest):
        self.write("data/words/README.md", f"SPDX-License-Identifier: {licence}\n\n| `words.txt` | words | {digest} |\n")

    def document(self):
        with mock.patch.object(spdx, "output", told):
            return spdx.document(self.folder, "c0ffee", "2026-01-02T03:04:05Z")

    def test_wheels_with_digests(self):
        self.write("third_party/libtorch/wheels_cpu.txt", f"# a comment\ntorch==2.1+cpu --hash=sha256:{SHA}\n")
        self.write("third_party/libtorch/wheels_cuda12.txt", f"nvidia-x==1.0 --hash=sha256:{SHA}\nno-digest==1.0\n")
        found = list(spdx.wheels(self.folder))
        self.assertEqual([(relation, of["name"], of["versionInfo"]) for relation, of in found],
                         [("DEPENDENCY_OF", "torch", "2.1+cpu"), ("OPTIONAL_DEPENDENCY_OF", "nvidia-x", "1.0")])
        self.assertEqual(found[0][1]["checksums"], [{"algorithm": "SHA256", "checksumValue": SHA}])

    def test_rule_sets_of_the_workspace_file(self):
        [(relation, of)] = spdx.rule_sets(self.folder)
        self.assertEqual((relation, of["name"], of["versionInfo"]), ("BUILD_DEPENDENCY_OF", "rules_x", "1.20.3"))
        self.assertEqual(of["downloadLocation"], "https://a.example/v1.20.3/x.tar.gz")

    def test_bazel_and_python_packages(self):
        [(_, of)] = spdx.bazel(self.folder)
        self.assertEqual(of["versionInfo"], "4.2.3")
        self.write("tests/oracle/requirements.txt", "numpy==1.2  # no pin\nscipy==3.4\n")
        [(relation, of)] = spdx.python_packages(self.folder)
        self.assertEqual((relation, of["SPDXID"]), ("TEST_DEPENDENCY_OF", "SPDXRef-python-oracle-scipy"))

    def test_alternatives_of_a_debian_field(self):
        self.assertEqual(list(spdx.names("a (>= 1) | b:any, c [amd64],, d")), [["a", "b"], ["c"], ["d"]])
        self.assertEqual(list(spdx.names("")), [])

    def test_debian_packages_and_what_they_need(self):
        with mock.patch.object(spdx, "output", told):
            found = list(spdx.debian_packages(self.folder))
        packages = {of["name"]: (relation, of) for relation, of in found if of}
        self.assertEqual(sorted(packages), ["g++", "gcc", "libc6", "libstdc++", "mawk", "not-there"])
        self.assertEqual([name for name, (relation, _) in packages.items() if relation], ["g++", "not-there"])
        self.assertEqual(packages["gcc"][1]["checksums"][0]["checksumValue"], SHA)
        self.assertNotIn("checksums", packages["g++"][1])
        self.assertIn("not installed", packages["not-there"][1]["comment"])
        self.assertEqual(packages["g++"][1]["externalRefs"][0]["referenceLocator"], "pkg:deb/debian/g%2B%2B@4:12?arch=amd64")
        needs = {(one, other) for (one, _, other), of in ((relation, of) for relation, of in found if not of)}
        self.assertEqual(needs, {("SPDXRef-deb-gplusplus", "SPDXRef-deb-gcc"), ("SPDXRef-deb-gplusplus", "SPDXRef-deb-libstdcplusplus"),
                                 ("SPDXRef-deb-gcc", "SPDXRef-deb-libc6"), ("SPDXRef-deb-libstdcplusplus", "SPDXRef-deb-mawk")})

    def test_data_are_the_files_whose_digests_are_stated(self):
        digest = hashlib.sha256(self.text).hexdigest()
        self.assertEqual(list(spdx.data_sets(self.folder)), [("data/words", "LicenseRef-Words", {"words.txt": digest})])
        self.readme("LicenseRef-Words", SHA)
        with self.assertRaisesRegex(SystemExit, "words.txt is not the file whose sha256"):
            list(spdx.data_sets(self.folder))
        self.write("data/words/README.md", "no licence, no digest\n")
        with self.assertRaisesRegex(SystemExit, "has 0 lines SPDX-License-Identifier and 0 digests"):
            list(spdx.data_sets(self.folder))

    def test_the_document_refers_to_what_is_in_it_alone(self):
        document = self.document()
        ids = [of["SPDXID"] for of in document["packages"] + document["files"]]
        self.assertEqual(len(ids), len(set(ids)))
        for identifier in ids:
            self.assertTrue(re.fullmatch(r"SPDXRef-[A-Za-z0-9.-]+", identifier), identifier)
        for of in document["relationships"]:
            self.assertLessEqual({of["spdxElementId"], of["relatedSpdxElement"]}, {*ids, "SPDXRef-DOCUMENT"})
        self.assertEqual(document["hasExtractedLicensingInfos"],
                         [{"licenseId": "LicenseRef-Words", "extractedText": "do as you like\n", "name": "Words"}])
        self.assertEqual(document["files"][0]["checksums"][1]["checksumValue"], hashlib.sha256(self.text).hexdigest())
        self.assertEqual(document["creationInfo"]["created"], "2026-01-02T03:04:05Z")

    def test_the_same_contents_have_the_same_name(self):
        first = self.document()
        self.assertEqual(json.dumps(self.document()), json.dumps(first))
        self.write(".bazeliskrc", "USE_BAZEL_VERSION=5.0.0\n")
        self.assertNotEqual(self.document()["documentNamespace"], first["documentNamespace"])

    def test_a_program_that_is_not_there_prints_nothing(self):
        self.assertEqual(spdx.output("/no/such/program"), "")


if __name__ == "__main__":
    unittest.main()
