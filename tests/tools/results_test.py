"""results.py on hand-made claims and summaries, and answers.py against the registered claims."""

import json
import pathlib
import re
import sys
import tempfile
import unittest

TOOL = pathlib.Path(sys.argv.pop(1)).absolute()
REGISTRATIONS = [pathlib.Path(name) for name in sys.argv[1:]]
del sys.argv[1:]
sys.path.insert(0, str(TOOL.parent))
import results  # noqa: E402
from answers import ANSWERS  # noqa: E402

MINUTE, HOUR, DAY = 60, 3600, 86400


def claim(name="fig9.A.one", verdict="holds", scale="reduced", **more):
    """As claim_table --json tells one."""
    return {
        "id": name, "study": name.split(".")[0], "scale": scale, "verdict": verdict, "late": False, "kind": "text",
        "statement": "it rises", "place": "Section 1", "expected": "> 0.5", "rule": "mean", "mean": 0.5703,
        "lo": 0.54, "hi": 0.5912, "values": [0.5, 0.6], "why": "", "reason": "", **more,
    }


def summary(name, runs, **more):
    """As a study's --print-summary: runs are (id, GFLOP) of the default profile, the paper's are ten times as long."""
    of_profile = {"default": runs, "extended": [], "paper": [(run, 10 * gflop) for run, gflop in runs]}
    return {"name": name, "caption": "What rises. And how.", "machine": "two cores", "seconds_per_gflop": 2.0,
            "runs": of_profile, **more}


class TextTest(unittest.TestCase):
    def test_numbers_have_three_digits(self):
        self.assertEqual([results.number(value) for value in (0.57034, 12345.0, 1.0, None)], ["0.57", "1.23e+04", "1", "–"])

    def test_cells_keep_the_table_whole(self):
        self.assertEqual(results.cell("|x| < 1"), "\\|x\\| &lt; 1")

    def test_durations_in_the_largest_unit_of_which_there_are_two(self):
        of = {29: "seconds", 30: "1 min", 61: "1 min", 89 * MINUTE: "89 min", 90 * MINUTE: "2 h", 35 * HOUR: "35 h",
              36 * HOUR: "2 days", 13 * DAY: "13 days", 14 * DAY: "2 weeks", 59 * DAY: "8 weeks", 60 * DAY: "2 months"}
        for seconds, text in of.items():
            self.assertEqual(results.duration(seconds), text)


class CountsTest(unittest.TestCase):
    def test_of_each_verdict(self):
        claims = [claim(verdict=verdict) for verdict in ("holds", "undecided", "holds", "differs", "not judged")]
        self.assertEqual(results.judged(claims), "2 / 1 / 1")
        self.assertEqual(results.counts(claims), "2 / 1 / 1, 1 not judged")
        self.assertEqual(results.counts(claims, 3), "2 / 1 / 1 (3 with a star), 1 not judged")
        self.assertEqual(results.counts(claims[:-1]), "2 / 1 / 1")

    def test_of_nothing(self):
        self.assertEqual(results.counts([]), "")
        self.assertEqual(results.judged([claim(verdict="not judged")]), "")
        self.assertEqual(results.counts([claim(verdict="not judged")]), "1 not judged")

    def test_of_a_study_the_larger_scales_in_brackets(self):
        claims = [claim(), claim("fig9.B", "differs"), claim(scale="paper"), claim("fig8.A"), claim("fig6.A", "not judged")]
        self.assertEqual(results.study_cell(claims, "fig9"), "1 / 1 / 0 (paper 1 / 0 / 0)")
        self.assertEqual(results.study_cell(claims, "fig8"), "1 / 0 / 0")
        self.assertEqual(results.study_cell(claims, "fig7"), "no claim")
        self.assertEqual(results.study_cell(claims, "fig6"), "1 not judged")

    def test_totals_by_kind_and_scale_with_their_stars(self):
        # Each claim is in one count; of one that is not judged the star says nothing.
        claims = [claim(), claim("fig9.B", late=True), claim("fig9.D", "not judged", late=True), claim("fig9.C", "differs", "paper", kind="ours")]
        lines = results.totals(claims)
        self.assertEqual(lines[0], "| kind | what | reduced | extended | paper |")
        self.assertEqual(len(lines), 2 + len(results.KINDS))
        self.assertTrue(lines[2].endswith("| 2 / 0 / 0 (1 with a star), 1 not judged | – | – |"), lines[2])
        self.assertTrue(lines[-1].endswith("| – | – | 0 / 1 / 0 |"), lines[-1])


