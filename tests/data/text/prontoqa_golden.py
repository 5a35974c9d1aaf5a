"""Prints the golden values of prontoqa_generator_test.cc, from a second implementation of lib/data/text/prontoqa_generator.h.

The words, their order and the order in which numbers are drawn are the C++ code's, streams are those of
tests/rng/golden.py. Run

    python3 tests/data/text/prontoqa_golden.py

and copy by hand what is meant to change.
"""

import hashlib
import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "rng"))
from golden import Stream  # noqa: E402

NAMES = "Alex Fae Max Polly Rex Sally Sam Stella Wren".split()
CONCEPTS = (
    "brimpus dumpus gorpus grimpus impus jompus lempus lorpus numpus rompus shumpus sterpus tumpus vumpus wumpus "
    "yumpus zumpus"
).split()
FAMILIES = [
    "blue red brown orange",
    "small large",
    "metallic wooden luminous liquid",
    "transparent opaque",
    "nervous happy feisty shy",
    "bright dull",
    "sweet sour spicy bitter",
    "floral fruity earthy",
    "hot cold temperate",
    "kind mean angry amenable aggressive",
    "melodic muffled discordant loud",
    "slow moderate fast",
    "windy sunny overcast rainy snowy",
]
DEPTHS = [100, 87, 77, 64, 48]
ASKED, PASSED, ELSEWHERE = 466, 280, 328


def predicate(sign, word, plural=False):
    if word in CONCEPTS:
        word = word + "es" if plural else ("an " if word[0] in "aeiou" else "a ") + word
    return sign + word


def example(stream, hops):
    def shuffled(items):
        return [items[i] for i in stream.permutation(len(items))]

    def rule(subject, sign, word):
        form = stream.integer(4)
        if form < 2:
            text = f"{subject.capitalize()}es are {predicate(sign, word, plural=True)}."
        else:
            text = f"{'Each' if form == 2 else 'Every'} {subject} is {predicate(sign, word)}."
        rules.append(text)
        return text, sign, word

    def property_of(subject, negated):
        values = families.pop().split()
        value = values[stream.integer(len(values))]
        return rule(subject, "not " if stream.between(0, 999) < negated else "", value)

    concepts, families, rules = shuffled(CONCEPTS), shuffled(FAMILIES), []
    weights = DEPTHS[: max(5, hops) - hops + 1]
    point = stream.between(0, sum(weights) - 1)
    depth = hops
    for weight in weights:
        if point < weight:
            break
        point -= weight
        depth += 1
    start = stream.between(0, depth - hops)
    asked = start + hops - 1

    at, second, first, used = concepts.pop(), concepts.pop(), None, []
    for level in range(depth):
        above, sibling = concepts.pop(), concepts.pop()
        passed = start <= level < asked
        has = property_of(at, ASKED if level == asked else PASSED if passed else ELSEWHERE)
        up = rule(at, "", above)
        rule(at, "", sibling)
        last = level + 1 == depth
        property_of(above if last and stream.integer(2) == 0 else sibling, ELSEWHERE)
        first = at if level == start else first
        used += [up] if passed else [has] if level == asked else []
        at = above
    _, sign, word = used[-1]
    opposite = "" if sign else "not "
    rule(concepts.pop(), opposite, word)
    property_of(second, ELSEWHERE)
    rule(second, "", concepts.pop())
    rules = shuffled(rules)

    name = NAMES[stream.integer(len(NAMES))]
    facts = [f"{name} is {predicate('', concept)}." for concept in (first, second)]
    known = facts[0]
    if stream.integer(2) == 0:
        facts.reverse()
    answer = stream.integer(2) == 0
    steps = [known]
    for text, of_rule, what in used:
        steps += [text, f"{name} is {predicate(of_rule, what)}."]
    query = f"True or false: {name} is {sign if answer else opposite}{word}."
    return f"Q: {' '.join(rules + facts)} {query}\nA: {' '.join(steps)} {answer}"


def digest(hops, count, seed=1, name="data/prontoqa"):
    stream = Stream(seed, name)
    return hashlib.sha256("".join(example(stream, hops) + "\n" for _ in range(count)).encode()).hexdigest()


def main():
    for hops in (1, 3, 5):
        print(f"{hops} hops: {digest(hops, 200)}")
    print(f"6 hops, another stream: {digest(6, 50, 7, 'data/other')}")
    print("first of 1 hop:", example(Stream(1, "data/prontoqa"), 1))


if __name__ == "__main__":
    main()
