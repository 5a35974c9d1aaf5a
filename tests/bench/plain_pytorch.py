"""The training loop that a PyTorch user would write, to be timed beside ours: eager mode, stock torch.nn modules, a
DataLoader, all positions computed, PyTorch's own numerics and defaults. Nothing in it is slow on purpose: attention is
PyTorch's fused kernel, which is twice as fast as the formula at these sizes.

Started by //tests/bench:speed, which gives the sizes and the number of parameters that our model of the same sizes
has; another number is an error. Talks in lines: "ready" once the model and the data are made, then for each "go N" on
standard input "done" after N steps; "stop" or the end of the input ends it.

    printf 'go 3\nstop\n' | python3 tests/bench/plain_pytorch.py --model=emb_mlp --d_model=200 --d_ff=512 \\
        --vocabulary=200 --length=3 --batch=100 --samples=20000 --parameters=244800
"""

import argparse
import itertools
import resource
import sys
import time

import torch
from torch import nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset


class EmbMlp(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.embedding = nn.Embedding(sizes.vocabulary, sizes.d_model)
        self.up = nn.Linear(sizes.d_model, sizes.d_ff, bias=False)
        self.down = nn.Linear(sizes.d_ff, sizes.vocabulary, bias=False)

    def forward(self, tokens):
        """tokens [B, L] -> logits [B, V]"""
        return self.down(torch.tanh(self.up(self.embedding(tokens).sum(dim=1))))


class Attention(nn.Module):
    """Causal attention whose queries, keys and values come from one matrix, as most implementations have it."""

    def __init__(self, d_model, heads, d_head):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(d_model, 3 * heads * d_head)
        self.out = nn.Linear(heads * d_head, d_model)

    def forward(self, x):
        batch, length, _ = x.shape
        q, k, v = (
            part.view(batch, length, self.heads, -1).transpose(1, 2) for part in self.qkv(x).chunk(3, dim=-1)
        )
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.out(mixed.transpose(1, 2).reshape(batch, length, -1))


class Block(nn.Module):
    def __init__(self, d_model, heads, d_head, d_ff, gelu):
        super().__init__()
        self.norm1 = nn.LayerNorm(d_model)
        self.attention = Attention(d_model, heads, d_head)
        self.norm2 = nn.LayerNorm(d_model)
        self.ffn = nn.Sequential(nn.Linear(d_model, d_ff), nn.GELU(approximate=gelu), nn.Linear(d_ff, d_model))

    def forward(self, x):
        x = x + self.attention(self.norm1(x))
        return x + self.ffn(self.norm2(x))


class Decoder(nn.Module):
    """Learned positions, blocks with LayerNorm before attention and FFN, a final norm: what both Transformers share."""

    def __init__(self, sizes, d_head, d_ff, gelu):
        super().__init__()
        self.token = nn.Embedding(sizes.vocabulary, sizes.d_model)
        self.position = nn.Embedding(sizes.context, sizes.d_model)
        self.blocks = nn.ModuleList(
            Block(sizes.d_model, sizes.heads, d_head, d_ff, gelu) for _ in range(sizes.layers)
        )
        self.norm = nn.LayerNorm(sizes.d_model)

    def forward(self, tokens):
        x = self.token(tokens) + self.position(torch.arange(tokens.shape[1]))
        for block in self.blocks:
            x = block(x)
        return self.norm(x)


class Transformer(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.decoder = Decoder(sizes, sizes.d_head, sizes.d_ff, "none")
        self.head = nn.Linear(sizes.d_model, sizes.vocabulary)

    def forward(self, tokens):
        """tokens [B, L] -> logits of the last position [B, V]"""
        return self.head(self.decoder(tokens))[:, -1]


class Gpt2(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.decoder = Decoder(sizes, sizes.d_model // sizes.heads, 4 * sizes.d_model, "tanh")
        self.head = nn.Linear(sizes.d_model, sizes.vocabulary, bias=False)
        self.head.weight = self.decoder.token.weight

    def forward(self, tokens):
        """tokens [B, L] -> logits [B * L, V]"""
        return self.head(self.decoder(tokens)).flatten(0, 1)


MODELS = {"emb_mlp": EmbMlp, "transformer": Transformer, "gpt2": Gpt2}


def initialize(model, gamma):
    """Every matrix from N(0, d_in^-2 gamma), biases zero."""
    for module in model.modules():
        if isinstance(module, (nn.Linear, nn.Embedding)):
            # Of nn.Linear's [d_out, d_in] and nn.Embedding's [rows, d] alike, the second size counts.
            nn.init.normal_(module.weight, std=module.weight.shape[1] ** -gamma)
        if isinstance(module, nn.Linear) and module.bias is not None:
            nn.init.zeros_(module.bias)


def make_data(sizes):
    """Random tokens: how long a step takes hardly depends on them."""
    tokens = torch.randint(sizes.vocabulary, (sizes.samples, sizes.length))
    labels_shape = (sizes.samples, sizes.length) if sizes.model == "gpt2" else (sizes.samples,)
    return TensorDataset(tokens, torch.randint(sizes.vocabulary, labels_shape))


def steps(model, data, options):
    """Trains without end; yields after each step."""
    loader = DataLoader(data, batch_size=options.batch, shuffle=True)
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=options.learning_rate, weight_decay=options.weight_decay
    )
    criterion = nn.CrossEntropyLoss()
    losses = []
    for _ in itertools.count():
        for tokens, labels in loader:
            optimizer.zero_grad()
            loss = criterion(model(tokens), labels.flatten())
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), options.clip_norm)
            optimizer.step()
            losses.append(loss.item())
            yield


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", choices=MODELS, required=True)
    for name in ("vocabulary", "length", "batch", "samples", "d_model"):
        parser.add_argument(f"--{name}", type=int, required=True)
    for name in ("context", "layers", "heads", "d_head", "d_ff"):
        parser.add_argument(f"--{name}", type=int, default=0, help="where the model has it")
    parser.add_argument("--parameters", type=int, required=True, help="how many the model is to have")
    parser.add_argument("--threads", type=int, default=0, help="0: as many as PyTorch takes by itself")
    parser.add_argument("--gamma", type=float, default=0.5)
    parser.add_argument("--learning_rate", type=float, default=1e-5)
    parser.add_argument("--weight_decay", type=float, default=1e-2)
    parser.add_argument("--clip_norm", type=float, default=1.0)
    return parser.parse_args()


def main():
    options = parse_arguments()
    if options.threads > 0:
        torch.set_num_threads(options.threads)
    model = MODELS[options.model](options)
    initialize(model, options.gamma)
    count = sum(parameter.numel() for parameter in model.parameters())
    if count != options.parameters:
        sys.exit(f"the {options.model} has {count} parameters here, {options.parameters} in ours")
    training = steps(model, make_data(options), options)
    print(f"ready torch={torch.__version__} threads={torch.get_num_threads()}", flush=True)
    for line in sys.stdin:
        words = line.split()
        if words[:1] != ["go"]:
            break
        start = time.perf_counter()
        for _ in range(int(words[1])):
            next(training)
        seconds = time.perf_counter() - start
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        print(f"done seconds={seconds} memory={memory}", flush=True)


if __name__ == "__main__":
    main()
