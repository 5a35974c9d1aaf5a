"""Writes metrics_golden.json, the goldens of metrics_golden_test.cc, from a second implementation of lib/analysis.

Written from the headers of permutation, learning_events, spectrum, shape and statistics, with numpy where C++ has loops
and with closed forms where it has special functions. Inputs are formulas, which the test repeats; random numbers are
the streams of tests/rng/golden.py. With numpy installed run

    python3 tests/analysis/metrics_golden.py
"""

import itertools
import json
import math
import pathlib
import sys

import numpy as np

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "rng"))
from golden import Stream  # noqa: E402

TIE = 1e-12


# The inputs.


def wave(rows, columns, shift, order=1.0):
    """Rows that turn with their number, as far as `order` has it; the rest is as good as noise."""
    i, j = np.meshgrid(np.arange(rows), np.arange(columns), indexing="ij")
    return order * np.cos(0.45 * i + j) + 0.8 * np.sin(shift + 1.7 * i * i + 2.3 * j)


def curve(n, rate, shift):
    i = np.arange(n)
    return 4 * np.exp(-rate * i) + 0.04 * (1 + np.sin(shift + i))


def evaluated(n):
    return 5 * np.arange(n) ** 2


# Permutation tests.


def orders(n, permutations):
    if n <= 7:
        return list(itertools.permutations(range(n)))
    stream = Stream(1, "analysis/permutation")
    return [stream.permutation(n) for _ in range(permutations)]


def probability(values, given, n):
    extreme = int(np.sum(np.array(values) <= given + TIE))
    return extreme / len(values) if n <= 7 else (1 + extreme) / (1 + len(values))


def cosines(points):
    unit = points / np.linalg.norm(points, axis=1, keepdims=True)
    return unit @ unit.T


def mantel(a, b, permutations, sign):
    n = len(a)
    upper = np.triu_indices(n, 1)

    def correlation(order):
        return sign * np.corrcoef(a[np.ix_(order, order)][upper], b[upper])[0, 1]

    given = correlation(range(n))
    values = [correlation(order) for order in orders(n, permutations)]
    return [sign * given, probability(values, given, n)]


def distance_decay(a, permutations=9999):
    index = np.arange(len(a))
    return mantel(a, np.abs(index[:, None] - index).astype(float), permutations, 1)


def path_length(points, permutations=9999):
    n = len(points)

    def length(order):
        return np.linalg.norm(np.diff(points[list(order)], axis=0), axis=1).sum()

    mean = (n - 1) * np.mean([np.linalg.norm(p - q) for p, q in itertools.combinations(points, 2)])
    given = length(range(n)) / mean
    return [given, probability([length(order) / mean for order in orders(n, permutations)], given, n)]


# Learning events.


def steps_to(values, steps, level):
    i = int(np.argmax(values <= level))
    # The curve between the two evaluations, as a function of its value.
    return float(steps[0]) if i == 0 else np.interp(-level, -values[[i - 1, i]], steps[[i - 1, i]])


def mean_over(values, steps):
    weights = np.zeros(len(steps))
    weights[1:] += np.diff(steps) / 2
    weights[:-1] += np.diff(steps) / 2
    return weights @ values / weights.sum()


def mean_lead(leader, follower, steps):
    larger = np.maximum(leader, follower)
    learned = np.flatnonzero(larger < 0.1)
    end = learned[0] + 1 if len(learned) else len(steps)
    return mean_over(((follower - leader) / larger)[:end], steps[:end])


# Spectrum.


def random_dominance(rows, columns, draws):
    stream = Stream(1, "analysis/random_dominance")
    ratios = []
    for _ in range(draws):
        matrix = np.array([stream.normal() for _ in range(rows * columns)]).reshape(rows, columns)
        values = np.linalg.svd(matrix, compute_uv=False)
        ratios.append(values[0] / values[1])
    return [np.mean(ratios), np.quantile(ratios, 0.99)]


def energy_share(rows, direction):
    unit = direction / np.linalg.norm(direction)
    return np.linalg.norm(rows @ unit) ** 2 / np.linalg.norm(rows) ** 2


def relative_norm(a, b, w):
    return np.linalg.norm(a @ w, axis=1).mean() / np.linalg.norm(b @ w, axis=1).mean()


# Shape.


def rmse(a, b):
    return np.sqrt(np.mean((a - b) ** 2))


