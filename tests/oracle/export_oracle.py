"""Exports the numbers that the C++ models are tested against.

Plain PyTorch is the oracle: the models are written here from published formulas with stock torch.nn modules, sharing
no code and no weight layout with lib/model; GPT-2 is compared with Hugging Face's as well. One small fixed batch a
case; for it the logits, the loss, every gradient, the attention matrices and ten training steps. README.md documents
the files, and what their numbers may be held to.

    python3 export_oracle.py [--output-dir DIR]
"""

import os

# Before torch loads: the bytes should not depend on which instruction sets the machine offers beyond AVX2.
os.environ["ATEN_CPU_CAPABILITY"] = "avx2"
os.environ["MKL_CBWR"] = "AVX2,STRICT"
os.environ["ONEDNN_MAX_CPU_ISA"] = "AVX2"
os.environ["HF_HUB_OFFLINE"] = "1"  # transformers builds its model from a config; nothing is to be fetched

import argparse
import copy
import dataclasses
import math
import pathlib
from typing import Callable

import h5py
import numpy as np
import torch
from torch import nn
import torch.nn.functional as F
import transformers

SCHEMA = "initbias-oracle"
SCHEMA_VERSION = 1

TRAIN_STEPS = 10
CLIP_NORM = 1.0
LEARNING_RATE = 1e-2
BETAS = (0.9, 0.999)
ADAM_EPS = 1e-8
WEIGHT_DECAY = 1e-2
LAYER_NORM_EPS = 1e-5
NO_TARGET = -100  # at positions that predict nothing; F.cross_entropy leaves it out

ACTIVATIONS: dict[str, Callable[[], nn.Module]] = {
    "gelu": lambda: nn.GELU(approximate="none"),
    "gelu_tanh": lambda: nn.GELU(approximate="tanh"),
    "relu": nn.ReLU,
    "tanh": nn.Tanh,
}


@dataclasses.dataclass(frozen=True)
class EmbMlpCase:
    name: str
    seed: int
    activation: str
    vocab_size: int = 31
    d_model: int = 12
    d_ff: int = 20
    sequence_length: int = 3
    batch_size: int = 6


@dataclasses.dataclass(frozen=True)
class TransformerCase:
    name: str
    seed: int
    norm: str  # pre | post | none
    bias: int  # 1: every linear map has one; 0: none has
    activation: str = "gelu"
    num_layers: int = 2
    num_heads: int = 1
    vocab_size: int = 31
    d_model: int = 12
    d_ff: int = 20
    d_key: int = 5
    sequence_length: int = 7
    batch_size: int = 6


@dataclasses.dataclass(frozen=True)
class Gpt2Case:
    name: str
    seed: int
    num_layers: int
    num_heads: int
    d_model: int
    context: int  # rows of the position table
    sequence_length: int
    activation: str = "gelu_tanh"
    vocab_size: int = 37
    batch_size: int = 4


# Seeds are part of a case, so that a new one leaves the others' numbers alone.
EMB_MLP_CASES = [
    EmbMlpCase("tanh", seed=101, activation="tanh"),
    EmbMlpCase("gelu", seed=102, activation="gelu"),
]
TRANSFORMER_CASES = [
    TransformerCase("pre_bias", seed=201, norm="pre", bias=1),
    TransformerCase("pre_nobias", seed=202, norm="pre", bias=0),
    TransformerCase("post_bias", seed=203, norm="post", bias=1),
    TransformerCase("post_nobias", seed=204, norm="post", bias=0),
    TransformerCase("none_bias", seed=205, norm="none", bias=1),
    TransformerCase("none_nobias", seed=206, norm="none", bias=0),
    TransformerCase("pre_bias_2heads", seed=207, norm="pre", bias=1, num_heads=2),
    TransformerCase("pre_bias_relu", seed=208, norm="pre", bias=1, activation="relu"),
    TransformerCase("pre_bias_3layers", seed=209, norm="pre", bias=1, num_layers=3),
]
GPT2_CASES = [
    Gpt2Case("2heads", seed=301, num_layers=2, num_heads=2, d_model=16, context=12, sequence_length=9),
    Gpt2Case("3layers", seed=302, num_layers=3, num_heads=1, d_model=12, context=10, sequence_length=7),
    Gpt2Case("full_context", seed=303, num_layers=2, num_heads=4, d_model=24, context=8, sequence_length=8),
]


