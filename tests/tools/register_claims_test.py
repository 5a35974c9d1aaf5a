"""register_claims.py on constructed experiments: programs that print a constructed list."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

TOOL = os.path.abspath(sys.argv.pop(1))


def claim(name, **fields):
    registered = {"id": name, "study": name.split(".")[0], "statement": "s", "metric": "m", "expected": ">= 0.5"}
    return {**registered, "preconditions": ["learned >= 0.9"], "amended": "", **fields}


class RegisterClaimsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.file = self.folder / "claims.json"

    def program(self, study, claims):
        """An experiment that prints `claims`."""
        (self.folder / f"{study}.json").write_text(json.dumps(claims), encoding="utf-8")
        path = self.folder / study
        path.write_text('#!/bin/sh\n[ "$1" = --print-claims ] && cat "$0.json"\n', encoding="utf-8")
        path.chmod(0o755)
        return str(path)

    def run_tool(self, *arguments, **studies):
        programs = [self.program(study, claims) for study, claims in studies.items()]
        command = [sys.executable, TOOL, str(self.file), *programs, *arguments]
        return subprocess.run(command, capture_output=True, text=True)

    def register(self, *arguments, **studies):
        result = self.run_tool(*arguments, **studies)
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(self.file.read_text(encoding="utf-8"))

    def entries_of(self, number):
        """The entries of a later registration's file."""
        return json.loads((self.folder / f"claims_{number}.json").read_text(encoding="utf-8"))

    def commit(self):
        """Puts all files of the folder into git."""
        git = ["git", "-C", str(self.folder), "-c", "user.name=n", "-c", "user.email=e@example.org"]
        for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "m"]):
            subprocess.run([*git, *arguments], check=True)

    def refused(self, *arguments, **studies):
        """The message of a refusal, which leaves the file as it was."""
        before = self.file.read_bytes() if self.file.exists() else None
        result = self.run_tool(*arguments, **studies)
        self.assertEqual(result.returncode, 1, result.stdout)
        self.assertEqual(self.file.read_bytes() if self.file.exists() else None, before)
        return result.stderr

    def frozen(self, *arguments, **studies):
        """The message of a refusal, which leaves no second file."""
        message = self.refused(*arguments, **studies)
        self.assertFalse((self.folder / "claims_2.json").exists())
        return message

    def names(self, entries):
        return [(entry["id"], entry["version"]) for entry in entries]

    def test_first_registration_is_in_the_natural_order_of_studies(self):
        entries = self.register(fig10=[claim("fig10.A")], fig2=[], fig3=[claim("fig3.B"), claim("fig3.A")],
                                appendix_d=[claim("appendix_d.A", statement="γ")])
        self.assertEqual(self.names(entries), [("appendix_d.A", 1), ("fig3.B", 1), ("fig3.A", 1), ("fig10.A", 1)])
        self.assertEqual(entries[0], {**claim("appendix_d.A", statement="γ"), "version": 1})
        self.assertIn("γ", self.file.read_text(encoding="utf-8"))
        self.assertEqual(list(entries[0])[:2], ["id", "version"])

    def test_nothing_new_leaves_the_bytes(self):
        self.register(fig3=[claim("fig3.A")])
        before = self.file.read_bytes()
        os.utime(self.file, (1, 1))
        self.register(fig3=[claim("fig3.A")])
        self.assertEqual(self.file.read_bytes(), before)
        self.assertEqual(self.file.stat().st_mtime, 1)

    def test_a_new_claim_stands_at_the_end_of_its_study(self):
        self.register(fig3=[claim("fig3.B")], fig4=[claim("fig4.A")])
        entries = self.register(fig3=[claim("fig3.A"), claim("fig3.B")], fig4=[claim("fig4.A")])
        self.assertEqual(self.names(entries), [("fig3.B", 1), ("fig3.A", 1), ("fig4.A", 1)])

    def test_a_change_without_a_reason_is_refused(self):
        self.register(fig3=[claim("fig3.A"), claim("fig3.B")])
        message = self.refused(fig3=[claim("fig3.A", metric="n", expected="> 0"), claim("fig3.B")])
        self.assertIn("fig3.A changed (metric, expected)", message)
        self.assertNotIn("fig3.B", message)

    def test_a_change_of_a_precondition_is_a_change(self):
        self.register(fig3=[claim("fig3.A")])
        self.assertIn("(preconditions)", self.refused(fig3=[claim("fig3.A", preconditions=[])]))

    def test_a_field_more_is_a_change(self):
        self.register(fig3=[claim("fig3.A")])
        self.assertIn("(unit)", self.refused(fig3=[claim("fig3.A", unit="nats")]))

    def test_a_change_with_a_reason_is_another_version(self):
        self.register(fig3=[claim("fig3.A"), claim("fig3.B")])
        entries = self.register(fig3=[claim("fig3.A", metric="n", amended="a mistake"), claim("fig3.B")])
        self.assertEqual(self.names(entries), [("fig3.A", 1), ("fig3.A", 2), ("fig3.B", 1)])
        self.assertEqual(entries[0], {**claim("fig3.A"), "version": 1})
        self.assertEqual(entries[1], {**claim("fig3.A", metric="n", amended="a mistake"), "version": 2})

    def test_each_change_needs_a_reason_of_its_own(self):
        self.register(fig3=[claim("fig3.A")])
        self.register(fig3=[claim("fig3.A", metric="n", amended="a mistake")])
        self.assertIn("anew", self.refused(fig3=[claim("fig3.A", metric="o", amended="a mistake")]))
        entries = self.register(fig3=[claim("fig3.A", metric="o", amended="another")])
        self.assertEqual(self.names(entries), [("fig3.A", 1), ("fig3.A", 2), ("fig3.A", 3)])

    def test_a_reason_alone_is_refused(self):
        self.register(fig3=[claim("fig3.A")])
        self.assertIn("nothing else changed", self.refused(fig3=[claim("fig3.A", amended="why not")]))

    def test_a_claim_that_is_gone_is_refused_unless_withdrawn(self):
        self.register(fig3=[claim("fig3.A"), claim("fig3.B")])
        self.assertIn("fig3.A is gone", self.refused(fig3=[claim("fig3.B")]))
        entries = self.register("--withdraw", "fig3.A=the paper does = not say so", fig3=[claim("fig3.B")])
        self.assertEqual(entries[1], {"id": "fig3.A", "version": 2, "withdrawn": "the paper does = not say so"})
        self.assertEqual(self.names(entries), [("fig3.A", 1), ("fig3.A", 2), ("fig3.B", 1)])
        self.assertEqual(self.register(fig3=[claim("fig3.B")]), entries)

    def test_a_claim_comes_back_with_a_reason_only(self):
        self.register(fig3=[claim("fig3.A")])
        self.register("--withdraw", "fig3.A=no", fig3=[])
        self.assertIn("it was withdrawn", self.refused(fig3=[claim("fig3.A")]))
        entries = self.register(fig3=[claim("fig3.A", amended="it does say so")])
        self.assertEqual(self.names(entries), [("fig3.A", 1), ("fig3.A", 2), ("fig3.A", 3)])

    def test_what_is_there_or_unknown_cannot_be_withdrawn(self):
        self.register(fig3=[claim("fig3.A")])
        self.assertIn("still has it", self.refused("--withdraw", "fig3.A=no", fig3=[claim("fig3.A")]))
        self.assertIn("not registered", self.refused("--withdraw", "fig3.Z=no", fig3=[claim("fig3.A")]))

    def test_a_withdrawal_needs_a_reason(self):
        for text in ("fig3.A", "fig3.A=", "fig3.A= ", "=reason"):
            self.assertEqual(self.run_tool("--withdraw", text, fig3=[]).returncode, 2, text)

    def test_all_refusals_are_told_at_once(self):
        self.register(fig3=[claim("fig3.A"), claim("fig3.B")])
        message = self.refused(fig3=[claim("fig3.A", metric="n"), claim("fig3.C")])
        self.assertIn("fig3.A changed", message)
        self.assertIn("fig3.B is gone", message)

    def test_ids_are_single_and_begin_with_their_study(self):
        self.assertIn("two claims", self.refused(fig3=[claim("fig3.A"), claim("fig3.A")]))
        self.assertIn("begins with its study", self.refused(fig3=[claim("fig4.A")]))
        self.assertIn("begins with its study", self.refused(fig3=[claim("fig3.A", study="fig4")]))

    def test_a_program_that_fails_is_named(self):
        program = self.folder / "fig3"
        program.write_text("#!/bin/sh\nexit 3\n", encoding="utf-8")
        program.chmod(0o755)
        result = subprocess.run([sys.executable, TOOL, str(self.file), str(program)], capture_output=True, text=True)
        self.assertEqual(result.returncode, 1)
        self.assertIn("fig3 --print-claims failed", result.stderr)
        self.assertFalse(self.file.exists())

    def test_check_tells_every_difference_and_changes_nothing(self):
        self.register(fig3=[claim("fig3.A"), claim("fig3.B"), claim("fig3.C")])
        same = [claim("fig3.A"), claim("fig3.B"), claim("fig3.C")]
        self.assertEqual(self.run_tool("--check", fig3=same).returncode, 0)
        message = self.refused("--check", fig3=[claim("fig3.A", metric="n", amended="why"), claim("fig3.C"),
                                                claim("fig3.D")])
        self.assertIn("fig3.A: not as registered: metric, amended", message)
        self.assertIn("fig3.B: registered, but no experiment has it", message)
        self.assertIn("fig3.D: not registered", message)
        self.assertNotIn("fig3.C", message)

    def test_check_is_with_the_newest_version(self):
        changed = claim("fig3.A", metric="n", amended="why")
        self.register(fig3=[claim("fig3.A")])
        self.register(fig3=[changed])
        self.assertEqual(self.run_tool("--check", fig3=[changed]).returncode, 0)
        self.refused("--check", fig3=[claim("fig3.A")])
        self.register("--withdraw", "fig3.A=no", fig3=[])
        self.assertEqual(self.run_tool("--check", fig3=[]).returncode, 0)
        self.assertIn("not registered", self.refused("--check", fig3=[changed]))

    def test_the_registration_is_no_change_and_absent_it_is_the_first(self):
        self.register(fig3=[claim("fig3.A")])
        self.assertEqual(self.run_tool("--check", fig3=[claim("fig3.A", registration=1)]).returncode, 0)
        message = self.refused("--check", fig3=[claim("fig3.A", registration=2)])
        self.assertIn("fig3.A: its field `registration` must be 1", message)
        self.assertIn("must be 1", self.frozen(fig3=[claim("fig3.A", registration=2)]))

    @unittest.skipUnless(shutil.which("git"), "there is no git")
    def test_what_git_has_is_frozen_and_the_next_file_takes_what_comes(self):
        self.register(fig3=[claim("fig3.A"), claim("fig3.B"), claim("fig3.C")], fig4=[claim("fig4.A")])
        self.commit()
        first = self.file.read_bytes()
        amended = claim("fig3.A", metric="n", amended="a mistake", registration=2)
        new = claim("fig3.D", registration=2)
        rest = [claim("fig3.B", registration=1)]
        message = self.frozen(fig3=[{**amended, "registration": 1}, *rest, {**new, "registration": 3}, claim("fig3.C")],
                              fig4=[claim("fig4.A")])
        self.assertIn("fig3.A: its field `registration` must be 2", message)
        self.assertIn("fig3.D: its field `registration` must be 2", message)
        self.assertNotIn("fig3.B", message)
        # --reopen does not open the first.
        same = [claim("fig3.A"), *rest, claim("fig3.C")]
        self.assertIn("must be 2", self.frozen("--reopen", fig3=[*same, claim("fig3.D")], fig4=[claim("fig4.A")]))
        self.register("--withdraw", "fig3.C=no", fig3=[amended, *rest, new], fig4=[claim("fig4.A")])
        self.assertEqual(self.file.read_bytes(), first)
        second = self.entries_of(2)
        self.assertEqual(self.names(second), [("fig3.A", 2), ("fig3.D", 1), ("fig3.C", 2)])
        self.assertEqual(second[0], {**amended, "version": 2})
        self.assertEqual(second[1]["amended"], "")
        self.assertEqual(second[2], {"id": "fig3.C", "version": 2, "withdrawn": "no"})
        self.assertEqual(self.run_tool("--check", fig3=[amended, *rest, new], fig4=[claim("fig4.A")]).returncode, 0)
        message = self.refused("--check", fig3=[{**amended, "registration": 1}, *rest, new], fig4=[claim("fig4.A")])
        self.assertIn("fig3.A: its field `registration` must be 2", message)

    @unittest.skipUnless(shutil.which("git"), "there is no git")
    def test_a_file_stays_open_until_git_has_it_and_can_be_reopened(self):
        self.register(fig3=[claim("fig3.A")])
        self.commit()
        later = [claim(f"fig3.{letter}", registration=2) for letter in "BCD"]
        self.register(fig3=[claim("fig3.A"), later[0]])
        self.register(fig3=[claim("fig3.A"), *later[:2]])
        self.assertEqual(self.names(self.entries_of(2)), [("fig3.B", 1), ("fig3.C", 1)])
        self.commit()
        self.assertIn("fig3.D: its field `registration` must be 3", self.refused(fig3=[claim("fig3.A"), *later]))
        self.register("--reopen", fig3=[claim("fig3.A"), *later])
        self.assertEqual(self.names(self.entries_of(2)), [("fig3.B", 1), ("fig3.C", 1), ("fig3.D", 1)])
        self.assertFalse((self.folder / "claims_3.json").exists())
        self.commit()
        again = claim("fig3.B", metric="n", amended="a mistake", registration=3)
        self.register(fig3=[claim("fig3.A"), again, *later[1:]])
        self.assertEqual(self.names(self.entries_of(3)), [("fig3.B", 2)])
        self.assertEqual(self.run_tool("--check", fig3=[claim("fig3.A"), again, *later[1:]]).returncode, 0)
        self.refused("--check", fig3=[claim("fig3.A"), *later])

    @unittest.skipUnless(shutil.which("git"), "there is no git")
    def test_a_reason_of_an_earlier_registration_does_not_do_again(self):
        self.register(fig3=[claim("fig3.A")])
        self.register(fig3=[claim("fig3.A", metric="n", amended="a mistake")])
        self.commit()
        self.assertIn("anew", self.frozen(fig3=[claim("fig3.A", metric="o", amended="a mistake", registration=2)]))

    @unittest.skipUnless(shutil.which("git"), "there is no git")
    def test_new_words_for_the_same_question_keep_its_registration(self):
        self.register(fig3=[claim("fig3.A")])
        self.commit()
        reworded = claim("fig3.A", statement="in other words", kind="derived", amended="clearer", registration=1)
        self.register(fig3=[reworded])
        self.assertEqual(self.entries_of(2), [{**reworded, "version": 2}])
        self.assertEqual(self.run_tool("--check", fig3=[reworded]).returncode, 0)
        # The same with another question is one of the second registration.
        other = {**reworded, "metric": "n"}
        (self.folder / "claims_2.json").unlink()
        self.assertIn("fig3.A: its field `registration` must be 2", self.frozen(fig3=[other]))
        (self.folder / "claims_2.json").write_text(json.dumps([{**other, "version": 2}]), encoding="utf-8")
        self.assertIn("is an entry of registration 1", self.refused("--check", fig3=[other]))

    def test_files_that_do_not_fit_together_are_refused(self):
        self.register(fig3=[claim("fig3.A")])
        (self.folder / "claims_2.json").write_text(json.dumps([{**claim("fig3.B"), "version": 1}]), encoding="utf-8")
        studies = {"fig3": [claim("fig3.A"), claim("fig3.B")]}
        for arguments in ((), ("--check",)):
            self.assertIn("claims_2.json: fig3.B is an entry of registration 1", self.refused(*arguments, **studies))
        (self.folder / "claims_2.json").rename(self.folder / "claims_3.json")
        self.assertIn("claims_3.json: there is no claims_2.json", self.refused("--check", **studies))

    def test_a_relative_file_is_of_the_workspace(self):
        program = self.program("fig3", [claim("fig3.A")])
        environment = {**os.environ, "BUILD_WORKSPACE_DIRECTORY": str(self.folder)}
        subprocess.run([sys.executable, TOOL, "claims.json", program], env=environment, check=True, capture_output=True)
        self.assertEqual(len(json.loads(self.file.read_text(encoding="utf-8"))), 1)


if __name__ == "__main__":
    unittest.main()
