#!/usr/bin/env python3
"""What the project is made of, as an SPDX 2.3 document: dependencies with versions and digests, data with licences.

    spdx.py [FOLDER]

prints it for the workspace FOLDER. No value stands here: the wheels of LibTorch come from third_party/libtorch/wheels_*.txt,
rule sets from WORKSPACE, Python packages from the requirements.txt files, Debian packages from the apt-packages.txt files and,
with their versions and all that they need in turn, from this machine's dpkg-query (digests from apt-cache, where its
lists are there), data from the README.md in each folder of data/. Only the standard library is used.
"""

import ast
import hashlib
import json
import pathlib
import re
import subprocess
import sys
import urllib.parse

WHEEL = re.compile(r"^([\w.-]+)==(\S+) --hash=sha256:([0-9a-f]{64})$", re.MULTILINE)
PIN = re.compile(r"^([\w.-]+)==(\S+)$", re.MULTILINE)
# A row of a README's table of digests.
DIGEST_ROW = re.compile(r"^\| `([^`]+)` \|.*\b([0-9a-f]{64}) \|$", re.MULTILINE)
LICENCE = re.compile(r"^SPDX-License-Identifier: (\S+)$", re.MULTILINE)
# Relationships of what each list of Debian packages names to the project.
APT_LISTS = {
    "third_party/apt-packages.txt": "BUILD_DEPENDENCY_OF",
    "third_party/arm64/apt-packages.txt": "TEST_DEPENDENCY_OF",
    "third_party/bundle/apt-packages.txt": "BUILD_TOOL_OF",
    "tests/fuzz/apt-packages.txt": "TEST_DEPENDENCY_OF",
    "tests/slurm/apt-packages.txt": "TEST_DEPENDENCY_OF",
}
PROJECT = "SPDXRef-initbias"


def spdx_id(*words):
    return "SPDXRef-" + re.sub(r"[^A-Za-z0-9.-]+", "-", "-".join(words))


def digest(data, name):
    return hashlib.new(name, data).hexdigest()


def package(identifier, name, version="", **more):
    result = {
        "SPDXID": identifier,
        "name": name,
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": "NOASSERTION",
        "copyrightText": "NOASSERTION",
    }
    if version:
        result["versionInfo"] = version
    return {**result, **more}


