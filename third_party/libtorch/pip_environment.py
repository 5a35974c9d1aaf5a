"""The environment for pip: of the user's own settings only those about where packages come from and how to get there.

Others, which many have in their profile or in pip.conf, would make our calls fail or do something else: a required
virtual environment, constraints, more requirements, another place to install to. As a program, with a pip command
("download") as its argument, it prints the arguments of env(1) that make it, each ended by NUL.
"""

import ast
import os
import subprocess
import sys

# Names as in pip.conf.
KEPT = (
    "cache-dir", "cert", "client-cert", "extra-index-url", "find-links", "index-url", "keyring-provider", "no-index", "proxy",
    "retries", "timeout", "default-timeout", "trusted-host", "use-feature",
)


def variable(key):
    return "PIP_" + key.upper().replace("-", "_")


def configured(command, environment, pip):
    """The settings of pip.conf files for a pip command, by their keys."""
    result = subprocess.run(
        [*pip, "--disable-pip-version-check", "config", "list"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment,
    )
    sections = {"global": {}, command: {}}
    for line in result.stdout.splitlines() if result.returncode == 0 else []:
        name, _, value = line.partition("=")
        section, _, key = name.partition(".")
        if section in sections and key in KEPT:
            try:
                sections[section][key] = str(ast.literal_eval(value))
            except (SyntaxError, ValueError):
                pass
    return {**sections["global"], **sections[command]}


def pip_environment(command, environment, pip=(sys.executable, "-m", "pip")):
    """`environment` for a pip command, with what is kept of its PIP_* variables and of the pip.conf files."""
    own = {name: value for name, value in environment.items() if not name.startswith("PIP_")}
    files = {name: environment[name] for name in ("PIP_CONFIG_FILE",) if name in environment}
    kept = {variable(key): value for key, value in configured(command, {**own, **files}, pip).items()}
    kept.update({name: environment[name] for name in map(variable, KEPT) if name in environment})
    # No pip.conf is read: what is kept of it are variables now.
    return {**own, **kept, "PIP_CONFIG_FILE": os.devnull}


def main():
    before = dict(os.environ)
    after = pip_environment(sys.argv[1], before)
    for name in sorted(before.keys() - after.keys()):
        print("-u", name, sep="\0", end="\0")
    for name, value in sorted(after.items()):
        if before.get(name) != value:
            print(f"{name}={value}", end="\0")


if __name__ == "__main__":
    main()
