"""Exports what GPT-2's tokenizer is tested against, and Unicode's classes as it has them, from OpenAI's tiktoken.

The encoding is built from data/gpt2/merges.txt; nothing is downloaded. All texts are written here or drawn from fixed
seeds, but the excerpts in data/, which the golden file names and does not quote. Run from the repository's root, as README.md says:

    oracle-venv/bin/python tests/oracle/export_bpe.py

It rewrites tests/data/text/bpe_golden.txt and lib/data/text/unicode_classes.cc (format that with tools/format.sh afterwards).
"""

import hashlib
import pathlib
import random
import struct

import tiktoken
from tiktoken_ext.openai_public import r50k_pat_str

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
MERGES = ROOT / "data/gpt2/merges.txt"
GOLDEN = ROOT / "tests/data/text/bpe_golden.txt"
CLASSES = ROOT / "lib/data/text/unicode_classes.cc"

# Real text that the repository ships.
EXCERPTS = (
    "data/prontoqa/prontoqa_1hop_random_seed1_excerpt.json",
    "data/prontoqa/prontoqa_3hop_random_seed1_excerpt.json",
    "data/prontoqa/prontoqa_5hop_random_seed1_excerpt.json",
    "data/tinystories/tinystories_endoftext_sample.txt",
    "data/tinystories/tinystories_sample.txt",
)

# Up to so many tokens are written out; of more there is a digest.
MAX_LISTED = 30

ALL_CODE_POINTS = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]


def gpt2_encoding():
    """tiktoken's GPT-2, of the merges in the repository instead of a download."""
    visible = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    hidden = [byte for byte in range(256) if byte not in visible]
    byte_of = {chr(byte): byte for byte in visible} | {chr(256 + n): byte for n, byte in enumerate(hidden)}
    ranks = {bytes([byte]): rank for rank, byte in enumerate(byte_of.values())}
    for line in MERGES.read_text(encoding="utf-8").splitlines()[1:]:
        ranks[bytes(byte_of[character] for character in line.replace(" ", ""))] = len(ranks)
    return tiktoken.Encoding(
        "gpt2",
        explicit_n_vocab=50257,
        pat_str=r50k_pat_str,
        mergeable_ranks=ranks,
        special_tokens={"<|endoftext|>": 50256},
    )


def ranges_of(pattern):
    """The ranges of code points that tiktoken's regular expressions match with `pattern`."""
    # What a pattern does not match, an encoding leaves out.
    ranks = {bytes([byte]): byte for byte in range(256)}
    encoding = tiktoken.Encoding("class", pat_str=pattern, mergeable_ranks=ranks, special_tokens={})
    ranges = []
    for character in encoding.decode(encoding.encode_ordinary("".join(ALL_CODE_POINTS))):
        code = ord(character)
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return ranges


def classes_source():
    parts = [
        "// Written by tests/oracle/export_bpe.py; not to be edited.",
        '#include "lib/data/text/unicode_classes.h"\n',
        "namespace initbias {\nnamespace {\n",
    ]
    classes = (("Letters", r"\p{L}"), ("Numbers", r"\p{N}"), ("WhiteSpace", r"\s"))
    for name, pattern in classes:
        entries = ", ".join(f"{{{first:#x}, {last:#x}}}" for first, last in ranges_of(pattern))
        parts.append(f"constexpr CodePoints k{name}[] = {{{entries}}};\n")
    parts.append("}  // namespace\n")
    for name, _ in classes:
        parts.append(f"std::span<const CodePoints> Unicode{name}() {{ return k{name}; }}\n")
    parts.append("}  // namespace initbias\n")
    return "\n".join(parts)


