#!/usr/bin/env python3
"""Writes RESULTS.md, the tables of README.md, ARTIFACT.md and docs/studies.md, values in docs/findings.md, and the costs that
`make help` prints.

    results.py [--check] CLAIM_TABLE SIZES INSPECT FOLDER STUDY... --beyond STUDY...

CLAIM_TABLE is the program //figures:claim_table, SIZES //experiments:sizes, INSPECT //lib/store:inspect, a STUDY one of the programs
//experiments:NAME, those of STUDIES in experiments/studies.bzl in its order, then those of BEYOND_STUDIES. FOLDER, the workspace, holds the pages, the studies'
sources and data/reference. RESULTS.md and experiments/costs.tsv are written as a whole; of the other pages what stands
between <!-- NAME --> and <!-- end -->, and in docs/findings.md each number before a comment that names a claim:
0.57<!--fig3.B.bias--> is its mean at reduced scale, 0.59<!--fig3.B.bias@paper--> that at the paper's, with as many decimals
as are there; 13<!--2^fig8.A.faster--> is 2 to its power, 93<!--100*appendix_d.key_reasoning--> in per cent,
0.17<!--max:fig6.averaging--> the largest of its seeds (min: the smallest). 0.47<!--beyond_rates/A/lead@0.5--> is the median
over seeds of the metric lead of that study's sweep A at reduced scale, where its axis has 0.5;
0.41<!--max:beyond_rates/A/lead@0.6..1.2--> the largest of those from 0.6 to 1.2. 9<!--count:beyond_:holds--> is how many claims
of studies whose names begin so hold at reduced scale. --check changes nothing and exits 1 where a file is not what would be written. `make results-page` does it.
"""

import argparse
import json
import math
import os
import pathlib
import re
import statistics
import subprocess
import sys
import textwrap

from answers import ANSWERS

PROFILES = ("default", "extended", "paper")
SCALES = ("reduced", "extended", "paper")
VERDICTS = ("holds", "differs", "undecided")
KINDS = {
    "text": "the paper says it in words",
    "picture": "one of its figures shows it",
    "derived": "follows, or an appendix known in outline only presumably shows it",
    "ours": "hypotheses of ours; never the paper's",
}


# Other processors, by the Transformer's step: 13.9 ms with AVX2 where AVX-512 takes 7.6 (tests/bench/README.md, levers).
CLASSES = "; with AVX2 alone 1.8 times as long, in plain C++ some 50 times"


def number(value):
    """Three digits that count; "–" for NaN, which JSON has as null."""
    return "–" if value is None else f"{value:.3g}"


def cell(text):
    """`text` for a cell of a Markdown table, where | and < would mean something."""
    return text.replace("|", "\\|").replace("<", "&lt;")


def judged(claims):
    """"12 / 1 / 3": how many hold, differ and are undecided; "" for none."""
    by_verdict = [sum(claim["verdict"] == verdict for claim in claims) for verdict in VERDICTS]
    return " / ".join(map(str, by_verdict)) if sum(by_verdict) else ""


def counts(claims, stars=0):
    """"12 / 1 / 3, 2 not judged": all claims by what became of them, "" for none; with the number of stars of those that were
    judged "12 / 1 / 3 (4 with a star), 2 not judged"."""
    rest = sum(claim["verdict"] not in VERDICTS for claim in claims)
    parts = [judged(claims) + (f" ({stars} with a star)" if stars else ""), f"{rest} not judged" if rest else ""]
    return ", ".join(part for part in parts if part)


def starred(claims):
    """How many of those that hold, differ or are undecided have a star."""
    return sum(claim["late"] for claim in claims if claim["verdict"] in VERDICTS)


def totals(claims):
    """The table of totals by kind and scale."""
    lines = ["| kind | what | " + " | ".join(SCALES) + " |", "|---|---|" + "---|" * len(SCALES)]
    for kind, what in KINDS.items():
        cells = []
        for scale in SCALES:
            some = [c for c in claims if c["kind"] == kind and c["scale"] == scale]
            cells.append(counts(some, starred(some)) or "–")
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


