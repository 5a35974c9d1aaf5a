"""Compares two outputs of digests.cc: digests to the last bit, the numbers behind "about" to rounding.

    compare.py EXPECTED ACTUAL [--subset]

With --subset, lines that ACTUAL lacks are no difference. Prints what differs and a line of counts; exits 1 if
anything differs.
"""

import argparse
import sys

# Of the norm: float arithmetic in another order. Seen: 2e-7.
TOLERANCE = 1e-5


def read(path):
    """Returns {what: value} of a file, a value being a digest or a list of numbers."""
    values = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            if " about " in line:
                what, numbers = line.rstrip("\n").split(" about ")
                values[what] = [float(number) for number in numbers.split()]
            else:
                what, _, values[what] = line.rstrip("\n").rpartition(" ")
    return values


def agree(expected, actual):
    if isinstance(expected, str) or isinstance(actual, str):
        return expected == actual
    return all(abs(a - b) <= TOLERANCE * abs(expected[0]) for a, b in zip(expected, actual))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("expected")
    parser.add_argument("actual")
    parser.add_argument("--subset", action="store_true")
    options = parser.parse_args()
    expected, actual = read(options.expected), read(options.actual)
    names = [name for name in expected if name in actual or not options.subset]
    names += [name for name in actual if name not in expected]
    wrong = [name for name in names if name not in expected or not agree(expected[name], actual.get(name, ""))]
    for name in wrong:
        print(f"{name}:\n  {expected.get(name, 'missing')}\n  {actual.get(name, 'missing')}")
    exact = [name for name in names if name not in wrong and isinstance(expected[name], str)]
    close = len(names) - len(wrong) - len(exact)
    print(f"{len(exact)} digests are the same, {close} probes of LibTorch's are the same to rounding, {len(wrong)} differ")
    sys.exit(1 if wrong or not names else 0)


if __name__ == "__main__":
    main()
