"""The training loops that PyTorch users would write, to be timed beside ours; bench_loop.py says how they are started.

As it is: eager mode, stock torch.nn modules, a DataLoader, all positions computed, PyTorch's own numerics and defaults.
Nothing in it is slow on purpose: attention is PyTorch's fused kernel, which is twice as fast as the formula at these
sizes. --pruned leaves out what the Transformer's last block computes in vain.

--compile is what one would write for speed: the model and its loss by torch.compile, the fused form of AdamW, batches
from one tensor instead of a DataLoader, no loss.item(). The compiler needs a C++ compiler and Python's headers.

    printf 'go 3\nstop\n' | python3 tests/bench/plain_pytorch.py --model=emb_mlp --d_model=200 --d_ff=512 \\
        --vocabulary=200 --length=3 --batch=100 --samples=20000 --parameters=244800
"""

import itertools

import torch
from torch import nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset

import bench_loop


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

    def last(self, x):
        """The same at the last position only, [B, L, d] -> [B, 1, d]."""
        batch, length, _ = x.shape
        width = self.out.in_features
        weight, bias = self.qkv.weight, self.qkv.bias
        q = F.linear(x[:, -1], weight[:width], bias[:width]).view(batch, 1, self.heads, -1).transpose(1, 2)
        k, v = (
            part.view(batch, length, self.heads, -1).transpose(1, 2)
            for part in F.linear(x, weight[width:], bias[width:]).chunk(2, dim=-1)
        )
        mixed = F.scaled_dot_product_attention(q, k, v)
        return self.out(mixed.transpose(1, 2).reshape(batch, 1, -1))


class Block(nn.Module):
    def __init__(self, d_model, heads, d_head, d_ff, gelu, norm):
        super().__init__()
        self.post = norm == "post"
        self.norm1 = nn.LayerNorm(d_model)
        self.attention = Attention(d_model, heads, d_head)
        self.norm2 = nn.LayerNorm(d_model)
        self.ffn = nn.Sequential(nn.Linear(d_model, d_ff), nn.GELU(approximate=gelu), nn.Linear(d_ff, d_model))

    def forward(self, x):
        if self.post:
            return self.post_ffn(self.norm1(x + self.attention(x)))
        x = x + self.attention(self.norm1(x))
        return x + self.ffn(self.norm2(x))

    def post_ffn(self, x):
        return self.norm2(x + self.ffn(x))

    def last(self, x):
        """The same at the last position only."""
        if self.post:
            return self.post_ffn(self.norm1(x[:, -1:] + self.attention.last(x)))
        x = x[:, -1:] + self.attention.last(self.norm1(x))
        return x + self.ffn(self.norm2(x))


class Decoder(nn.Module):
    """Learned positions, blocks with LayerNorm, a final norm where that stands before: what both Transformers share."""

    def __init__(self, sizes, d_head, d_ff, gelu):
        super().__init__()
        self.token = nn.Embedding(sizes.vocabulary, sizes.d_model)
        self.position = nn.Embedding(sizes.context, sizes.d_model)
        self.blocks = nn.ModuleList(
            Block(sizes.d_model, sizes.heads, d_head, d_ff, gelu, sizes.norm) for _ in range(sizes.layers)
        )
        self.norm = nn.LayerNorm(sizes.d_model) if sizes.norm == "pre" else nn.Identity()
        self.pruned = sizes.pruned

    def forward(self, tokens):
        """tokens [B, L] -> [B, L, d], pruned [B, 1, d]"""
        x = self.token(tokens) + self.position(torch.arange(tokens.shape[1]))
        for block in self.blocks[:-1]:
            x = block(x)
        x = self.blocks[-1].last(x) if self.pruned else self.blocks[-1](x)
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


def eager_steps(model, data, options):
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


def compiled_steps(model, data, options):
    """The same, compiled. Without an incomplete last batch, for which it would be compiled anew."""
    all_tokens, all_labels = data.tensors
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=options.learning_rate, weight_decay=options.weight_decay, fused=True
    )
    criterion = nn.CrossEntropyLoss()
    loss_of = torch.compile(lambda tokens, labels: criterion(model(tokens), labels.flatten()))
    for _ in itertools.count():
        order = torch.randperm(len(data))[: len(data) // options.batch * options.batch]
        for rows in order.split(options.batch):
            optimizer.zero_grad()
            loss_of(all_tokens[rows], all_labels[rows]).backward()
            nn.utils.clip_grad_norm_(model.parameters(), options.clip_norm)
            optimizer.step()
            yield


def parse_arguments():
    parser = bench_loop.argument_parser(__doc__)
    parser.add_argument("--threads", type=int, default=0, help="0: as many as PyTorch takes by itself")
    parser.add_argument("--compile", action="store_true", help="by torch.compile, with what else is fast")
    return bench_loop.parse_arguments(parser)


def main():
    options = parse_arguments()
    if options.threads > 0:
        torch.set_num_threads(options.threads)
    model = MODELS[options.model](options)
    initialize(model, options.gamma)
    bench_loop.check_parameters(options, sum(parameter.numel() for parameter in model.parameters()))
    steps = compiled_steps if options.compile else eager_steps
    training = steps(model, make_data(options), options)
    if options.compile:
        next(training)  # compiles

    def take_steps(count):
        for _ in range(count):
            next(training)

    bench_loop.serve(f"torch={torch.__version__} threads={torch.get_num_threads()}", take_steps)


if __name__ == "__main__":
    main()