class Shared:
    """What some claims have in common: as text their verdict, with a star where one of them has it."""

    def __init__(self, claims, names):
        by_name = {claim["id"] + ("" if claim["scale"] == "reduced" else "@" + claim["scale"]): claim for claim in claims}
        missing = [name for name in names.split() if name not in by_name]
        if missing:
            raise SystemExit(f"tools/answers.py: there is no claim {missing[0]}")
        self.claims = [by_name[name] for name in names.split()]
        self.why, self.reason = (self.claims[0][key] for key in ("why", "reason"))

    def __str__(self):
        verdicts = sorted({claim["verdict"] for claim in self.claims})
        text = " / ".join(word if word == "undecided" else f"**{word}**" for word in verdicts)
        return text + ("\\*" if any(claim["late"] for claim in self.claims) else "")


def answers(claims):
    """The table of what README answers."""
    lines = ["| the paper | found |", "|---|---|"]
    for asked, found, names in ANSWERS:
        lines.append(f"| {asked} | {found.format(*(Shared(claims, some) for some in names))} |")
    return lines


# What a sign before the id of a claim makes of it.
SIGNS = {
    "": lambda claim: claim["mean"],
    "2^": lambda claim: 2 ** claim["mean"],
    "100*": lambda claim: 100 * claim["mean"],
    "min:": lambda claim: min(claim["values"]),
    "max:": lambda claim: max(claim["values"]),
}


class Sweeps:
    """What the sweeps of the shipped figure files measured at reduced scale."""

    def __init__(self, inspect, folder):
        self.inspect = inspect
        self.folder = folder / "data/reference/default"

    def rows(self, study, path):
        """The rows of a data set below /panels, each as its words."""
        lines = output(self.inspect, self.folder / f"{study}.h5", f"/panels/{path}", "--whole").splitlines()
        return [line.split() for line in lines[1:] if not line.lstrip().startswith("@")]

    def medians(self, study, group, metric, first, last):
        """Over seeds, at the values of the axis from `first` to `last`."""
        values = [float(row[0]) for row in self.rows(study, f"{group}/axis1")]
        cells = [[float(word) for word in row] for row in self.rows(study, f"{group}/cells/{metric}")]
        chosen = [cell for value, cell in zip(values, cells, strict=True) if first <= value <= last]
        if not chosen or any(math.isnan(number) for cell in chosen for number in cell):
            raise SystemExit(f"docs/findings.md: {study} has no {group}/{metric} of all seeds at {first} .. {last}")
        return [statistics.median(cell) for cell in chosen]


def with_values(text, claims, sweeps):
    """The text, each number before <!--ID--> or <!--ID@SCALE--> being the mean of that claim, or what comes of it as the
    sign before the id says; likewise the medians of sweeps and the numbers of claims."""
    of_id = {(claim["id"], claim["scale"]): claim for claim in claims}

    def shown(mark):
        counted = re.fullmatch(r"count:(\w+):(\w+)", mark)
        if counted:
            return sum(
                claim["study"].startswith(counted[1]) and claim["verdict"] == counted[2]
                for claim in claims
                if claim["scale"] == "reduced"
            )
        cell = re.fullmatch(r"(min:|max:|)(\w+)/(\w+)/(\w+)@([\d.]+?)(?:\.\.([\d.]+))?", mark)
        if cell:
            sign, study, group, metric, first, last = cell.groups()
            medians = sweeps.medians(study, group, metric, float(first), float(last or first))
            return max(medians) if sign == "max:" else min(medians)
        sign, name, scale = re.fullmatch(r"(2\^|100\*|min:|max:|)([^@]+)@?(.*)", mark).groups()
        claim = of_id.get((name, scale or "reduced"))
        if claim is None or claim["mean"] is None:
            raise SystemExit(f"docs/findings.md: there is no mean of {mark}")
        return SIGNS[sign](claim)

    def value(match):
        decimals = len(match[2] or ".") - 1
        return f"{shown(match[3]):.{decimals}f}<!--{match[3]}-->"

    return re.sub(r"(-?\d+(\.\d+)?)<!--([^\s>]+)-->", value, text)


