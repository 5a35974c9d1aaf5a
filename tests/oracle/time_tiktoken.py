"""Times tiktoken, in one thread, on a file; `bazel run //tests/bench:bpe -- FILE` times ours.

    oracle-venv/bin/python tests/oracle/time_tiktoken.py FILE
"""

import pathlib
import sys
import time

from export_bpe import gpt2_encoding

RUNS = 20


def main():
    text = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")
    encoding = gpt2_encoding()
    seconds = []
    for _ in range(RUNS):
        start = time.perf_counter()
        tokens = encoding.encode_ordinary(text)
        seconds.append(time.perf_counter() - start)
    size = len(text.encode())
    for name, value in (("best", min(seconds)), ("median", sorted(seconds)[RUNS // 2])):
        print(f"{name} of {RUNS}: {value * 1e3:.2f} ms, {size / value / 1e6:.1f} MB/s ({size} bytes, {len(tokens)} tokens)")


if __name__ == "__main__":
    main()