class EmbMlp(nn.Module):
    """G(X) = sigma((sum of the embeddings of X) W1) W2."""

    def __init__(self, case: EmbMlpCase):
        super().__init__()
        self.token = nn.Embedding(case.vocab_size, case.d_model)
        self.w1 = nn.Linear(case.d_model, case.d_ff, bias=False)
        self.sigma = ACTIVATIONS[case.activation]()
        self.w2 = nn.Linear(case.d_ff, case.vocab_size, bias=False)

    def forward(self, tokens):
        """tokens [B, L] -> logits [B, V] and no attention."""
        return self.w2(self.sigma(self.w1(self.token(tokens).sum(dim=1)))), []

    def named_slots(self):
        yield "embedding.token", self.token, "weight"
        yield "mlp.w1", self.w1, "weight"
        yield "mlp.w2", self.w2, "weight"


def attend(q, k, v):
    """q, k, v [B, H, L, dk] -> mixed values [B, H, L, dk] and attention matrices [B, H, L, L], causal."""
    length, d_key = q.shape[-2:]
    future = torch.ones(length, length, dtype=torch.bool).triu(diagonal=1)
    scores = (q @ k.transpose(-1, -2) / math.sqrt(d_key)).masked_fill(future, -math.inf)
    attention = torch.softmax(scores, dim=-1)
    mixed = attention @ v
    # A mistake here would become everybody's truth: PyTorch's own kernel has to agree.
    expected = F.scaled_dot_product_attention(q, k, v, is_causal=True)
    torch.testing.assert_close(mixed, expected, rtol=1e-4, atol=1e-5)
    return mixed, attention


class Attention(nn.Module):
    """Causal self-attention, the heads being contiguous blocks of d_key columns."""

    def __init__(self, case: TransformerCase):
        super().__init__()
        self.num_heads, self.d_key = case.num_heads, case.d_key
        inner = case.num_heads * case.d_key
        self.query = nn.Linear(case.d_model, inner, bias=bool(case.bias))
        self.key = nn.Linear(case.d_model, inner, bias=bool(case.bias))
        self.value = nn.Linear(case.d_model, inner, bias=bool(case.bias))
        self.output = nn.Linear(inner, case.d_model, bias=bool(case.bias))

    def split(self, x):
        """[B, L, H*dk] -> [B, H, L, dk]."""
        return x.unflatten(-1, (self.num_heads, self.d_key)).transpose(1, 2)

    def forward(self, x):
        """x [B, L, d] -> output [B, L, d] and attention matrices [B, H, L, L]."""
        q, k, v = (self.split(f(x)) for f in (self.query, self.key, self.value))
        mixed, attention = attend(q, k, v)
        return self.output(mixed.transpose(1, 2).flatten(-2)), attention


class Block(nn.Module):
    def __init__(self, case: TransformerCase):
        super().__init__()
        self.norm = case.norm
        self.attn = Attention(case)
        self.w1 = nn.Linear(case.d_model, case.d_ff, bias=bool(case.bias))
        self.w2 = nn.Linear(case.d_ff, case.d_model, bias=bool(case.bias))
        self.ffn = nn.Sequential(self.w1, ACTIVATIONS[case.activation](), self.w2)
        if case.norm != "none":
            self.norm1 = nn.LayerNorm(case.d_model, eps=LAYER_NORM_EPS)
            self.norm2 = nn.LayerNorm(case.d_model, eps=LAYER_NORM_EPS)

    def forward(self, x):
        """x [B, L, d] -> output [B, L, d] and attention matrices [B, H, L, L]."""
        if self.norm == "pre":
            moved, attention = self.attn(self.norm1(x))
            x = x + moved
            return x + self.ffn(self.norm2(x)), attention
        moved, attention = self.attn(x)
        if self.norm == "post":
            x = self.norm1(x + moved)
            return self.norm2(x + self.ffn(x)), attention
        x = x + moved
        return x + self.ffn(x), attention


