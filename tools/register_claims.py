#!/usr/bin/env python3
"""Keeps the registry of claims, a JSON file: what is asked of the runs, written down before they are trained.

    register_claims.py FILE PROGRAM...           brings FILE up to date with what the programs' --print-claims says
    register_claims.py --check FILE PROGRAM...   exits 1 where the two differ, and changes nothing

Each PROGRAM is an experiment. An entry, once registered, stays as it is: a claim that changed gets another entry with
the next version, for which its field `amended` must give a reason. A claim that is gone needs --withdraw ID=REASON.
`bazel run //experiments:register_claims`, or `make claims-register`, gives the file and all experiments. A relative
FILE is one of the workspace.
"""

import argparse
import json
import os
import pathlib
import re
import subprocess
import sys


class Refusal(Exception):
    """What the registry does not take; the message says why, a line a claim."""


def natural(name):
    """The key that sorts fig2 before fig10."""
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name)]


def claims_of(program):
    """Returns the claims that an experiment prints, in its order."""
    result = subprocess.run([os.path.abspath(program), "--print-claims"], stdout=subprocess.PIPE, text=True)
    if result.returncode:
        raise Refusal(f"{program} --print-claims failed")
    study = pathlib.Path(program).name
    claims = json.loads(result.stdout)
    for claim in claims:
        if claim["study"] != study or not claim["id"].startswith(study + "."):
            raise Refusal(f"{claim['id']}: of {claim['study']}, but printed by {study}: an id begins with its study")
    return claims


def read_claims(programs):
    """Returns the claims of all programs by id."""
    claims = {}
    for program in sorted(programs, key=lambda program: natural(pathlib.Path(program).name)):
        for claim in claims_of(program):
            if claim["id"] in claims:
                raise Refusal(f"{claim['id']}: two claims have this id")
            claims[claim["id"]] = claim
    return claims


def newest(entries):
    """Returns the last entry of each id."""
    return {entry["id"]: entry for entry in entries}


def changes(entry, claim):
    """The names of the registered fields in which `claim` is not what `entry` says."""
    fields = {key: value for key, value in entry.items() if key != "version"}
    return [name for name in {**fields, **claim} if fields.get(name) != claim.get(name)]


def differences(entries, claims):
    """Returns a line for each claim in which registry and code differ."""
    last = newest(entries)
    lines = []
    for name, claim in claims.items():
        if name not in last or "withdrawn" in last[name]:
            lines.append(f"{name}: not registered")
        elif changed := changes(last[name], claim):
            lines.append(f"{name}: not as registered: {', '.join(changed)}")
    for name, entry in last.items():
        if name not in claims and "withdrawn" not in entry:
            lines.append(f"{name}: registered, but no experiment has it")
    return lines


def with_version(claim, version):
    return {"id": claim["id"], "version": version, **claim}


def updated(entries, claims, withdrawals):
    """Returns `entries` with what has to be added, by study, and the latter alone.

    Raises Refusal with all that may not be added.
    """
    refused = []
    added = []
    last = newest(entries)
    for name, claim in claims.items():
        if name not in last:
            added.append(with_version(claim, 1))
            continue
        entry = last[name]
        changed = changes(entry, claim)
        if not changed:
            continue
        earlier = [other.get("amended") for other in entries if other["id"] == name]
        listed = "it was withdrawn" if "withdrawn" in entry else ", ".join(changed)
        if not claim["amended"] or claim["amended"] in earlier:
            refused.append(f"{name} changed ({listed}): its field `amended` must say why, anew for each change")
        elif changed == ["amended"]:
            refused.append(f"{name}: `amended` says why, but nothing else changed")
        else:
            added.append(with_version(claim, entry["version"] + 1))
    for name, entry in last.items():
        if name in claims or "withdrawn" in entry:
            continue
        if name in withdrawals:
            added.append({"id": name, "version": entry["version"] + 1, "withdrawn": withdrawals[name]})
        else:
            refused.append(f"{name} is gone: to withdraw it, give --withdraw '{name}=REASON'")
    for name in withdrawals:
        if name in claims:
            refused.append(f"{name} cannot be withdrawn: an experiment still has it")
        elif name not in last or "withdrawn" in last[name]:
            refused.append(f"{name} cannot be withdrawn: it is not registered")
    if refused:
        raise Refusal("\n".join(refused))
    # Ids keep their places, new ones stand at the end of their study; the versions of an id stand together.
    versions = {}
    for entry in entries + added:
        versions.setdefault(entry["id"], []).append(entry)
    groups = sorted(versions.values(), key=lambda group: natural(group[0]["study"]))
    return [entry for group in groups for entry in group], added


def read_entries(path):
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []


def write_entries(path, entries):
    temporary = path.with_name(path.name + ".tmp")
    temporary.write_text(json.dumps(entries, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    os.replace(temporary, path)


def withdrawal(text):
    name, _, reason = text.partition("=")
    if not name or not reason.strip():
        raise argparse.ArgumentTypeError(f"'{text}' is not of the form ID=REASON")
    return name, reason.strip()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare, change nothing")
    parser.add_argument("--withdraw", metavar="ID=REASON", action="append", type=withdrawal, default=[])
    parser.add_argument("file", type=pathlib.Path)
    parser.add_argument("programs", nargs="+", metavar="program")
    options = parser.parse_args()
    path = pathlib.Path(os.environ.get("BUILD_WORKSPACE_DIRECTORY", ""), options.file)
    try:
        claims = read_claims(options.programs)
        entries = read_entries(path)
        if options.check:
            lines = differences(entries, claims)
            if lines:
                raise Refusal("\n".join([*lines, "to register what the code says: make claims-register"]))
            print(f"{path}: all {len(claims)} claims are as registered")
            return 0
        entries, added = updated(entries, claims, dict(options.withdraw))
        if added:
            write_entries(path, entries)
        for entry in added:
            print(f"{entry['id']}: version {entry['version']}{', withdrawn' if 'withdrawn' in entry else ''}")
        print(f"{path}: {len(added)} entries added, {len(entries)} in all")
        return 0
    except Refusal as refusal:
        print(f"register_claims: {refusal}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