class MeasuredTest(unittest.TestCase):
    def test_the_mean_with_its_interval(self):
        self.assertEqual(results.measured(claim()), "0.57 (0.54 .. 0.591)")

    def test_without_an_interval_the_mean_alone(self):
        self.assertEqual(results.measured(claim(lo=None)), "0.57")
        self.assertEqual(results.measured(claim(mean=None, hi=None)), "–")

    def test_of_every_seed_the_smallest_and_the_largest(self):
        every = claim(rule="every seed", values=[3.0, -1.5, 2.0])
        self.assertEqual(results.measured(every), "-1.5 .. 3 by seed")
        self.assertEqual(results.measured({**every, "values": [3.0, None]}), "0.57 (0.54 .. 0.591)")

    def test_a_late_verdict_has_a_star(self):
        self.assertEqual(results.verdict(claim()), "holds")
        self.assertEqual(results.verdict(claim(late=True)), "holds\\*")


class StudyLinesTest(unittest.TestCase):
    def test_a_line_a_claim_and_a_column_a_scale(self):
        lines = results.study_lines([claim(), claim("fig9.B"), claim(scale="paper")])
        self.assertEqual(lines[0], "| claim | statement | reduced | paper |")
        self.assertEqual(lines[2], "| `fig9.A.one` | it rises *text; Section 1; asked: > 0.5* "
                                   "| **holds** 0.57 (0.54 .. 0.591) | **holds** 0.57 (0.54 .. 0.591) |")
        self.assertTrue(lines[3].startswith("| `fig9.B` |") and lines[3].endswith("| – |"), lines[3])
        self.assertEqual(len(lines), 4)

    def test_says_below_why_a_claim_does_not_hold(self):
        lines = results.study_lines([claim(verdict="differs", why="a seed is missing", reason="a < b"),
                                     claim("fig9.B", "differs", "paper")])
        self.assertEqual(lines[-3], "")
        self.assertEqual(lines[-2], "- `fig9.A.one` at reduced scale differs: a seed is missing; a &lt; b")
        self.assertEqual(lines[-1], "- `fig9.B` at paper scale differs: the mean lies outside")


class SharedTest(unittest.TestCase):
    def test_the_verdicts_in_common(self):
        claims = [claim(), claim("fig9.B", "undecided", late=True), claim("fig9.B", scale="paper")]
        self.assertEqual(str(results.Shared(claims, "fig9.A.one fig9.B@paper")), "**holds**")
        self.assertEqual(str(results.Shared(claims, "fig9.A.one fig9.B")), "**holds** / undecided\\*")

    def test_reasons_are_those_of_the_first(self):
        shared = results.Shared([claim(why="a"), claim("fig9.B", why="b")], "fig9.B fig9.A.one")
        self.assertEqual("{0.why}".format(shared), "b")

    def test_refuses_a_claim_that_there_is_not(self):
        with self.assertRaisesRegex(SystemExit, "there is no claim fig9.C"):
            results.Shared([claim()], "fig9.A.one fig9.C")


