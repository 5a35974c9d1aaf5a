#!/usr/bin/env python3
"""Checks an unpacked release archive: every digest of MANIFEST.sha256, and the structure of its JSON files.

    check_archive.py [--programs=FOLDER] [FOLDER]

FOLDER is where the archive was unpacked, the current one by default. --programs names a folder with built drawing
programs (bazel-bin/figures): each picture that ro-crate-metadata.json names and of which there is a program is drawn
again from the figure file it names; SVG and CSV must be the same bytes. Exits 1 where something is wrong.
Only the standard library is used.
"""

import argparse
import hashlib
import json
import pathlib
import re
import subprocess
import sys
import tempfile

MANIFEST = "MANIFEST.sha256"
BILL = "initbias.spdx.json"
CRATE = "ro-crate-metadata.json"
DIGEST_LENGTHS = {"SHA1": 40, "SHA256": 64}
TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
SPDX_REQUIRED = ("spdxVersion", "dataLicense", "SPDXID", "name", "documentNamespace", "creationInfo", "packages", "relationships")


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def check_manifest(folder, fail):
    listed = {}
    for line in (folder / MANIFEST).read_text(encoding="utf-8").splitlines():
        value, _, name = line.partition("  ")
        if name in listed:
            fail(f"{MANIFEST} has {name} twice")
        listed[name] = value
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()} - {MANIFEST}
    for name in sorted(there - set(listed)):
        fail(f"{name} is not in {MANIFEST}")
    for name, value in listed.items():
        if name not in there:
            fail(f"{name} is missing")
        elif sha256(folder / name) != value:
            fail(f"{name} is not the file of {MANIFEST}")


def check_spdx(folder, fail):
    document = json.loads((folder / BILL).read_text(encoding="utf-8"))
    for field in SPDX_REQUIRED:
        if not document.get(field):
            fail(f"{BILL} has no {field}")
            return
    if document["spdxVersion"] != "SPDX-2.3" or document["dataLicense"] != "CC0-1.0":
        fail(f"{BILL} is not SPDX 2.3 under CC0-1.0")
    creation = document["creationInfo"]
    if not re.fullmatch(TIME, creation.get("created", "")) or not creation.get("creators"):
        fail(f"{BILL}: no time or nobody in creationInfo")
    known = {document["SPDXID"]}
    licences = {info["licenseId"] for info in document.get("hasExtractedLicensingInfos", []) if info.get("extractedText")}
    for element in document["packages"] + document.get("files", []):
        name = element.get("name") or element.get("fileName")
        identifier = element.get("SPDXID", "")
        if not name or not re.fullmatch(r"SPDXRef-[A-Za-z0-9.-]+", identifier) or identifier in known:
            fail(f"{BILL}: {name or element} has no name, or no SPDXID of its own: {identifier}")
        known.add(identifier)
        for checksum in element.get("checksums", []):
            length = DIGEST_LENGTHS.get(checksum.get("algorithm"))
            if not length or not re.fullmatch(f"[0-9a-f]{{{length}}}", checksum.get("checksumValue", "")):
                fail(f"{BILL}: {name} has a checksum that is none: {checksum}")
        for field in ("licenseConcluded", "licenseDeclared"):
            if element.get(field, "").startswith("LicenseRef-") and element[field] not in licences:
                fail(f"{BILL}: there is no text of {element[field]}")
    for element in document["packages"]:
        if "downloadLocation" not in element:
            fail(f"{BILL}: {element.get('name')} has no downloadLocation")
    for element in document.get("files", []):
        path = folder / element["fileName"]
        stated = [of["checksumValue"] for of in element.get("checksums", []) if of["algorithm"] == "SHA256"]
        if not path.is_file() or stated != [sha256(path)]:
            fail(f"{BILL}: {element['fileName']} is not there, or another file")
    described = 0
    for relation in document["relationships"]:
        described += relation["relationshipType"] == "DESCRIBES"
        for end in ("spdxElementId", "relatedSpdxElement"):
            if relation.get(end) not in known:
                fail(f"{BILL}: a relationship with {relation.get(end)}, which is not in the document")
    if not described:
        fail(f"{BILL} describes nothing")


