#!/usr/bin/env python3
"""Keeps the registered claims: what is asked of the runs, written down before they are trained.

    register_claims.py FILE PROGRAM...           brings the registrations up to date with the programs' --print-claims
    register_claims.py --check FILE PROGRAM...   exits 1 where the two differ, and changes nothing

FILE, claims.json, is registration 1; claims_2.json beside it is registration 2, and so on. Each is a JSON list of
entries that never changes again once git has it, so that the time of its commit is that of all its entries: what comes
later goes into the next file. Of an id the last entry of the last file is in force. Its field `registration` names the
file since which the claim asks what it asks: an earlier one where words or kind alone changed.

Each PROGRAM is an experiment. A claim that changed gets another entry with the next version, for which its field
`amended` must give a reason. A claim that is gone needs --withdraw ID=REASON. --reopen adds to the newest file although
git has it; its entries then count as registered when that is committed. The first file is never reopened.
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


def all_entries(registrations):
    """The entries of all registrations, a dict of lists by number, each with its number."""
    return [(number, entry) for number in sorted(registrations) for entry in registrations[number]]


def newest(registrations):
    """Returns the last entry of each id, with its registration's number."""
    return {entry["id"]: (number, entry) for number, entry in all_entries(registrations)}


def changes(entry, claim):
    """The names of the registered fields in which `claim` is not what `entry` says."""
    apart = ("version", "registration")  # the latter tells the file, and the first one's entries lack it
    fields = {key: value for key, value in entry.items() if key not in apart}
    asked = {key: value for key, value in claim.items() if key not in apart}
    return [name for name in {**fields, **asked} if fields.get(name) != asked.get(name)]


def registration_of(claim):
    return claim.get("registration", 1)


def asks_the_same(one, other):
    """Whether two entries of a claim differ in words, kind or place at most."""
    return all(one.get(name) == other.get(name) for name in ("metric", "rule", "expected", "preconditions", "seeds"))


def asked_in(registrations, claim, number):
    """Whether the registration `number` has an entry of the claim that asks what this one asks."""
    return any(
        entry["id"] == claim["id"] and asks_the_same(entry, claim) for entry in registrations.get(number, [])
    )


def must_be(name, number):
    return f"{name}: its field `registration` must be {number}"


def differences(registrations, claims):
    """Returns a line for each claim in which registry and code differ."""
    last = newest(registrations)
    lines = []
    for name, claim in claims.items():
        _, entry = last.get(name, (0, {"withdrawn": ""}))
        if "withdrawn" in entry:
            lines.append(f"{name}: not registered")
        elif changed := changes(entry, claim):
            lines.append(f"{name}: not as registered: {', '.join(changed)}")
        elif registration_of(claim) != registration_of(entry):
            lines.append(must_be(name, registration_of(entry)))
    for name, (_, entry) in last.items():
        if name not in claims and "withdrawn" not in entry:
            lines.append(f"{name}: registered, but no experiment has it")
    return lines


def with_version(claim, version):
    return {"id": claim["id"], "version": version, **claim}


def additions(registrations, claims, withdrawals, number):
    """Returns the entries to be added, all of them to the registration `number`.

    Raises Refusal with all that may not be added.
    """
    refused = []
    added = []
    last = newest(registrations)

    def add(claim, version):
        since = registration_of(claim)
        if since != number and not (since < number and asked_in(registrations, claim, since)):
            refused.append(must_be(claim["id"], number))
        added.append(with_version(claim, version))

    for name, claim in claims.items():
        if name not in last:
            add(claim, 1)
            continue
        _, entry = last[name]
        changed = changes(entry, claim)
        if not changed:
            if registration_of(claim) != registration_of(entry):
                refused.append(must_be(name, registration_of(entry)))
            continue
        earlier = [other.get("amended") for _, other in all_entries(registrations) if other["id"] == name]
        listed = "it was withdrawn" if "withdrawn" in entry else ", ".join(changed)
        if not claim["amended"] or claim["amended"] in earlier:
            refused.append(f"{name} changed ({listed}): its field `amended` must say why, anew for each change")
        elif changed == ["amended"]:
            refused.append(f"{name}: `amended` says why, but nothing else changed")
        else:
            add(claim, entry["version"] + 1)
    for name, (_, entry) in last.items():
        if name in claims or "withdrawn" in entry:
            continue
        if name in withdrawals:
            added.append({"id": name, "version": entry["version"] + 1, "withdrawn": withdrawals[name]})
        else:
            refused.append(f"{name} is gone: to withdraw it, give --withdraw '{name}=REASON'")
    for name in withdrawals:
        if name in claims:
            refused.append(f"{name} cannot be withdrawn: an experiment still has it")
        elif name not in last or "withdrawn" in last[name][1]:
            refused.append(f"{name} cannot be withdrawn: it is not registered")
    if refused:
        raise Refusal("\n".join(refused))
    return added


