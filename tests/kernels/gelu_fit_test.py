"""The polynomial R of Gelu() in lib/kernels/elementwise.h: made anew, and compared with the coefficients that stand there.

Remez' exchange algorithm in Python's decimal numbers: of the polynomials of degree 9 the one whose largest relative
deviation from R is least. R(t) = Phi(-x) e^(x^2 / 2), t = 1 / (1 + SLOPE x), on 0 <= x <= 10; in u = t - CENTRE.
"""

import decimal
import functools
import math
import pathlib
import re
import struct
import sys
import unittest

HEADER = pathlib.Path(sys.argv.pop(1))
DEGREE = 9
LARGEST = 10
GRID = 4000


def to_float(value):
    """Returns the number of single precision that is nearest."""
    return struct.unpack("f", struct.pack("f", float(value)))[0]


def stored():
    """Returns (slope, centre, coefficients, the highest power's first) of Gelu(), as floats."""
    body = HEADER.read_text().split("inline ValueAndSlope Gelu(")[1].split("\n}\n")[0]
    slope, centre = re.search(r"Fma\(size, Set\(([\d.]+)F\), one\) - Set\(([\d.]+)F\)", body).groups()
    coefficients = re.findall(r"p = (?:Fma\(p, u, )?Set\((-?[\d.]+)F\)", body)
    return to_float(slope), to_float(centre), [to_float(c) for c in coefficients]


SLOPE, CENTRE, STORED = stored()
FIRST, LAST = 1 / (1 + SLOPE * LARGEST) - CENTRE, 1 - CENTRE  # of u


@functools.lru_cache(maxsize=None)
def exact(u):
    """Returns R."""
    x = (1 / (u + CENTRE) - 1) / SLOPE
    return 0.5 * math.erfc(x / math.sqrt(2)) * math.exp(x * x / 2)


def deviation(coefficients, u):
    """Returns by how much of R the polynomial deviates from it."""
    return functools.reduce(lambda p, c: p * u + c, coefficients) / exact(u) - 1


def solve(rows):
    """Returns the solution of linear equations, each a row of its coefficients and its right side."""
    n = len(rows)
    for i in range(n):
        pivot = max(range(i, n), key=lambda r: abs(rows[r][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for r in range(i + 1, n):
            factor = rows[r][i] / rows[i][i]
            rows[r] = [a - factor * b for a, b in zip(rows[r], rows[i])]
    solution = [decimal.Decimal(0)] * n
    for i in reversed(range(n)):
        known = sum(rows[i][j] * solution[j] for j in range(i + 1, n))
        solution[i] = (rows[i][n] - known) / rows[i][i]
    return solution


def extremes(coefficients, grid):
    """Returns where the deviation is largest between two changes of its sign."""
    found = []
    for u in grid:
        d = deviation(coefficients, u)
        if not found or (d > 0) != (found[-1][0] > 0):
            found.append((d, u))
        elif abs(d) > abs(found[-1][0]):
            found[-1] = (d, u)
    return found


def fit():
    """Returns the polynomial's coefficients, the highest power's first."""
    decimal.getcontext().prec = 40
    grid = [FIRST + (LAST - FIRST) * i / GRID for i in range(GRID + 1)]
    count = DEGREE + 2
    points = [(FIRST + LAST) / 2 - (LAST - FIRST) / 2 * math.cos(math.pi * i / (count - 1)) for i in range(count)]
    for _ in range(8):
        rows = []
        for i, u in enumerate(points):
            powers = [decimal.Decimal(u) ** (DEGREE - j) / decimal.Decimal(exact(u)) for j in range(DEGREE + 1)]
            rows.append([*powers, decimal.Decimal((-1) ** i), decimal.Decimal(1)])
        coefficients = [float(c) for c in solve(rows)[:-1]]
        found = extremes(coefficients, grid)
        while len(found) > count:
            found.pop(0 if abs(found[0][0]) < abs(found[-1][0]) else -1)
        points = [u for _, u in found]
    return coefficients


def largest_deviation(coefficients):
    """Returns the largest on the grid."""
    return max(abs(d) for d, _ in extremes(coefficients, [FIRST + (LAST - FIRST) * i / GRID for i in range(GRID + 1)]))


class GeluFitTest(unittest.TestCase):
    def test_the_best_polynomial_deviates_by_4e_9(self):
        self.assertAlmostEqual(largest_deviation(fit()), 4.1e-9, delta=0.05e-9)

    def test_the_stored_one_is_it_but_for_the_rounding_of_floats(self):
        self.assertEqual(len(STORED), DEGREE + 1)
        for power, (ours, best) in enumerate(zip(reversed(STORED), reversed(fit()))):
            self.assertAlmostEqual(ours, best, delta=1e-7, msg=f"of u^{power}")

    def test_with_floats_it_deviates_by_7e_8(self):
        self.assertAlmostEqual(largest_deviation(STORED), 7.1e-8, delta=0.05e-8)


if __name__ == "__main__":
    unittest.main()
