"""Compares two outputs of digests.cc.

    compare.py EXPECTED ACTUAL [--subset]

With --subset, lines that ACTUAL lacks are no difference. Prints what differs and a line of counts; exits 1 if
anything differs.
"""

import argparse
import sys


def read(path):
    """Returns {what: digest} of a file."""
    values = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            what, _, values[what] = line.rstrip("\n").rpartition(" ")
    return values


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("expected")
    parser.add_argument("actual")
    parser.add_argument("--subset", action="store_true")
    options = parser.parse_args()
    expected, actual = read(options.expected), read(options.actual)
    names = [name for name in expected if name in actual or not options.subset]
    names += [name for name in actual if name not in expected]
    wrong = [name for name in names if name not in expected or expected[name] != actual.get(name)]
    for name in wrong:
        print(f"{name}:\n  {expected.get(name, 'missing')}\n  {actual.get(name, 'missing')}")
    print(f"{len(names) - len(wrong)} digests are the same, {len(wrong)} differ")
    sys.exit(1 if wrong or not names else 0)


if __name__ == "__main__":
    main()
