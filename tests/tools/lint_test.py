"""lint.py on a constructed tree, with a Bazel and a clang-tidy that only write down what they were asked for."""

import importlib.util
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

TOOL = os.path.abspath(sys.argv.pop(1))

BAZEL = """#!/bin/sh
echo "$*" >>"$LOG/bazel"
case "$*" in
  "$FAIL "*) exit 1 ;;
  'info output_base') echo "$OUTPUT_BASE" ;;
  'info bazel-bin') echo "$OUTPUT_BASE/bin" ;;
  'query '*one_source*) echo //tests/run:tests_source ;;
  'query '*) echo //lib/base:info_sources ;;
esac
"""

# Finds something in sources that say BAD, or that include by its path one that does.
TIDY = """#!/bin/sh
echo "$*" >>"$LOG/tidy"
status=0
find_bad() {
  while read -r line; do
    case $line in
      *BAD*) echo "$1:1:1: warning: bad"; status=1 ;;
      '#include "tests/'*.cc'"') name=${line#*'"'}; find_bad "$PWD/${name%'"'}" ;;
    esac
  done <"$1"
}
find_bad "$2"
exit $status
"""

SOURCES = {
    "lib/base/text.cc": '#include "lib/base/text.h"\n',
    "lib/base/text.h": "#include <string>\n",
    "lib/model/model.cc": '#include "lib/model/model.h"\n',
    "lib/model/model.h": "#include <ATen/core/Tensor.h>\n",
    "lib/train/train.cc": '#include "lib/train/train.h"\n',
    "lib/train/train.h": '  #  include "lib/model/model.h"\n',
    "lib/data/ring.cc": '#include "lib/data/ring.h"\n',
    "lib/data/ring.h": '#include "lib/data/link.h"\n',
    "lib/data/link.h": '#include "lib/data/ring.h"\n#include "no/such.h"\n// #include <torch/torch.h>\n',
    "experiments/fig3.cc": "int main() {}\n",
    "figures/fig3.cc": "int main() {}\n",
    "tests/base/text_test.cc": '#include "torch/mine.h"\n',
    "tests/run/pool_test.cc": "int pool;\n",
    "tests/run/plan_test.cc": "int plan;\n",
    "third_party/other.cc": "BAD\n",
}
# Generated, in Bazel's folder: what includes the tests of a folder.
ONE_SOURCE = "../base/bin/tests/run/tests_source.cc"
WITH_TORCH = ["lib/model/model.cc", "lib/train/train.cc"]
OTHERS = [ONE_SOURCE, "experiments/fig3.cc", "figures/fig3.cc", "lib/base/text.cc", "lib/data/ring.cc", "tests/base/text_test.cc"]


class LintTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name).resolve()
        self.root = self.folder / "work"
        (self.root / "tools").mkdir(parents=True)
        shutil.copy(TOOL, self.root / "tools/lint.py")
        for name, text in SOURCES.items():
            self.write(name, text)
        self.programs = self.folder / "bin"
        self.programs.mkdir()
        self.program("bazel", BAZEL)
        self.program("clang-tidy-14", TIDY)
        (self.folder / "base/external/fmt/include").mkdir(parents=True)
        self.write(ONE_SOURCE, '#include "tests/run/plan_test.cc"\n#include "tests/run/pool_test.cc"\n')

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def program(self, name, text):
        path = self.programs / name
        path.write_text(text)
        path.chmod(0o755)

    def asked(self, program):
        path = self.folder / program
        return path.read_text().splitlines() if path.exists() else []

    def lint(self, status, *arguments, fail="none"):
        """Runs the tool, which is to end with `status`; returns what it says and the files that clang-tidy got."""
        environment = {"PATH": str(self.programs), "LOG": str(self.folder), "FAIL": fail,
                       "OUTPUT_BASE": str(self.folder / "base")}
        result = subprocess.run([sys.executable, str(self.root / "tools/lint.py"), *arguments], cwd=self.root,
                                env=environment, capture_output=True, text=True)
        self.assertEqual(result.returncode, status, result.stdout + result.stderr)
        files = [os.path.relpath(self.root / line.split()[1], self.root) for line in self.asked("tidy")]
        return result.stdout + result.stderr, sorted(files)

    def test_leaves_out_what_reaches_libtorch(self):
        said, files = self.lint(0)
        self.assertEqual(files, OTHERS)
        self.assertEqual(said, "lint: 7 of 7 files are fine; 2 that include LibTorch left out (LINT=all takes them in)\n")

    def test_all(self):
        said, files = self.lint(0, "--all")
        self.assertEqual(files, sorted(OTHERS + WITH_TORCH))
        self.assertEqual(said, "lint: 9 of 9 files are fine\n")

    def test_named_files(self):
        said, files = self.lint(0, "lib/base/text.cc", "lib/train/train.cc")
        self.assertEqual(files, ["lib/base/text.cc"])
        self.assertIn("lint: 1 of 1 files are fine; 1 that include LibTorch left out", said)

    def test_with_a_limit_of_time_what_was_changed_last_comes_first(self):
        self.program("git", "#!/bin/sh\nprintf 'tests/run/pool_test.cc\\nREADME.md\\n\\nlib/data/ring.cc\\ntests/run/pool_test.cc\\n'\n")
        said, files = self.lint(0, "--minutes=1e-9")
        self.assertEqual(files, [])
        self.assertIn("lint: 0 of 0 files are fine", said)
        self.assertIn("; 7 left for want of time", said)
        said, files = self.lint(0, "--minutes=60")
        self.assertEqual(files, OTHERS)
        self.assertNotIn("left for want", said)
        os.chdir(self.root)
        os.environ["PATH"] = f"{self.programs}:{os.environ['PATH']}"
        spec = importlib.util.spec_from_file_location("lint", self.root / "tools/lint.py")
        lint = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(lint)
        one, ring, text = "one", "ring", "text"
        units = {text: [self.root / "lib/base/text.cc"], ring: [self.root / "lib/data/ring.cc"],
                 one: [self.root / "tests/run/plan_test.cc", self.root / "tests/run/pool_test.cc"]}
        self.assertEqual(lint.by_last_change(units), [one, ring, text])

    def test_constants_of_one_name_in_two_headers(self):
        self.write("lib/base/text.h", 'inline constexpr char kName[] = "a";\ninline constexpr int kLength = 3;\n')
        self.write("lib/data/ring.h", "inline constexpr std::array<int, kLength.size()> kSizes = {kLength, kName[0]};\n")
        self.lint(0)
        self.write("lib/data/link.h", "inline constexpr std::string_view kName = \"b\";\n")
        said, _ = self.lint(1)
        self.assertIn("kName is defined in lib/base/text.h and lib/data/link.h:", said)
        self.assertNotIn("kLength", said)

    def test_names_the_file_and_goes_on(self):
        self.write("lib/base/text.cc", "BAD\n")
        self.write("lib/model/model.cc", "BAD\n")
        said, files = self.lint(1, "--all")
        self.assertEqual(len(files), 8)
        for name in ("lib/base/text.cc", "lib/model/model.cc"):
            self.assertIn(f"{name}:\n{self.root}/{name}:1:1: warning: bad\n", said)
        self.assertIn("lint: 7 of 9 files are fine\n", said)

    def test_tests_that_are_compiled_together_are_checked_together(self):
        self.write("tests/run/pool_test.cc", "BAD\n")
        said, files = self.lint(1)
        self.assertEqual([name for name in files if "tests/run" in name], [ONE_SOURCE])
        self.assertIn(f"{self.root}/tests/run/pool_test.cc:1:1: warning: bad\n", said)
        self.assertIn("lint: 6 of 7 files are fine", said)

    def test_tests_are_checked_alone_where_one_of_them_reaches_libtorch(self):
        self.write("tests/run/pool_test.cc", "#include <ATen/core/Tensor.h>\n")
        said, files = self.lint(0)
        self.assertEqual([name for name in files if "tests/run" in name], ["tests/run/plan_test.cc"])
        self.assertIn("lint: 6 of 6 files are fine; 3 that include LibTorch left out", said)

    def test_flags_are_those_of_the_build(self):
        self.lint(0, "lib/base/text.cc")
        flags = self.asked("tidy")[0].split(" -- ")[1].split()
        self.assertIn("-std=c++20", flags)
        self.assertIn(f"-isystem{self.folder}/base/external/fmt/include", flags)
        self.assertEqual([flags[i + 1] for i, flag in enumerate(flags) if flag == "-iquote"],
                         [str(self.root), f"{self.folder}/base/bin"])

    def test_generated_headers_are_built(self):
        self.lint(0)
        builds = [line for line in self.asked("bazel") if line.startswith("build ")]
        self.assertTrue(builds[0].endswith("//...") and "--nobuild" in builds[0], builds)
        self.assertTrue(builds[1].endswith(" //lib/base:info_sources"), builds)

    def test_a_bazel_that_fails(self):
        said, files = self.lint(1, fail="build")
        self.assertIn("lint: ", said)
        self.assertIn(" failed", said)
        self.assertEqual(files, [])

    def test_without_clang_tidy(self):
        (self.programs / "clang-tidy-14").unlink()
        said, _ = self.lint(1)
        self.assertEqual(said, "lint: clang-tidy was not found; run tools/setup.sh\n")
        self.program("clang-tidy", TIDY)
        self.assertEqual(self.lint(0)[1], OTHERS)


if __name__ == "__main__":
    unittest.main()