def merged(entries, added):
    """Both by study. Ids keep their places, new ones stand at the end of their study; versions of an id together."""
    versions = {}
    for entry in entries + added:
        versions.setdefault(entry["id"], []).append(entry)
    groups = sorted(versions.values(), key=lambda group: natural(group[0]["id"].split(".")[0]))
    return [entry for group in groups for entry in group]


def file_of(base, number):
    """The file of a registration; `base` is that of the first."""
    return base if number == 1 else base.with_name(f"{base.stem}_{number}{base.suffix}")


def read_registrations(base):
    """Returns the entries of each registration by number, from 1 to the last that has a file.

    Raises Refusal where an entry names another file than the one it stands in, or a file between two is missing.
    """
    registrations = {}
    while (path := file_of(base, len(registrations) + 1)).exists():
        number = len(registrations) + 1
        registrations[number] = read_entries(path)
        for entry in registrations[number]:
            since = registration_of(entry)
            if "withdrawn" not in entry and since != number and not asked_in(registrations, entry, since):
                raise Refusal(f"{path}: {entry['id']} is an entry of registration {since}")
    known = {file_of(base, number).name for number in registrations}
    for path in base.parent.glob(f"{base.stem}_*{base.suffix}"):
        if path.name not in known and re.fullmatch(r"_\d+", path.stem[len(base.stem):]):
            raise Refusal(f"{path}: there is no {file_of(base, len(registrations) + 1).name} before it")
    return registrations


def is_committed(path):
    """Whether the last commit has this file; False outside of git."""
    # The clone may be another user's, as in a container.
    top = next((str(folder) for folder in path.resolve().parents if (folder / ".git").exists()), "")
    command = ["git", "-c", f"safe.directory={top}", "ls-tree", "--name-only", "HEAD", "--", path.name]
    try:
        result = subprocess.run(command, cwd=path.parent, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                env={**os.environ, "LC_ALL": "C"})
    except FileNotFoundError:
        return False
    if "dubious ownership" in result.stderr:
        raise Refusal(f"git does not tell whether it has {path}: {result.stderr.strip()}")
    return bool(result.stdout.strip())


def open_registration(base, registrations, reopen):
    """The number of the registration that takes new entries."""
    last = max(registrations, default=0)
    if last == 0 or (is_committed(file_of(base, last)) and not (reopen and last > 1)):
        return last + 1
    return last


def read_entries(path):
    return json.loads(path.read_text(encoding="utf-8"))


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
    parser.add_argument("--reopen", action="store_true", help="add to the newest file although git has it")
    parser.add_argument("--withdraw", metavar="ID=REASON", action="append", type=withdrawal, default=[])
    parser.add_argument("file", type=pathlib.Path)
    parser.add_argument("programs", nargs="+", metavar="program")
    options = parser.parse_args()
    base = pathlib.Path(os.environ.get("BUILD_WORKSPACE_DIRECTORY", ""), options.file)
    try:
        claims = read_claims(options.programs)
        registrations = read_registrations(base)
        if options.check:
            lines = differences(registrations, claims)
            if lines:
                raise Refusal("\n".join([*lines, "to register what the code says: make claims-register"]))
            print(f"{base}: all {len(claims)} claims are as registered, in {len(registrations)} files")
            return 0
        number = open_registration(base, registrations, options.reopen)
        added = additions(registrations, claims, dict(options.withdraw), number)
        path = file_of(base, number)
        if added:
            write_entries(path, merged(registrations.get(number, []), added))
        for entry in added:
            print(f"{entry['id']}: version {entry['version']}{', withdrawn' if 'withdrawn' in entry else ''}")
        print(f"{path}: {len(added)} entries added")
        return 0
    except Refusal as refusal:
        print(f"register_claims: {refusal}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
