"""ro_crate.py on a hand-made archive and citation."""

import pathlib
import sys
import unittest

TOOL = pathlib.Path(sys.argv.pop(1)).absolute()
sys.path.insert(0, str(TOOL.parent))
import ro_crate  # noqa: E402

CFF = """\
cff-version: 1.2.0
# a comment
title: "Of words: a study"
abstract: what it does
license: Apache-2.0
authors:
  - name: the authors
keywords:
  - words
  - "two words"
references:
  - type: conference-paper
    title: Words
    authors:
      - given-names: A.
        family-names: One
      - given-names: B.
        family-names: Two
    year: 2025
    conference:
      name: A Meeting
    publisher:
      name: Press
    volume: 7
    start: 1
    end: 9
    url: https://paper.example
    identifiers:
      - type: doi
        value: 10.1/2
"""
FILES = {
    "README.md": 10, "LICENSE": 11, "experiments/fig9.cc": 12, "experiments/claims_2.json": 13, "lib/a/b.cc": 14,
    "initbias.spdx.json": 15, "data/words/words.txt": 16, "data/words/LICENSE": 17, "data/words/README.md": 18,
    "results/default/fig9.h5": 19, "results/default/figures/fig9.svg": 20, "results/report.html": 21,
}


class ReadCffTest(unittest.TestCase):
    def test_mappings_lists_and_words(self):
        read = ro_crate.read_cff(CFF)
        self.assertEqual(read["title"], "Of words: a study")
        self.assertEqual(read["keywords"], ["words", "two words"])
        self.assertEqual(read["authors"], [{"name": "the authors"}])
        [paper] = read["references"]
        self.assertEqual(paper["authors"][1], {"given-names": "B.", "family-names": "Two"})
        self.assertEqual((paper["conference"], paper["volume"]), ({"name": "A Meeting"}, "7"))
        self.assertEqual(paper["identifiers"], [{"type": "doi", "value": "10.1/2"}])


class CrateTest(unittest.TestCase):
    def setUp(self):
        crate = ro_crate.crate(
            FILES, CFF, [("data/words", "LicenseRef-Words", ["words.txt"])], "c0ffee", "2026-01-02T03:04:05Z",
            {"fig9.wide": ("results/default/fig9.h5", ["results/default/figures/fig9.svg"])})
        self.assertEqual(crate["@context"], ro_crate.CONTEXT)
        ids = [entity["@id"] for entity in crate["@graph"]]
        self.assertEqual(len(ids), len(set(ids)))
        self.graph = dict(zip(ids, crate["@graph"]))

    def test_its_root(self):
        root = self.graph["./"]
        self.assertEqual((root["name"], root["datePublished"], root["version"]), ("Of words: a study", "2026-01-02", "c0ffee"))
        self.assertEqual(root["citation"], {"@id": "https://paper.example"})
        self.assertEqual(self.graph["https://paper.example"]["isPartOf"], "A Meeting, Press 7")
        self.assertEqual(self.graph["https://paper.example"]["author"], [{"@id": "#A.-One"}, {"@id": "#B.-Two"}])

    def test_files_that_a_reader_looks_for_and_folders_for_the_others(self):
        parts = {part["@id"] for part in self.graph["./"]["hasPart"]}
        self.assertEqual(parts, {"README.md", "LICENSE", "initbias.spdx.json", "experiments/claims_2.json", "results/report.html",
                                 "experiments/", "lib/", "data/words/", "data/words/LICENSE", "data/words/words.txt",
                                 "results/default/fig9.h5", "results/default/figures/fig9.svg"})
        self.assertEqual(self.graph["README.md"]["contentSize"], "10")
        self.assertEqual(self.graph["results/default/fig9.h5"]["encodingFormat"], "application/x-hdf5")

    def test_every_reference_is_described(self):
        def references(value):
            if isinstance(value, list):
                return [found for one in value for found in references(one)]
            return [value["@id"]] if isinstance(value, dict) else []

        for name, entity in self.graph.items():
            for field, value in entity.items():
                for other in references(value):
                    self.assertTrue(other in self.graph or other.startswith("https://w3id.org/"), f"{field} of {name}")

    def test_licences_of_data(self):
        self.assertEqual(self.graph["data/words/"]["license"], {"@id": "#LicenseRef-Words"})
        self.assertEqual(self.graph["#LicenseRef-Words"]["url"], {"@id": "data/words/LICENSE"})
        self.assertEqual(ro_crate.licence_id("CC-BY-4.0"), "https://spdx.org/licenses/CC-BY-4.0")

    def test_pictures_with_the_program_of_their_study(self):
        action = self.graph["#draw-fig9.wide"]
        self.assertEqual(action["instrument"], {"@id": "#figures-fig9"})
        self.assertEqual(action["object"], {"@id": "results/default/fig9.h5"})
        self.assertEqual(action["result"], [{"@id": "results/default/figures/fig9.svg"}])


if __name__ == "__main__":
    unittest.main()
