"""What a release archive holds, as RO-Crate 1.1: the files that a reader looks for, their licences, and which figure file each
picture was drawn from. Used by archive.py; only the standard library is used.
"""

import mimetypes
import re

CONTEXT = "https://w3id.org/ro/crate/1.1/context"
METADATA = "ro-crate-metadata.json"
FORMATS = {".h5": "application/x-hdf5", ".csv": "text/csv", ".md": "text/markdown", ".json": "application/json"}
LICENCES = "https://spdx.org/licenses/"
# Of the sources these are listed one by one; a folder stands for what is in it.
PAGES = ("README.md", "RESULTS.md", "ARTIFACT.md", "DETERMINISM.md", "CONTRIBUTING.md", "CITATION.cff", "LICENSE")


def read_cff(text):
    """The plain YAML of CITATION.cff: mappings, lists of them or of words, words in quotes or not, by indentation."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]

    def word(value):
        return value[1:-1] if value[:1] == value[-1:] == '"' else value

    def block(indent):
        result = None
        while lines and len(lines[0]) - len(lines[0].lstrip()) == indent:
            line = lines[0].strip()
            if line.startswith("- "):
                result = [] if result is None else result
                if re.match(r'- [\w-]+:( |$)', line):
                    lines[0] = " " * (indent + 2) + line[2:]
                    result.append(block(indent + 2))
                else:
                    result.append(word(lines.pop(0).strip()[2:]))
                continue
            key, _, value = lines.pop(0).strip().partition(":")
            result = {} if result is None else result
            result[key] = word(value.strip()) if value.strip() else block(len(lines[0]) - len(lines[0].lstrip()))
        return result

    return block(0)


def licence_id(licence):
    return f"#{licence}" if licence.startswith("LicenseRef-") else LICENCES + licence


def crate(files, cff, data, commit, time, figures):
    """The metadata of an archive.

    files: sizes of all files by path; cff: the text of CITATION.cff; data: (folder, licence, names) of each data set;
    figures: of each figure its file and its pictures.
    """
    citation = read_cff(cff)
    paper = citation["references"][0]
    project = licence_id(citation["license"])
    graph = {}

    def add(identifier, kind, /, **properties):
        graph[identifier] = {"@id": identifier, "@type": kind, **properties}
        return {"@id": identifier}

    parts = []

    def add_file(path, /, **properties):
        form = FORMATS.get(path[path.rfind(".") :]) or mimetypes.guess_type(path)[0] or "text/plain"
        parts.append(add(path, "File", name=path, contentSize=str(files[path]), encodingFormat=form, **properties))
        return parts[-1]

    for name in PAGES:
        if name in files:
            add_file(name)
    for path in sorted(files):
        if re.fullmatch(r"[^/]+\.spdx\.json|experiments/claims(_\d+)?\.json|results/(reference/)?report\.(html|md)", path):
            add_file(path)
    top = sorted({path.split("/")[0] for path in files if "/" in path} - {"data", "results"})
    for folder in top:
        parts.append(add(folder + "/", "Dataset", name=folder, license={"@id": project}))
    for folder, licence, names in data:
        own = licence_id(licence)
        add(own, "CreativeWork", name=licence.removeprefix("LicenseRef-"))
        if own.startswith("#"):
            graph[own]["url"] = {"@id": f"{folder}/LICENSE"}
            add_file(f"{folder}/LICENSE")
        members = [add_file(f"{folder}/{name}", license={"@id": own}) for name in names]
        parts.append(add(folder + "/", "Dataset", name=folder, license={"@id": own}, hasPart=members))
    for path in sorted(path for path in files if path.startswith("results/")):
        if path not in graph:
            add_file(path)
    for name, (source, pictures) in sorted(figures.items()):
        study = name.partition(".")[0]  # of sweep.decay the program is sweep
        program = add(f"#figures-{study}", "SoftwareApplication", name=f"//figures:{study}", version=commit)
        add(f"#draw-{name}", "CreateAction", name=f"{name}, drawn from its figure file", instrument=program,
            object={"@id": source}, result=[{"@id": path} for path in pictures])
    authors = [add(f"#{of['name'].replace(' ', '-')}", "Organization", name=of["name"]) for of in citation["authors"]]
    add(project, "CreativeWork", name=citation["license"])
    people = []
    for of in paper["authors"]:
        name = f"{of['given-names']} {of['family-names']}"
        people.append(add("#" + name.replace(" ", "-"), "Person", name=name))
    publication = add(
        paper["url"], "ScholarlyArticle", name=paper["title"], author=people, datePublished=paper["year"],
        isPartOf=f"{paper['conference']['name']}, {paper['publisher']['name']} {paper['volume']}",
        pageStart=paper["start"], pageEnd=paper["end"], identifier=paper["identifiers"][0]["value"],
    )
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": citation["title"],
        "description": citation["abstract"],
        "datePublished": time[:10],
        "version": commit,
        "license": {"@id": project},
        "author": authors,
        "publisher": authors[0],
        "keywords": ", ".join(citation["keywords"]),
        "citation": publication,
        "hasPart": parts,
        "mentions": [{"@id": f"#draw-{name}"} for name in sorted(figures)],
    }
    descriptor = {
        "@id": METADATA,
        "@type": "CreativeWork",
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
        "about": {"@id": "./"},
    }
    return {"@context": CONTEXT, "@graph": [descriptor, root, *graph.values()]}
