#!/usr/bin/env python3
"""Writes what RESULTS.md and README.md say of verdicts from the claims of the reference files.

    results.py [--check] CLAIM_TABLE [FOLDER]

CLAIM_TABLE is the program //figures:claim_table; FOLDER, the workspace, holds data/reference, README.md and RESULTS.md.
RESULTS.md is written as a whole; in README.md the last column of the table of studies, and what stands between
<!-- totals --> and <!-- end -->. --check changes nothing and exits 1 where a file is not what would be written.
`make results-page` does it.
"""

import argparse
import json
import os
import pathlib
import re
import subprocess
import sys

SCALES = ("reduced", "extended", "paper")
VERDICTS = ("holds", "differs", "undecided")
KINDS = {
    "text": "the paper says it in words",
    "picture": "one of its figures shows it",
    "derived": "follows, or an appendix known in outline only presumably shows it",
    "ours": "hypotheses of ours; never the paper's",
}


def number(value):
    """Three digits that count; "–" for what is no number, which JSON has as null."""
    return "–" if value is None else f"{value:.3g}"


def cell(text):
    """`text` for a cell of a Markdown table, where | and < would mean something."""
    return text.replace("|", "\\|").replace("<", "&lt;")


def counts(claims):
    """"12 / 1 / 3": how many hold, differ and are undecided; "" for none."""
    by_verdict = [sum(claim["verdict"] == verdict for claim in claims) for verdict in VERDICTS]
    return " / ".join(map(str, by_verdict)) if sum(by_verdict) else ""


def totals(claims):
    """The table of totals by kind and scale."""
    lines = ["| kind | what | " + " | ".join(SCALES) + " |", "|---|---|" + "---|" * len(SCALES)]
    for kind, what in KINDS.items():
        cells = []
        for scale in SCALES:
            some = [c for c in claims if c["kind"] == kind and c["scale"] == scale]
            late = sum(c["late"] for c in some)
            cells.append((counts(some) or "–") + (f" ({late} with a star)" if late else ""))
        lines.append(f"| {kind} | {what} | {' | '.join(cells)} |")
    return lines


def measured(claim):
    """"0.57 (0.54 .. 0.591)": the mean with its interval, where it has one; of a claim about every seed the smallest and
    the largest value, which judge it."""
    values = claim["values"]
    if claim["rule"] == "every seed" and values and None not in values:
        return f"{number(min(values))} .. {number(max(values))} by seed"
    if claim["lo"] is None or claim["hi"] is None:
        return number(claim["mean"])
    return f"{number(claim['mean'])} ({number(claim['lo'])} .. {number(claim['hi'])})"


def verdict(claim):
    return claim["verdict"] + ("\\*" if claim["late"] else "")


def study_lines(claims):
    """The table of one study, and below it why claims do not hold."""
    by_id = {}
    for claim in claims:
        by_id.setdefault(claim["id"], {})[claim["scale"]] = claim
    scales = [scale for scale in SCALES if any(scale in of_scale for of_scale in by_id.values())]
    lines = ["| claim | statement | " + " | ".join(scales) + " |", "|---|---|" + "---|" * len(scales)]
    reasons = []
    for name, of_scale in by_id.items():
        some = next(iter(of_scale.values()))
        every = " in every seed" if some["rule"] == "every seed" else ""
        asked = f"{cell(some['statement'])} *{some['kind']}; {cell(some['place'])}; asked: {cell(some['expected'])}{every}*"
        cells = []
        for scale in scales:
            claim = of_scale.get(scale)
            cells.append("–" if claim is None else f"**{verdict(claim)}** {measured(claim)}")
            if claim is None or claim["verdict"] == "holds":
                continue
            because = "; ".join(text for text in (claim["why"], claim["reason"]) if text)
            reasons.append(f"- `{name}` at {scale} scale {claim['verdict']}: {cell(because) or 'the mean lies outside'}")
        lines.append(f"| `{name}` | {asked} | {' | '.join(cells)} |")
    return lines + ([""] + reasons if reasons else [])


def results_page(claims):
    lines = [
        "# Results",
        "",
        "Every claim of every study, judged on the figure files in [data/reference](data/reference). Written by",
        "`make results-page`; do not edit. What is measured, and a value per seed:",
        "`bazel run //figures:claim_table -- --results=data/reference`.",
        "",
        "A verdict, then the mean over seeds with its 95 % interval (of a claim about every seed the smallest and the",
        "largest value). `reduced` is the `default` profile, `extended` the paper's",
        "data, model and batch for 50 of its 1000 epochs, `paper` its own sizes. A star: the claim was registered or amended",
        "after the seeds of that scale had been seen; read it as exploratory.",
        "",
        "Hold / differ / undecided, and how many of them have a star:",
        "",
        *totals(claims),
    ]
    for study in dict.fromkeys(claim["study"] for claim in claims):
        lines += ["", f"## {study}", "", *study_lines([claim for claim in claims if claim["study"] == study])]
    return "\n".join(lines) + "\n"


def study_cell(claims, study):
    """"4 / 1 / 3 (paper 9 / 0 / 0)": the verdicts of a study, those beyond the reduced scale in brackets."""
    of_scale = {
        scale: counts([c for c in claims if c["study"] == study and c["scale"] == scale]) for scale in SCALES
    }
    more = ", ".join(f"{scale} {of_scale[scale]}" for scale in SCALES[1:] if of_scale[scale])
    return (of_scale["reduced"] or "no claim") + (f" ({more})" if more else "")


def readme(text, claims):
    def row(match):
        return f"{match.group(1)} {study_cell(claims, match.group(2))} |"

    text = re.sub(r"^(\|.*\| `(\w+)` \|.*\|) [^|]* \|$", row, text, flags=re.MULTILINE)
    block = "\n".join(["<!-- totals -->", *totals(claims), "<!-- end -->"])
    return re.sub(r"<!-- totals -->.*?<!-- end -->", lambda _: block, text, flags=re.DOTALL)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing, exit 1 where a file is stale")
    parser.add_argument("claim_table")
    parser.add_argument("folder", nargs="?", type=pathlib.Path, default=os.environ.get("BUILD_WORKSPACE_DIRECTORY", "."))
    options = parser.parse_args()
    folder = pathlib.Path(options.folder)
    command = [os.path.abspath(options.claim_table), "--json", f"--results={folder.resolve() / 'data/reference'}"]
    claims = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout)
    old = (folder / "README.md").read_text(encoding="utf-8")
    wanted = {"RESULTS.md": results_page(claims), "README.md": readme(old, claims)}
    stale = 0
    for name, text in wanted.items():
        path = folder / name
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        if options.check:
            print(f"{name} is not what the reference files say; make results-page", file=sys.stderr)
            stale = 1
        else:
            path.write_text(text, encoding="utf-8")
            print(f"wrote {name}")
    return stale


if __name__ == "__main__":
    sys.exit(main())
