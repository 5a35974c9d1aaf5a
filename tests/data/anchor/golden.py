"""Prints the golden values of anchor_task_test.cc, from a second implementation of lib/data/anchor/anchor_task.h.

The order in which numbers are drawn (combinations in lexicographic order; of a sequence its key, its position, then its
noise from left to right) is the C++ code's, streams are those of tests/rng/golden.py. Takes half a minute. Run

    python3 tests/data/anchor/golden.py

and copy by hand what is meant to change.
"""

import hashlib
import itertools
import pathlib
import struct
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "rng"))
from golden import Stream  # noqa: E402

KEYS = (21, 120)
MEMORY = (range(1, 11),)  # groups of anchors
FOUR_GROUPS = tuple(range(first, first + 5) for first in (1, 6, 11, 16))
REASONING = range(11, 21)
MASKED = ((11, 13), (13, 11))


# What a memory label is drawn from, of the group (from 1), the key and the anchors: smallest and largest.
def keys(group, key, anchors):
    return KEYS


def around_key(group, key, anchors):
    return key - sum(anchors), key + sum(anchors)


def nested(group, key, anchors):
    return 30, 29 + 20 * group


def sequences(stream, anchors, q, length, repeats, enumerated):
    """Yields (key, tokens) of the sequences with one anchor combination."""
    for index in range(repeats):
        key = KEYS[0] + index if enumerated else stream.between(*KEYS)
        position = 0 if enumerated else stream.between(0, length - 1 - q)
        tokens = [
            key if i == position else anchors[i - position - 1] if 0 < i - position <= q else stream.between(*KEYS)
            for i in range(length)
        ]
        yield key, tokens


def make_data(seed, q, length, samples, enumerated, masked=MASKED, groups=MEMORY, labels=keys, reasoning=REASONING,
              random_labels=0.0):
    """Returns [(tokens, labels)] of D_mem, D_rsn_train and D_rsn_test."""
    repeats = samples // (sum(len(group) ** q for group in groups) + len(reasoning) ** q)
    memory, train, test = sets = [([], []) for _ in range(3)]
    stream, label_stream = Stream(seed, "data/memory"), Stream(seed, "data/memory_labels")
    for number, group in enumerate(groups, start=1):
        for anchors in itertools.product(group, repeat=q):
            label_of_key = {
                key: label_stream.between(*labels(number, key, anchors)) for key in range(KEYS[0], KEYS[1] + 1)
            }
            for key, tokens in sequences(stream, anchors, q, length, repeats, enumerated):
                memory[0].append(tokens)
                memory[1].append(label_of_key[key])
    stream = Stream(seed, "data/reasoning")
    for anchors in itertools.product(reasoning, repeat=q):
        out = test if anchors in masked else train
        for key, tokens in sequences(stream, anchors, q, length, repeats, enumerated):
            out[0].append(tokens)
            out[1].append(key + sum(anchors))
    order, label_stream = list(range(len(train[1]))), Stream(seed, "data/random_labels")
    shuffle = Stream(seed, "data/random_labels/order")
    for i in range(len(order), 1, -1):
        j = shuffle.between(0, i - 1)
        order[i - 1], order[j] = order[j], order[i - 1]
    for row in order[: int(random_labels * len(order) + 0.5)]:
        train[1][row] = label_stream.between(KEYS[0] + q * min(reasoning), KEYS[1] + q * max(reasoning))
    return sets


def digest(sets):
    sha = hashlib.sha256()
    for tokens, labels in sets:
        for numbers in (itertools.chain.from_iterable(tokens), labels):
            numbers = list(numbers)
            sha.update(struct.pack(f"<{len(numbers)}i", *numbers))
    return sha.hexdigest()


def main():
    emb_mlp = make_data(1, q=2, length=3, samples=20_000, enumerated=True)
    print("Emb-MLP:", digest(emb_mlp))
    print("  first memory labels:", emb_mlp[0][1][:8])
    print("q = 1:", digest(make_data(5, q=1, length=4, samples=2_000, enumerated=False, masked=((12,),))))
    noisy = {"q": 2, "samples": 20_000, "random_labels": 0.3}
    print("random labels:", digest(make_data(1, length=9, enumerated=False, **noisy)))
    print("random labels, enumerated:", digest(make_data(1, length=3, enumerated=True, **noisy)))
    alone = {"q": 2, "length": 9, "samples": 10_000, "enumerated": False, "reasoning": ()}
    print("around_key:", digest(make_data(1, labels=around_key, **alone)))
    print("nested:", digest(make_data(1, labels=nested, groups=FOUR_GROUPS, **alone)))
    paper = make_data(1, q=2, length=9, samples=200_000, enumerated=False)
    print("paper:", digest(paper))
    for name, (tokens, labels) in zip(("memory", "reasoning_train", "reasoning_test"), paper):
        for at in (0, -1):
            print(f"  {name}[{at}]: {tokens[at]} -> {labels[at]}")


if __name__ == "__main__":
    main()