class AnswersTest(unittest.TestCase):
    def test_every_claim_is_registered(self):
        registered = {of["id"] for path in REGISTRATIONS for of in json.loads(path.read_text(encoding="utf-8"))}
        self.assertTrue(registered)
        for asked, _, names in ANSWERS:
            for name in " ".join(names).split():
                self.assertIn(name.removesuffix("@paper"), registered, asked)

    def test_every_verdict_is_told(self):
        for asked, found, names in ANSWERS:
            self.assertEqual({int(digit) for digit in re.findall(r"\{(\d)[}.]", found)}, set(range(len(names))), asked)

    def test_the_table_has_a_line_an_answer(self):
        names = {name for _, _, some in ANSWERS for name in " ".join(some).split()}
        claims = [claim(name.partition("@")[0], scale=name.partition("@")[2] or "reduced") for name in sorted(names)]
        lines = results.answers(claims)
        self.assertEqual(len(lines), 2 + len(ANSWERS))
        self.assertIn("**holds**", lines[2])


class CostsTest(unittest.TestCase):
    def setUp(self):
        self.summaries = [summary("fig1", [("a", 100), ("b", 50)]), summary("fig2", [("b", 50), ("c", 30)]),
                          summary("fig3", [("a", 100)]), summary("fig4", [])]

    def test_runs_of_an_earlier_study_are_not_counted_again(self):
        costs = results.costs(self.summaries)
        self.assertEqual(costs["fig1", "default"], (150, 300.0, ""))
        self.assertEqual(costs["fig2", "default"], (30, 60.0, "fig1"))
        self.assertEqual(costs["fig3", "paper"], (0, 0.0, "fig1"))
        self.assertEqual(costs["fig4", "default"], (0, 0.0, ""))

    def test_cells(self):
        costs = results.costs(self.summaries)
        cells = [results.cost_cell(costs[name, "default"]) for name in ("fig1", "fig2", "fig3", "fig4")]
        self.assertEqual(cells, ["5 min", "1 min after `fig1`", "with `fig1`", "–"])

    def test_the_file_for_help(self):
        lines = results.costs_file(self.summaries).splitlines()
        self.assertEqual(lines[0], "# What training takes on two cores; written by make results-page.")
        self.assertEqual(lines[2], "fig1\t150 GFLOP, 5 min\tnothing is trained\t1,500 GFLOP, 50 min")
        self.assertEqual(lines[3], "fig2\t30 GFLOP, 1 min after fig1\tnothing is trained\t300 GFLOP, 10 min after fig1")
        self.assertEqual(lines[4].split("\t")[1], "with fig1")

    def test_the_table_of_studies(self):
        lines = results.studies([claim("fig1.A")], self.summaries)
        self.assertEqual(lines[2], "| What rises | `fig1` | 5 min | 50 min | 1 / 0 / 0 |")
        self.assertTrue(lines[-1].startswith("Times: on two cores"))
        self.assertEqual(results.studies([], []), [])

    def test_the_whole(self):
        lines = results.whole_costs(self.summaries)
        self.assertEqual(lines[2:5], ["| `default` | 3 | 6 min |", "| `extended` | 0 | seconds |", "| `paper` | 3 | 60 min |"])


class SweepsStub:
    def medians(self, study, group, metric, first, last):
        return {("beyond_x", "A", "lead", 0.5, 0.5): [0.47], ("beyond_x", "A", "lead", 0.6, 1.2): [0.3, 0.41]}[
            study, group, metric, first, last]


