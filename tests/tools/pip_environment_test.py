"""The user's own settings of pip: where packages come from is kept, all else is not."""

import hashlib
import importlib.util
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
import zipfile

FETCH = pathlib.Path(sys.argv.pop(1)).absolute()
sys.path.insert(0, str(FETCH.parent))
from pip_environment import pip_environment  # noqa: E402

# Stands for pip: prints what `pip config list` would.
LIST = ("global.constraint='/no/such'", "global.index-url='https://index.example/simple'", "global.timeout='5'",
        "install.timeout='7'", "install.user='true'", "download.timeout='9'", "global.proxy='it''s'",
        "global.require-virtualenv='true'", ":env:.cert='/c'")
PIP = (sys.executable, "-c", f"print({chr(10).join(LIST)!r})")
NONE = (sys.executable, "-c", "raise SystemExit(1)")


class PipEnvironmentTest(unittest.TestCase):
    def test_keeps_where_packages_come_from(self):
        kept = {"PIP_INDEX_URL": "https://a.example", "PIP_CERT": "/c", "PIP_PROXY": "p", "PIP_TRUSTED_HOST": "h"}
        others = {"PIP_REQUIRE_VIRTUALENV": "1", "PIP_CONSTRAINT": "c", "PIP_REQUIREMENT": "r", "PIP_USER": "1",
                  "PIP_TARGET": "/t", "PIP_PREFIX": "/p", "PIP_NO_BINARY": ":all:"}
        self.assertEqual(pip_environment("download", {**kept, **others, "HOME": "/h"}, NONE),
                         {**kept, "HOME": "/h", "PIP_CONFIG_FILE": os.devnull})

    def test_keeps_it_of_the_files_too(self):
        shared = {"PIP_INDEX_URL": "https://index.example/simple", "PIP_PROXY": "its", "PIP_CONFIG_FILE": os.devnull}
        self.assertEqual(pip_environment("download", {}, PIP), {**shared, "PIP_TIMEOUT": "9"})
        self.assertEqual(pip_environment("install", {}, PIP), {**shared, "PIP_TIMEOUT": "7"})

    def test_variables_come_before_files(self):
        self.assertEqual(pip_environment("download", {"PIP_INDEX_URL": "mine"}, PIP)["PIP_INDEX_URL"], "mine")

    @unittest.skipUnless(importlib.util.find_spec("pip"), "there is no pip")
    def test_a_wheel_is_fetched_whatever_is_set(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            (folder / "index").mkdir()
            wheel = folder / "index" / "small-1.0-py3-none-any.whl"
            with zipfile.ZipFile(wheel, "w") as archive:
                archive.writestr("torch/include/small.h", "// small\n")
                archive.writestr("small-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: small\nVersion: 1.0\n")
                archive.writestr("small-1.0.dist-info/WHEEL",
                                 "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
                archive.writestr("small-1.0.dist-info/RECORD", "")
            digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
            lock = folder / "wheels.txt"
            lock.write_text(f"small==1.0 --hash=sha256:{digest}\n")
            settings = folder / "pip.conf"
            settings.write_text("[global]\nrequire-virtualenv = true\nconstraint = /no/such\n"
                                f"no-index = true\nfind-links = {folder}/index\n")
            other = folder / "requirement.txt"
            other.write_text("there-is-no-such-package==1\n")
            own = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
            run = subprocess.run(
                [sys.executable, "-B", FETCH, "--lock", lock, "--cpu", "x86_64", "--cache", folder / "cache",
                 "--destination", folder / "out"],
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                env={**own, "PIP_CONFIG_FILE": str(settings), "PIP_REQUIRE_VIRTUALENV": "1",
                     "PIP_CONSTRAINT": str(other), "PIP_REQUIREMENT": str(other), "PIP_USER": "1", "PIP_TARGET": "/t"})
            self.assertEqual(run.returncode, 0, run.stdout)
            self.assertTrue((folder / "out/torch/include/small.h").exists())


if __name__ == "__main__":
    unittest.main()
