"""Prints the golden values of stream_test.cc and of tests/model/spec/parameter_spec_test.cc, from a second implementation.

Written from lib/rng/stream.h and the published algorithms (Philox4x32-10: Salmon et al., SC'11; integers: Lemire 2019;
quantile: Wichura's AS 241) in plain Python: integers are exact, floats are IEEE doubles and never contracted. Run

    python3 tests/rng/golden.py

and copy by hand what is meant to change. With mpmath 1.3 installed it prints the normal quantiles to 20 digits too.
"""

import hashlib
import math
import struct

MASK32 = (1 << 32) - 1


def philox4x32_10(counter, key):
    """Returns the four words of a block."""
    x0, x1, x2, x3 = counter
    k0, k1 = key
    for _ in range(10):
        product0 = 0xD2511F53 * x0
        product1 = 0xCD9E8D57 * x2
        x0, x1, x2, x3 = product1 >> 32 ^ x1 ^ k0, product1 & MASK32, product0 >> 32 ^ x3 ^ k1, product0 & MASK32
        k0 = (k0 + 0x9E3779B9) & MASK32
        k1 = (k1 + 0xBB67AE85) & MASK32
    return x0, x1, x2, x3


def log(x):
    """ln(x): x = m 2^e with m in [1/sqrt 2, sqrt 2), ln m = 2 artanh((m - 1) / (m + 1)) up to the 23rd power."""
    m, exponent = math.frexp(x)
    if m < 0.707106781186547524400844362105:
        m *= 2.0
        exponent -= 1
    s = (m - 1.0) / (m + 1.0)
    total = 0.0
    for power in range(23, 0, -2):
        total = total * (s * s) + 1.0 / power
    return exponent * 0.693147180559945309417232121458 + 2.0 * s * total


def horner(coefficients, x):
    """The polynomial at x, highest power first."""
    value = 0.0
    for c in coefficients:
        value = value * x + c
    return value


# AS 241's PPND16: numerator and denominator of each branch, constant term last.
CENTRE = (
    (2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
     13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608),
    (5226.495278852854561, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867,
     5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1.0),
)  # fmt: skip
TAIL = (
    (7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258,
     3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734),
    (1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459,
     0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1.0),
)  # fmt: skip
FAR_TAIL = (
    (2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386, 0.026532189526576123093,
     0.29656057182850489123, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772),
    (2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
     0.0148753612908506148525, 0.13692988092273580531, 0.59983220655588793769, 1.0),
)  # fmt: skip


def normal_quantile(p):
    q = p - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        return q * horner(CENTRE[0], r) / horner(CENTRE[1], r)
    r = math.sqrt(-log(p if q < 0 else 1.0 - p))
    branch, r = (TAIL, r - 1.6) if r <= 5.0 else (FAR_TAIL, r - 5.0)
    x = horner(branch[0], r) / horner(branch[1], r)
    return -x if q < 0 else x


def to_float(x):
    """The float nearest to the double `x`."""
    return struct.unpack("<f", struct.pack("<f", x))[0]


class Stream:
    def __init__(self, seed, name):
        words = struct.unpack(">8I", hashlib.sha256(f"initbias/stream/1\n{seed}\n{name}".encode()).digest())
        self.key = words[0:2]
        self.upper = words[2:4]
        self.blocks = 0
        self.words = []
        self.drawn = 0  # words given out

    def u32(self):
        if not self.words:
            self.words = list(philox4x32_10((self.blocks & MASK32, self.blocks >> 32, *self.upper), self.key))
            self.blocks += 1
        self.drawn += 1
        return self.words.pop(0)

    def u64(self):
        low = self.u32()
        return self.u32() << 32 | low

    def integer(self, n):
        while True:
            product = self.u64() * n
            if product % (1 << 64) >= (1 << 64) % n:
                return product >> 64

    def between(self, lo, hi):
        return lo + self.integer(hi - lo + 1)

    def uniform(self):
        return ((self.u64() >> 12) + 0.5) * 2.0**-52

    def normal(self):
        return normal_quantile(self.uniform())

    def fill_normal(self, n, std):
        return [to_float(std * self.normal()) for _ in range(n)]

    def fill_uniform(self, n, bound):
        return [to_float(bound * (2.0 * self.uniform() - 1.0)) for _ in range(n)]

    def permutation(self, n):
        items = list(range(n))
        for i in range(n, 1, -1):
            j = self.integer(i)
            items[i - 1], items[j] = items[j], items[i - 1]
        return items