class Transformer(nn.Module):
    """Decoder with learned positions; predicts from the last position."""

    def __init__(self, case: TransformerCase):
        super().__init__()
        self.bias = bool(case.bias)
        self.token = nn.Embedding(case.vocab_size, case.d_model)
        self.position = nn.Embedding(case.sequence_length, case.d_model)
        self.blocks = nn.ModuleList(Block(case) for _ in range(case.num_layers))
        self.final_norm = nn.LayerNorm(case.d_model, eps=LAYER_NORM_EPS) if case.norm == "pre" else None
        self.head = nn.Linear(case.d_model, case.vocab_size, bias=self.bias)

    def forward(self, tokens):
        """tokens [B, L] -> last position's logits [B, V] and one [B, H, L, L] of attention a layer."""
        x = self.token(tokens) + self.position(torch.arange(tokens.shape[1]))
        attentions = []
        for block in self.blocks:
            x, attention = block(x)
            attentions.append(attention)
        if self.final_norm is not None:
            x = self.final_norm(x)
        return self.head(x)[:, -1], attentions

    def named_slots(self):
        def linear(prefix, letter, module):
            yield f"{prefix}w{letter}", module, "weight"
            if self.bias:
                yield f"{prefix}b{letter}", module, "bias"

        def norm(prefix, module):
            yield f"{prefix}.gain", module, "weight"
            yield f"{prefix}.shift", module, "bias"

        yield "embedding.token", self.token, "weight"
        yield "embedding.position", self.position, "weight"
        for i, block in enumerate(self.blocks):
            yield from linear(f"layer{i}.attn.", "q", block.attn.query)
            yield from linear(f"layer{i}.attn.", "k", block.attn.key)
            yield from linear(f"layer{i}.attn.", "v", block.attn.value)
            yield from linear(f"layer{i}.attn.", "o", block.attn.output)
            yield from linear(f"layer{i}.ffn.", "1", block.w1)
            yield from linear(f"layer{i}.ffn.", "2", block.w2)
            if block.norm != "none":
                yield from norm(f"layer{i}.norm1", block.norm1)
                yield from norm(f"layer{i}.norm2", block.norm2)
        if self.final_norm is not None:
            yield from norm("final_norm", self.final_norm)
        yield from linear("head.", "", self.head)


class Gpt2Block(nn.Module):
    """x + attention(norm(x)), then x + FFN(norm(x)); one map makes queries, keys and values, side by side."""

    def __init__(self, case: Gpt2Case):
        super().__init__()
        self.num_heads = case.num_heads
        self.norm1 = nn.LayerNorm(case.d_model, eps=LAYER_NORM_EPS)
        self.qkv = nn.Linear(case.d_model, 3 * case.d_model)
        self.out = nn.Linear(case.d_model, case.d_model)
        self.norm2 = nn.LayerNorm(case.d_model, eps=LAYER_NORM_EPS)
        self.up = nn.Linear(case.d_model, 4 * case.d_model)
        self.sigma = ACTIVATIONS[case.activation]()
        self.down = nn.Linear(4 * case.d_model, case.d_model)

    def forward(self, x):
        """x [B, L, d] -> [B, L, d]."""
        q, k, v = (y.unflatten(-1, (self.num_heads, -1)).transpose(1, 2) for y in self.qkv(self.norm1(x)).chunk(3, -1))
        mixed, _ = attend(q, k, v)
        x = x + self.out(mixed.transpose(1, 2).flatten(-2))
        return x + self.down(self.sigma(self.up(self.norm2(x))))


class Gpt2(nn.Module):
    """GPT-2 (Radford et al. 2019) without dropout; the head is the token embedding and has no bias."""

    def __init__(self, case: Gpt2Case):
        super().__init__()
        self.token = nn.Embedding(case.vocab_size, case.d_model)
        self.position = nn.Embedding(case.context, case.d_model)
        self.blocks = nn.ModuleList(Gpt2Block(case) for _ in range(case.num_layers))
        self.final_norm = nn.LayerNorm(case.d_model, eps=LAYER_NORM_EPS)

    def forward(self, tokens):
        """tokens [B, L] -> logits [B, L, V] of all positions and no attention."""
        x = self.token(tokens) + self.position(torch.arange(tokens.shape[1]))
        for block in self.blocks:
            x = block(x)
        return F.linear(self.final_norm(x), self.token.weight), []

    def named_slots(self):
        yield "embedding.token", self.token, "weight"
        yield "embedding.position", self.position, "weight"
        for i, block in enumerate(self.blocks):
            for name, module in (("attn.qkv", block.qkv), ("attn.out", block.out), ("ffn.up", block.up),
                                 ("ffn.down", block.down)):
                yield f"layer{i}.{name}.w", module, "weight"
                yield f"layer{i}.{name}.b", module, "bias"
            for name, module in (("norm1", block.norm1), ("norm2", block.norm2)):
                yield f"layer{i}.{name}.gain", module, "weight"
                yield f"layer{i}.{name}.shift", module, "bias"
        yield "final_norm.gain", self.final_norm, "weight"
        yield "final_norm.shift", self.final_norm, "bias"