TEXTS = {
    "empty": "",
    "one_letter": "a",
    "story": "Once upon a time, there was a little fox named Pip. He said, “Let's play!” and ran up the hill.\n\n"
    "Pip wasn't tired; he'd slept for 12 hours...  \n",
    "ontology": "Every wumpus is a tumpus. Tumpuses are not shy. Max is a wumpus. True or false: Max is shy.",
    "contractions": "it's don't we're I've I'm she'll he'd 's't're've'm'll'd I'd've y'all'll",
    "contractions_capital": "IT'S DON'T WE'RE I'VE I'M SHE'LL HE'D It'S 'Re 'lL",
    "contractions_broken": "' 's '  s ''s '''t 'r 'v 'l 'x 's1 1's 'sé é's ’s ‘t I’m 're've' 'll\n'd\t't",
    "contraction_ends": "r'",
    "contraction_ends_r": "x'r",
    "contraction_long_s": "'ſ 'ß",
    "end_of_text": "one<|endoftext|>two <|endoftext|> <|endoftext|><|endoftext| ><|ENDOFTEXT|>",
    "emoji": "😀😃 👍🏽 ❤️ ☃ 1️⃣ #️⃣ 🇩🇪🇫🇷 a😀b 5😀6",
    "emoji_zwj": "👨‍👩‍👧‍👦 👩🏾‍🚀 🏳️‍🌈 🐻‍❄️",
    "combining": "e\u0301 n\u0303o a\u0300\u0316\u0301b \u0301alone Z\u0361a\u0335l\u0489g\u0334o\u0321 1\u20e3",
    "cjk": "你好,世界。日本語のテキスト、カタカナ。한국어 텍스트 ㄱㄴ 漢字１２３ 𠀀𪛖",
    "rtl": "שָׁלוֹם עולם مرحبا بالعالم ١٢٣ ۴۵۶ \u202bab\u202c \u200fx\u200e",
    "scripts": "Привет, мир! Γειά σου Κόσμε नमस्ते दुनिया สวัสดีชาวโลก გამარჯობა ሰላም Xin chào ǅ ʰ ª º",
    "numbers": "007 1234567890 3.14 1,000 ½ ² x²y Ⅷ ⅷ ① ㊿ ٣ ߃ 𝟙𝟚 〇 一 1a2b 3rd",
    "white_space": "a  b   c\t\td \te\n f\r\ng \r\n h\x0b\x0ci\n\n\n j   ",
    "white_space_wide": "a\u00a0b \u00a0c\u00a0 d\u3000e\u2003\u2003f\u2028g\u2029h\u0085i\u1680j\u202fk\u205fl \u3000 m",
    "no_white_space": "a\u180eb \u200bc\u200d \ufeffd\u2060 \x1c\x1d\x1e\x1f e\u00ad",
    "white_space_before_wide": "a  é b\t\tü  「x  😀  ²  \u00a0x \n\u3000",
    "control": "\x00 \x00\x00a\x00b\x01\x02 \x7f\x80\x9f",
    "new_in_unicode_15": "\U0001e4d0a\U00011f04 \U00031350",
    "new_in_unicode_16": "\U00013460a\U0001e5d0 \U00010d40\U0001e5f1",
    "new_in_unicode_17": "\U00016ea0a\U000323b0 \U00011dd0\ua7ce",
    "unassigned": "a\u0378b \U000e0fffc \U0010ffff\ufffe\uffffd \ue000",
    "code": "for (int i = 0; i < n; ++i) {\n\t\tx[i] += 0x1F;  // two\n    }\n#define A_B \\\n",
}

BYTES = {
    "lone_continuation": b"\x80",
    "continuations": b"a \x80\x80 b\xbf c",
    "truncated_2": "na\u00efve".encode()[:3] + b" then",
    "truncated_3": b"price \xe2\x82",
    "truncated_3_middle": b"price \xe2\x82 and more text",
    "truncated_4": b"smile \xf0\x9f\x98",
    "truncated_4_short": b"smile \xf0",
    "truncated_then_whole": b"\xf0\x9f\x98\xf0\x9f\x98\x80",
    "overlong_2": b"nul \xc0\x80 slash \xc1\xaf",
    "overlong_3": b"x\xe0\x80\x80y \xe0\x9f\xbf",
    "overlong_4": b"x\xf0\x80\x80\x80y \xf0\x8f\xbf\xbf",
    "surrogates": b"x\xed\xa0\x80\xed\xb0\x80y",
    "first_and_last_surrogate": b"\xed\x9f\xbf\xed\xa0\x80\xed\xbf\xbf\xee\x80\x80",
    "above_unicode": b"\xf4\x8f\xbf\xbf ok \xf4\x90\x80\x80 not",
    "five_bytes": b"\xf8\x88\x80\x80\x80 \xfe\xff",
    "utf16": "Hello".encode("utf-16"),
    "latin1": "Café crème, déjà vu.".encode("latin-1"),
    "blanks_before": b"word \n\t \n\n\xffafter that",
    "blanks_of_two_pieces": b"word\n\n\n  \xc2",
    "blanks_alone": b"  \n\t\n \xe2\x80",
    "wide_blanks_before": "word \u00a0\u3000 ".encode() + b"\xff x",
    "blank_then_letters": b"word   word\xff word",
    "other_blanks_before": b"word \r\n \r\x0b\xff",
    "one_piece_of_many_tokens": b"\n\n\t\n\t \n  \t\xe3\x81",
    "whole_token": b" \xe2\x96",
    # The last piece is a word whose first token is a blank, so tiktoken goes back over the blanks before it.
    "blanks_before_wide": "word  漢  ሰ".encode() + b"\xff",
    "blanks_before_wide_many": "word\n\t\n    𝟙𝟚".encode() + b"\xe2\x82 end",
    "blanks_before_wide_alone": "     ሰላም".encode() + b"\xe1",
    "other_blanks_before_wide": "word \r\n  \u00a0  ሰ".encode() + b"\xff",
    "end_of_text_then_invalid": b"<|endoftext|>\xff<|endoftext|>",
}