class WithValuesTest(unittest.TestCase):
    def shown(self, text):
        claims = [claim("fig9.A", mean=0.5703, values=[0.2, 0.9]), claim("fig9.A", scale="paper", mean=3.0),
                  claim("beyond_x.A"), claim("beyond_x.B", "differs"), claim("fig9.none", mean=None)]
        return results.with_values(text, claims, SweepsStub())

    def test_means_with_as_many_decimals_as_there_are(self):
        self.assertEqual(self.shown("is 1.23<!--fig9.A-->, at last 9<!--fig9.A@paper-->"),
                         "is 0.57<!--fig9.A-->, at last 3<!--fig9.A@paper-->")

    def test_what_a_sign_makes_of_it(self):
        for mark, value in {"2^fig9.A@paper": "8", "100*fig9.A": "57", "min:fig9.A": "0", "max:fig9.A": "1"}.items():
            self.assertEqual(self.shown(f"7<!--{mark}-->"), f"{value}<!--{mark}-->")

    def test_medians_of_sweeps_and_numbers_of_claims(self):
        self.assertEqual(self.shown("0.00<!--beyond_x/A/lead@0.5-->"), "0.47<!--beyond_x/A/lead@0.5-->")
        self.assertEqual(self.shown("-0.0<!--max:beyond_x/A/lead@0.6..1.2-->"), "0.4<!--max:beyond_x/A/lead@0.6..1.2-->")
        self.assertEqual(self.shown("9<!--count:beyond_:holds-->"), "1<!--count:beyond_:holds-->")

    def test_refuses_a_claim_without_a_mean(self):
        for name in ("fig9.B", "fig9.none"):
            with self.assertRaisesRegex(SystemExit, f"there is no mean of {name}"):
                self.shown(f"1<!--{name}-->")


class SweepsTest(unittest.TestCase):
    """inspect is a script that prints what it has of each path."""

    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        inspect = self.folder / "inspect"
        inspect.write_text("""#!/bin/bash
[[ $1 == */data/reference/default/beyond_x.h5 && $3 == --whole ]] || exit 1
echo "$2 of this shape"
echo "  @units 1"
case $2 in
  */A/axis1) printf '0.3\\n0.5\\n0.8\\n' ;;
  */lead) printf '1 2 3\\n4 9 5\\n7 nan 8\\n' ;;
esac
""")
        inspect.chmod(0o755)
        self.sweeps = results.Sweeps(inspect, self.folder)

    def test_medians_over_seeds_between_two_values(self):
        self.assertEqual(self.sweeps.medians("beyond_x", "A", "lead", 0.3, 0.5), [2, 5])
        self.assertEqual(self.sweeps.medians("beyond_x", "A", "lead", 0.5, 0.5), [5])

    def test_refuses_where_a_seed_or_a_value_is_missing(self):
        for first, last in ((0.5, 0.8), (0.9, 1.0)):
            with self.assertRaisesRegex(SystemExit, f"no A/lead of all seeds at {first} .. {last}"):
                self.sweeps.medians("beyond_x", "A", "lead", first, last)


class PagesTest(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)

    def test_fills_what_stands_between_two_marks(self):
        page = self.folder / "page.md"
        page.write_text("a\n<!-- totals -->\nold\n\\1\n<!-- end -->\nb\n")
        self.assertEqual(results.fill(page, {"totals": ["\\1 new", "two"]}), "a\n<!-- totals -->\n\\1 new\ntwo\n<!-- end -->\nb\n")
        with self.assertRaisesRegex(SystemExit, "page.md has 0 regions costs"):
            results.fill(page, {"costs": []})

    def test_what_to_expect_stands_in_the_header_of_a_study(self):
        (self.folder / "experiments").mkdir()
        source = self.folder / "experiments" / "fig9.cc"
        source.write_text("// Figure 9.\n//\n// Expect   both rise,\n//          the one first.\n//\n// Else.\n")
        self.assertEqual(results.expectation(self.folder, "fig9"), "both rise, the one first.")
        source.write_text("// Figure 9.\n")
        with self.assertRaisesRegex(SystemExit, "has no line // Expect"):
            results.expectation(self.folder, "fig9")

    def test_the_page_of_results_has_a_chapter_a_study(self):
        page = results.results_page([claim(), claim("fig8.A"), claim("fig9.B")])
        self.assertEqual(re.findall(r"^## (\w+)$", page, re.MULTILINE), ["fig9", "fig8"])
        self.assertTrue(page.endswith("|\n"))


if __name__ == "__main__":
    unittest.main()