def compare_shapes(measured, theory):
    distance = np.arange(1, len(measured) + 1)
    return [rmse(measured, theory), rmse(measured, np.polyval(np.polyfit(distance, measured, 1), distance))]


# Statistics.


def student_within(t, degrees):
    """P(|T| <= t), Abramowitz and Stegun 26.7.3 and 26.7.4."""
    theta = math.atan(t / math.sqrt(degrees))
    cosine2 = math.cos(theta) ** 2
    term, total = 1.0, 0.0
    if degrees % 2 == 0:
        for k in range(degrees // 2):
            total += term
            term *= cosine2 * (2 * k + 1) / (2 * k + 2)
        return math.sin(theta) * total
    for k in range((degrees - 1) // 2):
        total += term
        term *= cosine2 * (2 * k + 2) / (2 * k + 3)
    return 2 / math.pi * (theta + math.sin(theta) * math.cos(theta) * total)


def student_quantile(p, degrees):
    lo, hi = 0.0, 1e4
    for _ in range(200):
        middle = (lo + hi) / 2
        lo, hi = (middle, hi) if student_within(middle, degrees) < 2 * p - 1 else (lo, middle)
    return hi


def student_interval(values, level):
    half = student_quantile((1 + level) / 2, len(values) - 1) * np.std(values, ddof=1) / math.sqrt(len(values))
    return [np.mean(values) - half, np.mean(values) + half]


def main():
    golden = {}
    golden["decay_exact"] = [distance_decay(cosines(wave(n, 5, 0.3))) for n in range(3, 7)]
    golden["decay_sampled"] = distance_decay(cosines(wave(12, 5, 0.3, 0.2)), 499)
    golden["mantel_exact"] = [
        mantel(cosines(wave(n, 5, 0.3)), cosines(wave(n, 4, 1.1, -0.2)), 0, -1) for n in range(3, 7)
    ]
    golden["mantel_sampled"] = mantel(cosines(wave(11, 5, 0.3)), cosines(wave(11, 4, 1.1, -0.2)), 499, -1)
    golden["path_exact"] = [path_length(wave(n, 3, 0.7)) for n in range(3, 7)]
    golden["path_sampled"] = path_length(wave(13, 3, 0.7, 0.2), 499)

    leader, follower, steps = curve(24, 0.4, 0.5), curve(24, 0.25, 2.0), evaluated(24)
    levels = [5.0, 3.0, 2.0, 1.0, 0.5, 0.1]
    golden["steps_to"] = [steps_to(leader, steps, level) for level in levels]
    golden["first_at_most"] = [int(np.flatnonzero(leader <= level)[0]) for level in levels]
    golden["mean_over"] = mean_over(leader, steps)
    golden["mean_lead"] = [mean_lead(leader, follower, steps), mean_lead(follower, leader, steps)]
    golden["mean_lead_unlearned"] = mean_lead(leader[:9], follower[:9], steps[:9])
    golden["interpolated"] = [np.interp(step, steps, leader) for step in (0.0, 3.5, 45.0, 700.25, 2645.0)]

    golden["energy_share"] = energy_share(wave(9, 4, 0.2), np.array([1.0, -2.0, 0.5, 3.0]))
    golden["random_dominance"] = [random_dominance(*size) for size in ((6, 4, 200), (5, 9, 50))]
    golden["relative_norm"] = relative_norm(wave(7, 4, 0.1), wave(5, 4, 0.9), wave(4, 6, 0.4))

    measured = wave(1, 10, 0.6)[0]
    theory = np.exp(-(np.arange(1, 11) ** 2) / 12)
    golden["compare_shapes"] = compare_shapes(measured, theory)
    golden["slope"] = float(np.linalg.lstsq(theory[:, None], measured, rcond=None)[0][0])
    golden["linear_fit"] = list(np.polyfit(theory, measured, 1))

    golden["student_quantile"] = [
        [student_quantile(p, degrees) for p in (0.6, 0.9, 0.975, 0.9995)] for degrees in (1, 2, 3, 4, 7, 30)
    ]
    golden["student_interval"] = [student_interval(curve(n, 0.1, 1.0), 0.95) for n in (2, 3, 5, 8)]
    golden["mean"] = np.mean(curve(8, 0.1, 1.0))

    path = pathlib.Path(__file__).with_suffix(".json")
    path.write_text(json.dumps(golden, indent=1) + "\n")


if __name__ == "__main__":
    main()