def main():
    def show(title, of_stream):
        stream = Stream(7, "init/layer0.attn.wq")
        print(f"{title}:\n  {', '.join(of_stream(stream))}\n  {stream.drawn} words")

    show("NextU32", lambda s: [f"0x{s.u32():08x}" for _ in range(10)])
    for seed, name in ((8, "init/layer0.attn.wq"), (7, "init/layer0.attn.wk"), (0, ""), (2**64 - 1, "data/memory")):
        show(f"NextU32 of {seed} '{name}'", lambda _, s=Stream(seed, name): [f"0x{s.u32():08x}" for _ in range(4)])
    show("NextU64", lambda s: [f"0x{s.u64():016x}" for _ in range(4)])
    show("UniformInt(100)", lambda s: [str(s.integer(100)) for _ in range(16)])
    show("UniformInt(2^62 + 1)", lambda s: [str(s.integer(2**62 + 1)) for _ in range(8)])
    show("UniformInt(2^63 + 1)", lambda s: [str(s.integer(2**63 + 1)) for _ in range(8)])
    show("UniformInt(2^64 - 1)", lambda s: [str(s.integer(2**64 - 1)) for _ in range(3)])
    show("UniformInt(-5, 5)", lambda s: [str(s.between(-5, 5)) for _ in range(16)])
    show("UniformInt of all int64", lambda s: [str(s.between(-(2**63), 2**63 - 1)) for _ in range(3)])
    show("Uniform", lambda s: [s.uniform().hex() for _ in range(6)])
    show("Normal", lambda s: [s.normal().hex() for _ in range(12)])
    show("FillNormal(0.1)", lambda s: [x.hex() for x in s.fill_normal(8, 0.1)])
    show("FillUniform(0.1)", lambda s: [x.hex() for x in s.fill_uniform(8, 0.1)])
    show("Permutation(10)", lambda s: [str(i) for i in s.permutation(10)])
    print("InitialValues, seed 1, gamma 0.8:")
    for name, fan in (("embedding.token", 200), ("layer1.ffn.w2", 512), ("mlp.w1", 200)):
        values = Stream(1, f"init/{name}").fill_normal(4, to_float(float(fan) ** -0.8))
        print(f"  {name}: " + ", ".join(x.hex() for x in values))
    values = Stream(1, "init/layer0.attn.bq").fill_uniform(4, 1.0 / math.sqrt(200.0))
    print("  layer0.attn.bq: " + ", ".join(x.hex() for x in values))
    print("NormalQuantile:")
    for p in (2.0**-53, 2.0**-40, 1e-9, 0.01, 0.074, 0.0751, 0.3, 0.5, 0.9, 0.925, 0.99, 1 - 2.0**-30, 1 - 2.0**-53):
        print(f"      {{{p.hex()}, {normal_quantile(p).hex()}}},")
    try:
        import mpmath
    except ImportError:
        return
    mpmath.mp.prec = 400
    print("NormalQuantile, correct to 20 digits:")
    lower = [2.0**-k for k in (53, 52, 50, 45, 40, 37, 36, 35, 30, 25, 20, 15, 10, 7, 5, 4, 3, 2)]
    lower += [0.01, 0.05, 0.074, 0.075, 0.076, 0.1, 0.2, 0.3, 0.4, 0.45, 0.49, 0.499, 0.5 - 2.0**-20, 0.5 - 2.0**-53]
    for p in sorted(lower):
        x = mpmath.sqrt(2) * mpmath.erfinv(2 * mpmath.mpf(p) - 1)
        print(f"      {{{p.hex()}, {mpmath.nstr(x, 20)}}},")


if __name__ == "__main__":
    main()
