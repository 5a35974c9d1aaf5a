#!/usr/bin/env python3
"""Writes RESULTS.md, the tables of README.md and docs/studies.md, and the costs that `make help` prints.

    results.py [--check] CLAIM_TABLE SIZES FOLDER STUDY...

CLAIM_TABLE is the program //figures:claim_table, SIZES //experiments:sizes, a STUDY one of the programs
//experiments:NAME, those of STUDIES in experiments/studies.bzl in its order. FOLDER, the workspace, holds data/reference, README.md and
RESULTS.md. RESULTS.md and experiments/costs.tsv are written as a whole; in README.md and docs/studies.md what stands
between <!-- NAME --> and <!-- end -->, NAME being totals, studies or sizes. --check changes nothing and exits 1 where a file is not what would
be written. `make results-page` does it.
"""

import argparse
import json
import os
import pathlib
import re
import subprocess
import sys

PROFILES = ("default", "extended", "paper")
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
        "data, model and batch for 50 of its 1000 epochs (learning rates, next-token training and GPT-2 as in `reduced`),",
        "`paper` its own sizes. A star: the claim was registered or amended after the seeds of that scale had been seen;",
        "read it as exploratory.",
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


def duration(seconds):
    """"9 min": in the largest unit of which there are two or so."""
    for length, unit in ((60 * 86400, "months"), (14 * 86400, "weeks"), (36 * 3600, "days"), (5400, "h"), (60, "min")):
        if seconds >= length:
            whole = {"months": 30 * 86400, "weeks": 7 * 86400, "days": 86400, "h": 3600, "min": 60}[unit]
            return f"{seconds / whole:.0f} {unit}"
    return "1 min" if seconds >= 30 else "seconds"


def costs(summaries):
    """Of each study and profile (GFLOP, seconds, the earlier study with which it shares most runs or ""): of those runs
    alone that no earlier study has."""
    owner = {}
    result = {}
    for summary in summaries:
        name = summary["name"]
        for profile in PROFILES:
            new = 0
            shared = {}
            for run, gflop in summary["runs"][profile]:
                first = owner.setdefault((profile, run), name)
                if first == name:
                    new += gflop
                else:
                    shared[first] = shared.get(first, 0) + gflop
            most = max(shared, key=shared.get) if shared else ""
            result[name, profile] = (new, new * summary["seconds_per_gflop"], most)
    return result


def cost_cell(cost):
    """"9 min", "with `fig3`", "4 min after `fig1`"."""
    gflop, seconds, shared = cost
    if not gflop:
        return f"with `{shared}`" if shared else "–"
    return duration(seconds) + (f" after `{shared}`" if shared else "")


def cost_text(cost):
    """The same with GFLOP, for `make help`."""
    gflop, seconds, shared = cost
    if not gflop:
        return f"with {shared}" if shared else "nothing is trained"
    return f"{gflop:,.0f} GFLOP, {duration(seconds)}" + (f" after {shared}" if shared else "")


def costs_file(summaries):
    """A line a study: name, then the costs at default, extended and paper, between tabs."""
    of_study = costs(summaries)
    lines = [
        f"# What training takes on {summaries[0]['machine']}; written by make results-page.",
        "# Runs that an earlier study has are not counted again. study, default, extended, paper.",
    ]
    for summary in summaries:
        lines.append("\t".join([summary["name"]] + [cost_text(of_study[summary["name"], p]) for p in PROFILES]))
    return "\n".join(lines) + "\n"


def studies(claims, summaries):
    """The table of studies."""
    of_study = costs(summaries)
    lines = ["| figure | target | default | paper | hold / differ / undecided |", "|---|---|---|---|---|"]
    for summary in summaries:
        name = summary["name"]
        caption = cell(summary["caption"].split(". ")[0])
        cells = [cost_cell(of_study[name, profile]) for profile in ("default", "paper")]
        lines.append(f"| {caption} | `{name}` | {' | '.join(cells)} | {study_cell(claims, name)} |")
    return lines + ["", f"Times: on {summaries[0]['machine']}."]


def fill(path, regions):
    """The text of a page with these lines in its regions."""
    text = path.read_text(encoding="utf-8")
    for name, lines in regions.items():
        block = "\n".join([f"<!-- {name} -->", *lines, "<!-- end -->"])
        text, found = re.subn(f"<!-- {name} -->.*?<!-- end -->", lambda _, block=block: block, text, flags=re.DOTALL)
        if found != 1:
            raise SystemExit(f"{path.name} has {found} regions {name} instead of one")
    return text


def output(program, *arguments):
    command = [os.path.abspath(program), *arguments]
    return subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing, exit 1 where a file is stale")
    parser.add_argument("claim_table")
    parser.add_argument("sizes")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("study", nargs="+")
    options = parser.parse_args()
    folder = options.folder
    claims = json.loads(output(options.claim_table, "--json", f"--results={folder.resolve() / 'data/reference'}"))
    summaries = [json.loads(output(study, "--print-summary")) for study in options.study]
    sizes = output(options.sizes).splitlines()
    wanted = {
        "RESULTS.md": results_page(claims),
        "README.md": fill(folder / "README.md", {"totals": totals(claims)}),
        "docs/studies.md": fill(folder / "docs/studies.md", {"studies": studies(claims, summaries), "sizes": sizes}),
        "experiments/costs.tsv": costs_file(summaries),
    }
    stale = 0
    for name, text in wanted.items():
        path = folder / name
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        if options.check:
            print(f"{name} is not what the reference files and the studies say; make results-page", file=sys.stderr)
            stale = 1
        else:
            path.write_text(text, encoding="utf-8")
            print(f"wrote {name}")
    return stale


if __name__ == "__main__":
    sys.exit(main())
