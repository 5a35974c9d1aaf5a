"""Reads exported files without any package and checks their values; where NumPy is there, it must read the same.

read_exports.py RUN_NPZ RUN_CSV FIGURE_NPZ ANCHOR_NPZ ANCHOR_CSV: of the sample results, and the anchor data of seed 4.
"""

import ast
import csv
import struct
import sys
import zipfile


def read_npy(content):
    """(shape, values): the values in one list."""
    assert content[:8] == b"\x93NUMPY\x01\x00", content[:8]
    (length,) = struct.unpack("<H", content[8:10])
    assert (10 + length) % 64 == 0 and content[9 + length : 10 + length] == b"\n"
    header = ast.literal_eval(content[10 : 10 + length].decode("ascii"))
    assert header["fortran_order"] is False
    kind, data, shape = header["descr"], content[10 + length :], header["shape"]
    count = 1
    for size in shape:
        count *= size
    if kind.startswith("<U"):
        width = 4 * int(kind[2:])
        assert len(data) == width * count
        texts = (data[i * width : (i + 1) * width].decode("utf-32-le").rstrip("\0") for i in range(count))
        return shape, list(texts)
    letter = {"<f4": "f", "<f8": "d", "<i4": "i", "<i8": "q"}[kind]
    return shape, list(struct.unpack(f"<{count}{letter}", data))


def read_npz(path):
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        arrays = {}
        for member in archive.infolist():
            assert member.compress_type == zipfile.ZIP_STORED and member.filename.endswith(".npy")
            arrays[member.filename[:-4]] = read_npy(archive.read(member))
    try:
        import numpy
    except ImportError:
        return arrays
    with numpy.load(path, allow_pickle=False) as same:
        assert sorted(same.files) == sorted(arrays)
        for name, (shape, values) in arrays.items():
            assert same[name].shape == shape and same[name].ravel().tolist() == values, name
    return arrays


def main():
    run_npz, run_csv, figure_npz, anchor_npz, anchor_csv = sys.argv[1:]
    run = read_npz(run_npz)
    assert run["series/step"] == ((3,), [0, 5, 10])
    assert run["series/epoch"] == ((3,), [0, 0.5, 1])
    assert run["series/memory/loss"] == ((3,), [5.25, 4.5, 4])
    assert run["series/reasoning_test/accuracy"] == ((3,), [0, 0, 1])
    assert run["parameters/head.w"] == ((2, 3), [1, 2, 3, 4, 5, 6.5])
    assert run["probes/0000000000/attention.layer0"] == ((1, 2, 2), [1, 0, 0.5, 0.5])
    assert run["label"][0] == () and run["label"][1][0].startswith("transformer gamma=")
    assert "init.gamma = " in run["config"][1][0]

    with open(run_csv, newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["step", "epoch", "memory_loss", "memory_accuracy", "reasoning_test_loss", "reasoning_test_accuracy"]
    assert rows[2] == ["5", "0.5", "4.5", "0.25", "5", "0"] and len(rows) == 4

    figure = read_npz(figure_npz)
    assert figure["panels/B/matrix"] == ((2, 2), [1, -1, 0.5, 0.25])
    assert figure["panels/B/rows"] == ((3,), ["W^q", "", "\u03b3 = 0.3"])
    assert figure["panels/C/nothing"] == ((0,), [])
    assert figure["caption"] == ((), ["Figure 9: \u03b3 and its consequences"])

    anchor = read_npz(anchor_npz)
    (n, length), tokens = anchor["sequence"]
    (_, q), anchors = anchor["anchor"]
    assert (n, length, q) == (2000, 9, 2), (n, length, q)
    columns = [anchor[name][1] for name in ("label", "kind", "split", "key", "key_position")]
    splits = set()
    for row, (label, kind, split, key, position) in enumerate(zip(*columns)):
        own = anchors[row * q : (row + 1) * q]
        sequence = tokens[row * length : (row + 1) * length]
        assert sequence[position : position + 1 + q] == [key] + own
        first = 1 if kind == "memory" else 11
        assert all(first <= a < first + 10 for a in own) and 21 <= key <= 120
        # All others are noise.
        assert all(t >= 21 for i, t in enumerate(sequence) if not position < i <= position + q)
        if kind == "reasoning":
            assert label == key + sum(own)
            assert (split == "test") == (own in ([11, 13], [13, 11]))
        splits.add((kind, split))
    assert splits == {("memory", "train"), ("reasoning", "train"), ("reasoning", "test")}
    assert anchor["seed"] == ((), [4]) and len(anchor["digest"][1][0]) == 64

    with open(anchor_csv, newline="") as file:
        table = list(csv.DictReader(file))
    assert len(table) == n
    for row in (0, 1234, n - 1):
        assert [int(table[row][f"sequence_{i}"]) for i in range(length)] == tokens[row * length : (row + 1) * length]
        assert int(table[row]["label"]) == columns[0][row] and table[row]["kind"] == columns[1][row]


if __name__ == "__main__":
    main()