def references(value):
    """The ids to which an entity's property refers."""
    if isinstance(value, list):
        return [found for one in value for found in references(one)]
    return [value["@id"]] if isinstance(value, dict) and "@id" in value else []


def check_crate(folder, fail):
    """Returns its entities by their ids."""
    crate = json.loads((folder / CRATE).read_text(encoding="utf-8"))
    entities = {}
    for entity in crate.get("@graph", []):
        if not entity.get("@id") or not entity.get("@type") or entity["@id"] in entities:
            fail(f"{CRATE}: an entity without an @id of its own or without a @type: {entity.get('@id')}")
        entities[entity.get("@id")] = entity
    version = "https://w3id.org/ro/crate/1.1"
    descriptor = entities.get(CRATE, {})
    root = entities.get("./", {})
    if crate.get("@context") != f"{version}/context" or descriptor.get("conformsTo") != {"@id": version}:
        fail(f"{CRATE} is not RO-Crate 1.1")
    if descriptor.get("about") != {"@id": "./"} or root.get("@type") != "Dataset":
        fail(f"{CRATE} has no root")
    for field in ("name", "description", "datePublished", "license"):
        if not root.get(field):
            fail(f"{CRATE}: the root has no {field}")
    parts = set(references(root.get("hasPart", [])))
    for name, entity in entities.items():
        for field, value in entity.items():
            # Of what lies elsewhere, as the context, no entity is asked.
            for other in references(value):
                if other not in entities and other != version:
                    fail(f"{CRATE}: {field} of {name} refers to {other}, which is not described")
        if entity.get("@type") in ("File", "Dataset") and name != "./":
            if not (folder / name).exists() or (folder / name).is_dir() != (entity["@type"] == "Dataset"):
                fail(f"{CRATE}: there is no {name}")
            elif entity["@type"] == "File" and int(entity.get("contentSize", -1)) != (folder / name).stat().st_size:
                fail(f"{CRATE}: {name} has another size")
            if name not in parts:
                fail(f"{CRATE}: {name} is no part of the root")
    return entities


def check_citation(folder, fail):
    text = (folder / "CITATION.cff").read_text(encoding="utf-8")
    for field in ("cff-version", "message", "title", "authors", "license", "references"):
        if not re.search(rf"^{field}:", text, re.MULTILINE):
            fail(f"CITATION.cff has no {field}")


def check_drawings(folder, programs, entities, fail):
    """Draws again; returns how many pictures were the same."""
    same = 0
    for name, entity in entities.items():
        if entity.get("@type") != "CreateAction":
            continue
        program = programs / name.removeprefix("#draw-").partition(".")[0]
        if not program.is_file():
            continue
        with tempfile.TemporaryDirectory() as scratch:
            stem = pathlib.Path(scratch, program.name)
            command = [program.resolve(), f"--file={folder / entity['object']['@id']}", f"--output={stem}"]
            result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            if result.returncode:
                fail(f"{program.name} cannot be drawn: {result.stdout.strip()}")
                continue
            for picture in references(entity["result"]):
                drawn = stem.with_suffix(pathlib.PurePosixPath(picture).suffix)
                if drawn.suffix not in (".svg", ".csv"):
                    continue
                if drawn.read_bytes() == (folder / picture).read_bytes():
                    same += 1
                else:
                    fail(f"{picture} is not what is drawn from {entity['object']['@id']}")
    return same


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=pathlib.Path, help="draw again with the programs of this folder")
    parser.add_argument("folder", type=pathlib.Path, nargs="?", default=pathlib.Path("."))
    options = parser.parse_args()
    folder = options.folder.resolve()
    problems = []
    for needed in (MANIFEST, BILL, CRATE, "CITATION.cff"):
        if not (folder / needed).is_file():
            sys.exit(f"there is no {folder / needed}: this is no unpacked archive")
    check_manifest(folder, problems.append)
    check_spdx(folder, problems.append)
    check_citation(folder, problems.append)
    entities = check_crate(folder, problems.append)
    if options.programs:
        same = check_drawings(folder, options.programs, entities, problems.append)
        print(f"drawn again with the same bytes: {same} files (SVG, CSV)")
        if not same:
            problems.append("nothing was drawn again")
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        return 1
    print("archive: digests and JSON files are fine")
    return 0


if __name__ == "__main__":
    sys.exit(main())