def stored(module, tensor):
    """The tensor as files have it: matrices [d_in, d_out], so nn.Linear's [d_out, d_in] is transposed."""
    tensor = tensor.detach()
    return (tensor.T if isinstance(module, nn.Linear) and tensor.dim() == 2 else tensor).contiguous().numpy().copy()


def read_parameters(model):
    return {name: stored(module, getattr(module, field)) for name, module, field in model.named_slots()}


def read_gradients(model):
    return {name: stored(module, getattr(module, field).grad) for name, module, field in model.named_slots()}


def draw_parameters(model, rng):
    """Fills the model, nothing left at 0 or 1: matrices std d_in^-0.5, biases and shifts 0.1, gains 1 + 0.1 n."""
    seen = []
    for name, module, field in model.named_slots():
        parameter = getattr(module, field)
        shape = tuple(stored(module, parameter).shape)
        normal = rng.standard_normal(shape)
        if len(shape) == 2:
            value = normal * shape[0] ** -0.5
        else:
            value = 0.1 * normal + (1.0 if name.endswith(".gain") else 0.0)
        value = torch.from_numpy(value.astype(np.float32))
        with torch.no_grad():
            parameter.copy_(value.T if isinstance(module, nn.Linear) and value.dim() == 2 else value)
        seen.append(parameter)
    assert {id(p) for p in seen} == {id(p) for p in model.parameters()}, "named_slots misses a parameter"


def draw_text(case, rng):
    """Sequences of several lengths, padded at the end, and the next token of each position as its target."""
    tokens = rng.randint(0, case.vocab_size, size=(case.batch_size, case.sequence_length))
    tokens[0, 1] = tokens[0, 0]
    targets = np.full_like(tokens, NO_TARGET)
    for row in range(case.batch_size):
        length = case.sequence_length - 2 * row % (case.sequence_length - 2)
        targets[row, :length - 1] = tokens[row, 1:length]
        tokens[row, length:] = 0
    targets[0, 4] = NO_TARGET
    targets[1, :2] = NO_TARGET  # a prompt
    return torch.from_numpy(tokens.astype(np.int64)), torch.from_numpy(targets.astype(np.int64))


def draw_batch(case, rng):
    if isinstance(case, Gpt2Case):
        return draw_text(case, rng)
    tokens = rng.randint(0, case.vocab_size, size=(case.batch_size, case.sequence_length))
    tokens[0, 1] = tokens[0, 0]  # a token that stands twice in a sequence: its gradient has to accumulate
    targets = rng.randint(0, case.vocab_size, size=case.batch_size)
    assert len(np.unique(tokens)) < case.vocab_size, "one token has to be absent: its gradient is zero"
    return torch.from_numpy(tokens.astype(np.int64)), torch.from_numpy(targets.astype(np.int64))


def predict(model, tokens, targets):
    """Logits [N, V] and targets [N] of the positions that have a target, and the attention."""
    logits, attentions = model(tokens)
    if targets.dim() == 2:
        chosen = targets != NO_TARGET
        logits, targets = logits[chosen], targets[chosen]
    return logits, targets, attentions


def evaluate(model, tokens, targets):
    """Logits, loss, attention and gradients in the model's own precision."""
    model.zero_grad()
    logits, targets, attentions = predict(model, tokens, targets)
    loss = F.cross_entropy(logits, targets)
    loss.backward()
    return {
        "logits": logits.detach().numpy().copy(),
        "loss": loss.detach().numpy().copy(),
        "attention": {f"layer{i}": a.detach().numpy().copy() for i, a in enumerate(attentions)},
        "gradients": read_gradients(model),
    }


def train(model, tokens, targets):
    """Ten steps on the same batch: the loss before each update, and the parameters after the last."""
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=LEARNING_RATE, betas=BETAS, eps=ADAM_EPS, weight_decay=WEIGHT_DECAY, foreach=False)
    losses = []
    for _ in range(TRAIN_STEPS):
        optimizer.zero_grad()
        loss = F.cross_entropy(*predict(model, tokens, targets)[:2])
        losses.append(loss.detach().numpy().copy())
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), CLIP_NORM, foreach=False)
        optimizer.step()
    return {"loss": np.stack(losses), "parameters": read_parameters(model)}