# (bytes, times) one after the other.
RUNS = {
    "run_spaces": [(b" ", 1_000_000)],
    "run_letter": [(b"a", 1_000_000)],
    "run_letters": [(b"ab", 250_000), (b"Zq", 250_000)],
    "run_invalid": [(b"\xff", 1_000_000)],
    "run_text_in_invalid": [(b"\xff", 1), (b"The end of all things. ", 20_000)],
    "run_digits": [(b"0123456789", 20_000)],
    "run_punctuation": [(b"!", 200_000), (b"-=", 100_000)],
    "run_newlines": [(b"\n", 200_000)],
    "run_mixed_white_space": [(b" \n\t", 100_000)],
    "run_spaces_word": [(b" ", 2_000), (b"word", 1)],
    "run_newlines_word": [(b"\n", 1_999), (b"word", 1)],
    "run_spaces_wide": [(b" ", 2_000), ("é".encode(), 1), (b"\t", 2_000), ("\u3000".encode(), 1), (b"x", 1)],
    "run_apostrophes": [(b"'", 100_000), (b"s", 1)],
    "run_contractions": [(b"'s", 100_000)],
    "run_emoji": [("😀".encode(), 50_000)],
    "run_cjk": [("漢字".encode(), 50_000)],
    "run_nul": [(b"\x00", 100_000)],
    "run_64": [(b"ab", 32)],
    "run_65": [(b"ab", 32), (b"c", 1)],
}


def random_cases():
    """Yields texts of hostile alphabets, bytes, and texts with bytes changed, from fixed seeds."""
    alphabets = {
        "blanks_wide": list("    \n\tሰ𝟙漢\u00a0"),
        "ascii": [chr(code) for code in range(128)],
        "contraction": list("'''stdmrevlSL  a1!\n’"),
        "white": list("   \n\t\r\x0b\x0c\x1c\u0085\u00a0\u180e\u2003\u2028\u200b\u3000ax1!é"),
        "letters": list("aeést漢字лжÄ\u0301ª😀1²Ⅷ  "),
        "any": ALL_CODE_POINTS,
        "merging": list("abcdeinorstht   "),
    }
    generator = random.Random(20250207)
    for name, alphabet in alphabets.items():
        for number in range(25):
            text = "".join(generator.choices(alphabet, k=generator.randint(1, 60)))
            yield f"random_{name}_{number}", text.encode()
    for number in range(25):
        text = "".join(generator.choices(alphabets["blanks_wide"], k=generator.randint(1, 20)))
        yield f"random_invalid_end_{number}", text.encode() + b"\xff"
    for number in range(40):
        yield f"random_bytes_{number}", generator.randbytes(generator.randint(1, 50))
    sources = list(TEXTS.values())
    for number in range(80):
        text = bytearray(generator.choice(sources).encode()[:120])
        for _ in range(generator.randint(1, 3)):
            place = generator.randint(0, len(text))
            text[place : place + generator.randint(0, 2)] = generator.randbytes(generator.randint(0, 2))
        yield f"random_mutated_{number}", bytes(text)


def cases():
    """Yields (name, input as the golden file writes it, bytes)."""
    for name, text in TEXTS.items():
        yield name, text.encode().hex(), text.encode()
    for name, data in BYTES.items():
        yield name, data.hex(), data
    for name, runs in RUNS.items():
        yield name, "+".join(f"{part.hex()}*{times}" for part, times in runs), b"".join(a * n for a, n in runs)
    for name, data in random_cases():
        yield name, data.hex(), data
    # Each code point between two others of a known class: its own class decides how they are split.
    for separator in "a1!":
        text = separator.join(ALL_CODE_POINTS).encode()
        yield f"all_code_points_{ord(separator):02x}", f"code_points:{separator.encode().hex()}", text
    for name in EXCERPTS:
        path = ROOT / name
        yield f"excerpt_{path.stem.removesuffix('_excerpt')}", f"file:{name}", path.read_bytes()


def main():
    encoding = gpt2_encoding()
    lines = [
        f"# Tokens of GPT-2 by tiktoken {tiktoken.__version__}. Written by tests/oracle/export_bpe.py.",
        "# name | input | number of tokens | the tokens, or SHA-256 of them as 32-bit little-endian integers",
    ]
    for name, written, data in cases():
        tokens = encoding._encode_bytes(data)
        assert encoding.decode_bytes(tokens) == data, name
        digest = hashlib.sha256(struct.pack(f"<{len(tokens)}i", *tokens)).hexdigest()
        shown = ",".join(map(str, tokens)) if len(tokens) <= MAX_LISTED else digest
        lines.append(f"{name}|{written}|{len(tokens)}|{shown}")
    GOLDEN.write_text("\n".join(lines) + "\n")
    CLASSES.write_text(classes_source())
    print(f"{GOLDEN.relative_to(ROOT)}: {len(lines) - 2} cases, {GOLDEN.stat().st_size} bytes")


if __name__ == "__main__":
    main()