def expectation(folder, study):
    """What the header of a study's source says is to be expected."""
    words = []
    for line in (folder / f"experiments/{study}.cc").read_text(encoding="utf-8").splitlines():
        if line.startswith("// Expect"):
            words = [line.removeprefix("// Expect")]
        elif words and re.match("// .", line):
            words.append(line.removeprefix("//"))
        elif words:
            return " ".join(" ".join(words).split())
    raise SystemExit(f"experiments/{study}.cc has no line // Expect")


def experiments(claims, summaries, folder):
    """The table of ARTIFACT.md: of each study its command, times, claims and what to expect."""
    of_study = costs(summaries)
    lines = ["| command | default | extended | paper | claims | what to look at, as the paper has it |", "|---|---|---|---|---|---|"]
    for summary in summaries:
        name = summary["name"]
        times = [cost_cell(of_study[name, profile]) for profile in PROFILES]
        verdicts = study_cell(claims, name)
        lines.append(f"| `make {name}` | {' | '.join(times)} | {verdicts} | {cell(expectation(folder, name))} |")
    return lines + ["", f"Times: on {summaries[0]['machine']}{CLASSES}."]


def whole_costs(summaries):
    """The lines of ARTIFACT.md about the whole: how many studies, runs and hours a profile is."""
    of_study = costs(summaries)
    lines = ["| profile | runs | training |", "|---|---|---|"]
    for profile in PROFILES:
        runs = {run for summary in summaries for run, _ in summary["runs"][profile]}
        seconds = sum(of_study[summary["name"], profile][1] for summary in summaries)
        lines.append(f"| `{profile}` | {len(runs):,} | {duration(seconds)} |")
    return lines + ["", f"Of all {len(summaries)} studies, on {summaries[0]['machine']}."]


def claim_count(claims):
    """The sentence of ARTIFACT.md on how many claims there are."""
    ids = {claim["id"] for claim in claims}
    reduced = [claim for claim in claims if claim["scale"] == "reduced"]
    paper = [claim for claim in claims if claim["scale"] == "paper"]
    sentence = (
        f"{len(ids)} claims are made. At reduced scale {judged(reduced)} of them hold / differ / are undecided ({starred(reduced)} with a star), the rest needs a larger profile;"
        f" at the paper's own scale {judged(paper)} of the {len(paper)} that have been run there."
    )
    return [*textwrap.wrap(sentence, 125), "", *totals(claims)]


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
        "Hold / differ / undecided, and how many of them have a star; not judged are those that need a larger profile:",
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
    if not summaries:
        return []
    lines = ["| figure | target | default | paper | hold / differ / undecided |", "|---|---|---|---|---|"]
    for summary in summaries:
        name = summary["name"]
        caption = cell(summary["caption"].split(". ")[0])
        cells = [cost_cell(of_study[name, profile]) for profile in ("default", "paper")]
        lines.append(f"| {caption} | `{name}` | {' | '.join(cells)} | {study_cell(claims, name)} |")
    return lines + ["", f"Times: on {summaries[0]['machine']}{CLASSES}."]


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
    parser.add_argument("inspect")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("study", nargs="+")
    parser.add_argument("--beyond", nargs="+", default=[])
    options = parser.parse_args()
    folder = options.folder
    claims = json.loads(output(options.claim_table, "--json", f"--results={folder.resolve() / 'data/reference'}"))
    summaries = [json.loads(output(study, "--print-summary")) for study in options.study]
    beyond = [json.loads(output(study, "--print-summary")) for study in options.beyond]
    sizes = output(options.sizes).splitlines()
    wanted = {
        "RESULTS.md": results_page(claims),
        "README.md": fill(folder / "README.md", {"answers": answers(claims), "totals": totals(claims)}),
        "ARTIFACT.md": fill(
            folder / "ARTIFACT.md",
            {
                "costs": whole_costs(summaries),
                "experiments": experiments(claims, summaries, folder),
                "claims": claim_count(claims),
            },
        ),
        "docs/findings.md": with_values(
            (folder / "docs/findings.md").read_text(encoding="utf-8"), claims, Sweeps(options.inspect, folder)
        ),
        "docs/studies.md": fill(
            folder / "docs/studies.md",
            {"studies": studies(claims, summaries), "beyond": studies(claims, beyond), "sizes": sizes},
        ),
        "experiments/costs.tsv": costs_file(summaries + beyond),
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