def hugging_face_name(name):
    """The name that transformers has for a parameter of GPT-2; both store matrices [d_in, d_out]."""
    for ours, theirs in (("embedding.token", "wte.w"), ("embedding.position", "wpe.w"), ("layer", "h."),
                         ("final_norm", "ln_f"), ("norm", "ln_"), ("attn.qkv", "attn.c_attn"),
                         ("attn.out", "attn.c_proj"), ("ffn.up", "mlp.c_fc"), ("ffn.down", "mlp.c_proj")):
        name = name.replace(ours, theirs)
    stem, kind = name.rsplit(".", 1)
    return f"transformer.{stem}.{'weight' if kind in ('w', 'gain') else 'bias'}"


def check_against_hugging_face(model, case, tokens, targets):
    """Another implementation of GPT-2, its defaults kept, has to give the same logits and gradients in float64."""
    other = transformers.GPT2LMHeadModel(transformers.GPT2Config(
        vocab_size=case.vocab_size, n_positions=case.context, n_embd=case.d_model, n_layer=case.num_layers,
        n_head=case.num_heads, bos_token_id=None, eos_token_id=None, attn_implementation="eager")).double().eval()
    theirs = dict(other.named_parameters())
    parameters = {hugging_face_name(name): value for name, value in read_parameters(model).items()}
    assert theirs.keys() == parameters.keys(), theirs.keys() ^ parameters.keys()
    with torch.no_grad():
        for name, value in parameters.items():
            theirs[name].copy_(torch.from_numpy(value))
    logits = other(tokens).logits
    tight = {"rtol": 1e-12, "atol": 1e-14}
    torch.testing.assert_close(logits, model(tokens)[0], **tight)
    F.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=NO_TARGET).backward()
    model.zero_grad()
    F.cross_entropy(*predict(model, tokens, targets)[:2]).backward()
    for name, gradient in read_gradients(model).items():
        torch.testing.assert_close(theirs[hugging_face_name(name)].grad, torch.from_numpy(gradient), **tight)
    # Its own loss, which shifts the labels itself (and computes in float32), has to mean the same positions.
    labels = F.pad(targets, (1, 0), value=NO_TARGET)[:, :-1]
    torch.testing.assert_close(
        other(tokens, labels=labels).loss.double(), F.cross_entropy(*predict(model, tokens, targets)[:2]),
        rtol=1e-6, atol=0)


@dataclasses.dataclass
class Result:
    tokens: np.ndarray
    targets: np.ndarray
    parameters: dict
    at32: dict
    at64: dict
    train32: dict
    train64: dict


def compute(case, model_type):
    rng = np.random.RandomState(case.seed)  # NumPy froze this generator: the same numbers in every version
    model = model_type(case)
    draw_parameters(model, rng)
    tokens, targets = draw_batch(case, rng)
    model64 = copy.deepcopy(model).double()
    if isinstance(case, Gpt2Case):
        check_against_hugging_face(model64, case, tokens, targets)
    return Result(
        tokens=tokens.numpy(), targets=targets.numpy(), parameters=read_parameters(model),
        at32=evaluate(model, tokens, targets), at64=evaluate(model64, tokens, targets),
        train32=train(model, tokens, targets), train64=train(model64, tokens, targets))


def write_case(file, case, model_name, result):
    group = file.create_group(case.name)
    attributes = {"model": model_name} | dataclasses.asdict(case)
    del attributes["name"]
    if model_name != "emb_mlp":
        attributes["layer_norm_eps"] = LAYER_NORM_EPS
    attributes |= {
        "train_steps": TRAIN_STEPS, "clip_norm": CLIP_NORM, "learning_rate": LEARNING_RATE, "beta1": BETAS[0],
        "beta2": BETAS[1], "adam_eps": ADAM_EPS, "weight_decay": WEIGHT_DECAY,
    }
    for name, value in attributes.items():
        write_attribute(group, name, value)
    write(group, "tokens", result.tokens)
    write(group, "targets", result.targets)
    write_all(group, "parameters", result.parameters)
    write(group, "logits", result.at64["logits"])
    write(group, "loss", result.at64["loss"])
    write_all(group, "gradients", result.at64["gradients"])
    if result.at64["attention"]:
        write_all(group, "attention", result.at64["attention"])
    write(group, "train/loss", result.train32["loss"])
    write_all(group, "train/parameters", result.train32["parameters"])
    write(group, "train/loss64", result.train64["loss"])
    write_all(group, "train/parameters64", result.train64["parameters"])