def purl(text):
    return [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": text}]


def sha256(value):
    return [{"algorithm": "SHA256", "checksumValue": value}]


def output(*command):
    """What the command prints; "" where it is not there."""
    try:
        return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    except OSError:
        return ""


def wheels(folder):
    for path in sorted(folder.glob("third_party/libtorch/wheels_*.txt")):
        kind = path.stem.removeprefix("wheels_")
        relation = "OPTIONAL_DEPENDENCY_OF" if kind.startswith("cuda") else "DEPENDENCY_OF"
        for name, version, value in WHEEL.findall(path.read_text(encoding="utf-8")):
            yield relation, package(
                spdx_id("wheel", kind, name), name, version, checksums=sha256(value),
                externalRefs=purl(f"pkg:pypi/{name}@{version}"), comment=f"a wheel of {path.relative_to(folder)}",
            )


def rule_sets(folder):
    """The archives that WORKSPACE pins, for systems other than Debian."""
    for node in ast.walk(ast.parse((folder / "WORKSPACE").read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "bazel_rules":
            pin = {word.arg: ast.literal_eval(word.value) for word in node.keywords}
            version = re.search(r"/v?(\d[\d.]*\d)(/|\.tar)", pin["urls"][0])
            yield "BUILD_DEPENDENCY_OF", package(
                spdx_id("rules", pin["name"]), pin["name"], version[1] if version else "", checksums=sha256(pin["sha256"]),
                downloadLocation=pin["urls"][0], comment="where Debian's package is not installed",
            )


def bazel(folder):
    version = re.search(r"^USE_BAZEL_VERSION=(\S+)$", (folder / ".bazeliskrc").read_text(encoding="utf-8"), re.MULTILINE)[1]
    yield "BUILD_TOOL_OF", package(spdx_id("bazel"), "bazel", version, comment="where Bazelisk chooses it (.bazeliskrc)")


def python_packages(folder):
    for path in sorted(folder.glob("tests/*/requirements.txt")):
        for name, version in PIN.findall(path.read_text(encoding="utf-8")):
            yield "TEST_DEPENDENCY_OF", package(
                spdx_id("python", path.parent.name, name), name, version, externalRefs=purl(f"pkg:pypi/{name}@{version}"),
                comment=f"pinned in {path.relative_to(folder)}; no test of `make test` needs it",
            )


def installed_packages():
    """Of each installed Debian package its fields, by its name."""
    fields = ("Package", "Version", "Architecture", "db:Status-Status", "Pre-Depends", "Depends", "Provides")
    lines = output("dpkg-query", "--show", "--showformat=" + "\t".join(f"${{{field}}}" for field in fields) + "\n")
    all_packages = [dict(zip(fields, line.split("\t"))) for line in lines.splitlines()]
    return {of["Package"]: of for of in sorted(all_packages, key=lambda of: (of["Package"], of["Architecture"]))
            if of["db:Status-Status"] == "installed"}


def names(relation):
    """The alternatives of each entry of a Debian field: "a (>= 1) | b, c" is [a, b], [c]."""
    for entry in relation.split(","):
        words = [re.split(r"[\s(:\[]", choice.strip())[0] for choice in entry.split("|")]
        if words != [""]:
            yield words


def debian_packages(folder):
    """What the lists name, and all that is installed because these need it."""
    relation_of = {}
    for path, relation in APT_LISTS.items():
        for line in (folder / path).read_text(encoding="utf-8").split("\n"):
            if line and not line.startswith("#"):
                relation_of.setdefault(line.strip(), relation)
    installed = installed_packages()
    providers = {}
    for name, of in installed.items():
        for provided in names(of["Provides"]):
            providers.setdefault(provided[0], name)
    needs = {}
    waiting = list(relation_of)
    while waiting:
        name = waiting.pop()
        if name in needs or name not in installed:
            continue
        found = set()
        for words in names(installed[name]["Pre-Depends"] + "," + installed[name]["Depends"]):
            found.update([word for word in words if word in installed][:1]
                         or [providers[word] for word in words if word in providers][:1])
        needs[name] = found - {name}
        waiting += needs[name]
    asked = [f"{name}:{installed[name]['Architecture']}={installed[name]['Version']}".replace(":all=", "=") for name in sorted(needs)]
    digests = {}
    for record in output("apt-cache", "show", *asked).split("\n\n") if asked else []:
        of = dict(line.split(": ", 1) for line in record.splitlines() if re.match(r"(Package|Version|Architecture|SHA256): ", line))
        if "SHA256" in of:
            digests[of["Package"], of["Version"], of["Architecture"]] = of["SHA256"]
    release = dict(re.findall(r'^(\w+)="?([^"\n]*)"?$', output("cat", "/etc/os-release"), re.MULTILINE))
    vendor = release.get("ID", "debian")
    for name in sorted({*relation_of, *needs}):
        identifier = spdx_id("deb", name.replace("+", "plus"))
        relation = relation_of.get(name)
        if name not in installed:
            yield relation, package(identifier, name, comment="not installed where this list was made")
            continue
        of = installed[name]
        version, architecture = of["Version"], of["Architecture"]
        more = {}
        if (name, version, architecture) in digests:
            more["checksums"] = sha256(digests[name, version, architecture])
        yield relation, package(
            identifier, name, version, **more,
            externalRefs=purl(f"pkg:deb/{vendor}/{urllib.parse.quote(name)}@{urllib.parse.quote(version, safe=':~')}?arch={architecture}"),
        )
        for other in sorted(needs[name]):
            yield (identifier, "DEPENDS_ON", spdx_id("deb", other.replace("+", "plus"))), None


def data_sets(folder):
    """(folder, licence, {path: sha256}) of each folder of data/, as its README states and as the files are."""
    for readme in sorted(folder.glob("data/*/README.md")):
        text = readme.read_text(encoding="utf-8")
        licences = LICENCE.findall(text)
        rows = dict(DIGEST_ROW.findall(text))
        if len(licences) != 1 or not rows:
            raise SystemExit(f"{readme} has {len(licences)} lines SPDX-License-Identifier and {len(rows)} digests")
        for name, value in rows.items():
            if digest((readme.parent / name).read_bytes(), "sha256") != value:
                raise SystemExit(f"{readme.parent / name} is not the file whose sha256 {readme} states")
        yield readme.parent.relative_to(folder).as_posix(), licences[0], rows


def document(folder, commit, time):
    """The document, of this commit and its time (ISO 8601, UTC)."""
    packages = [package(PROJECT, "initbias", commit, licenseDeclared="Apache-2.0", primaryPackagePurpose="SOURCE")]
    relations = [("SPDXRef-DOCUMENT", "DESCRIBES", PROJECT)]
    for part in (wheels, rule_sets, bazel, python_packages, debian_packages):
        for relation, of in part(folder):
            if of is None:
                relations.append(relation)
                continue
            packages.append(of)
            if relation:
                relations.append((of["SPDXID"], relation, PROJECT))
    files = []
    texts = {}
    for path, licence, rows in data_sets(folder):
        own = spdx_id("data", pathlib.Path(path).name)
        sha1s = []
        for name, value in sorted(rows.items()):
            sha1s.append(digest((folder / path / name).read_bytes(), "sha1"))
            files.append({
                "SPDXID": spdx_id("file", path, name),
                "fileName": f"./{path}/{name}",
                "checksums": [{"algorithm": "SHA1", "checksumValue": sha1s[-1]}, *sha256(value)],
                "licenseConcluded": licence,
                "licenseInfoInFiles": ["NOASSERTION"],
                "copyrightText": "NOASSERTION",
            })
            relations.append((own, "CONTAINS", files[-1]["SPDXID"]))
        packages.append(package(
            own, path, licenseDeclared=licence, licenseInfoFromFiles=["NOASSERTION"], filesAnalyzed=True,
            packageVerificationCode={"packageVerificationCodeValue": digest("".join(sorted(sha1s)).encode(), "sha1")},
            primaryPackagePurpose="ARCHIVE", comment=f"origin: {path}/README.md",
        ))
        relations.append((PROJECT, "CONTAINS", own))
        if licence.startswith("LicenseRef-"):
            texts[licence] = (folder / path / "LICENSE").read_text(encoding="utf-8")
    body = {
        "packages": packages,
        "files": files,
        "relationships": [
            {"spdxElementId": one, "relationshipType": kind, "relatedSpdxElement": other} for one, kind, other in relations
        ],
        "hasExtractedLicensingInfos": [
            {"licenseId": licence, "extractedText": text, "name": licence.removeprefix("LicenseRef-").replace("-", " ")}
            for licence, text in texts.items()
        ],
    }
    # The same contents have the same name, others another.
    value = digest(json.dumps(body).encode(), "sha256")[:16]
    return {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"initbias-{commit}",
        "documentNamespace": f"https://spdx.org/spdxdocs/initbias-{commit}-{value}",
        "creationInfo": {"created": time, "creators": ["Organization: initbias contributors", "Tool: tools/spdx.py"]},
        **body,
    }


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    show = ("git", "-c", f"safe.directory={folder.resolve()}", "-C", str(folder), "log", "-1", "--date=format-local:%Y-%m-%dT%H:%M:%SZ")
    commit, _, time = output("env", "TZ=UTC", *show, "--format=%H %cd").strip().partition(" ")
    print(json.dumps(document(folder, commit or "unknown", time or "1970-01-01T00:00:00Z"), indent=1))


if __name__ == "__main__":
    main()