def write_attribute(group, name, value):
    """Strings fixed-length ASCII, integers int64, the rest float64: what C reads without a heap."""
    if isinstance(value, str):
        value = np.bytes_(value)
    elif isinstance(value, int):
        value = np.int64(value)
    group.attrs.create(name, value)


def write_all(group, folder, arrays):
    for name, array in arrays.items():
        write(group, f"{folder}/{name}", array)


def write(group, name, array):
    assert np.all(np.isfinite(array)), name
    group.create_dataset(name, data=array, track_times=False)


def write_file(path, cases, model_name, model_type):
    """Computes the cases and writes them; returns the results by case name."""
    results = {}
    # Format of HDF5 1.8: any reader knows it, and its headers are smaller than the default's. Not compressed: gzip
    # would save 4 % and tie the bytes to a zlib.
    with h5py.File(path, "w", libver=("v108", "v108"), track_times=False) as file:
        write_attribute(file, "schema", SCHEMA)
        write_attribute(file, "schema_version", SCHEMA_VERSION)
        write_attribute(file, "torch", torch.__version__.split("+")[0])
        for case in cases:
            results[case.name] = compute(case, model_type)
            write_case(file, case, model_name, results[case.name])
    return results


def relative_error(a, b):
    """max|a - b| / max|b|: a tensor's error in units of its largest element."""
    return float(np.max(np.abs(a - b)) / np.max(np.abs(b)))


def worst(a, b, skip=None):
    """The largest relative error in a dict of tensors and that tensor's name; names that end in `skip` are left out."""
    return max((relative_error(a[name], b[name]), name) for name in b if not (skip and name.endswith(skip)))


def split_qkv(arrays):
    """GPT-2's qkv as three, named as the Transformer's: each is judged by its own size."""
    parts = {}
    for name, array in arrays.items():
        if ".qkv." in name:
            stem, kind = name.split("qkv.")
            parts |= {f"{stem}{kind}{letter}": part for letter, part in zip("qkv", np.split(array, 3, axis=-1))}
        else:
            parts[name] = array
    return parts


def shown(error):
    return "-" if error is None else f"{error:.1e}"


def print_errors(title, results):
    """What float32 costs PyTorch itself: the ground for the C++ tests' tolerances. README.md explains the columns."""
    print(f"\n{title}\n")
    print("| case | logits | loss | attention | gradients | bk gradient "
          "| ten losses | ten-step parameters | ten-step bk |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name, r in results.items():
        grads32, grads64, after32, after64 = (split_qkv(arrays) for arrays in (
            r.at32["gradients"], r.at64["gradients"], r.train32["parameters"], r.train64["parameters"]))
        keys = [k for k in grads64 if k.endswith(".bk")]
        attention = worst(r.at32["attention"], r.at64["attention"])[0] if r.at64["attention"] else None
        gradient, gradient_name = worst(grads32, grads64, skip=".bk")
        after, after_name = worst(after32, after64, skip=".bk")
        bk_gradient = max(
            (np.max(np.abs(grads32[k])) / np.max(np.abs(grads64[k.replace(".bk", ".bq")])) for k in keys), default=None)
        bk_after = max((np.max(np.abs(after32[k] - after64[k])) for k in keys), default=None)
        losses = np.max(np.abs(r.train32["loss"] - r.train64["loss"]) / r.train64["loss"])
        print(f"| {name} | {shown(relative_error(r.at32['logits'], r.at64['logits']))} "
              f"| {shown(relative_error(r.at32['loss'], r.at64['loss']))} | {shown(attention)} "
              f"| {shown(gradient)} `{gradient_name}` | {shown(bk_gradient)} | {shown(losses)} "
              f"| {shown(after)} `{after_name}` | {shown(bk_after)} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output-dir", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    transformers.utils.logging.set_verbosity_error()
    for model_name, model_type, cases in (
            ("emb_mlp", EmbMlp, EMB_MLP_CASES), ("transformer", Transformer, TRANSFORMER_CASES),
            ("gpt2", Gpt2, GPT2_CASES)):
        path = arguments.output_dir / f"{model_name}.h5"
        results = write_file(path, cases, model_name, model_type)
        print_errors(f"{path.name}, {path.stat().st_size} bytes", results)


if __name__ == "__main__":
    main()
