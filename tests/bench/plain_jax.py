"""The training loop that a JAX user would write for speed, to be timed beside ours; bench_loop.py says how it is
started.

Steps run in one jitted loop within XLA: batches from resident tokens, gradients by jax.value_and_grad, clip by the
global norm, AdamW by hand; memory of the state is used again. --pruned leaves out what the Transformer's last block
computes in vain. The model is that of plain_pytorch.py. No other package than jax and what it needs.

XLA's number of threads is set from outside: NPROC=1 XLA_FLAGS=--xla_cpu_multi_thread_eigen=false is one.

    printf 'go 3\\nstop\\n' | python3 tests/bench/plain_jax.py --model=emb_mlp --d_model=200 --d_ff=512 \\
        --vocabulary=200 --length=3 --batch=100 --samples=20000 --parameters=244800
"""

import functools
import math
import os

import jax
import jax.numpy as jnp
import numpy as np

import bench_loop


def linear(p, x):
    return x @ p["weight"] + p["bias"]


def norm(p, x):
    centred = x - x.mean(-1, keepdims=True)
    return centred * jax.lax.rsqrt((centred**2).mean(-1, keepdims=True) + 1e-5) * p["weight"] + p["bias"]


def attention(p, x, heads, last):
    """Causal attention [B, L, d] -> [B, L, d]; of the last position only -> [B, 1, d]."""
    batch, length, _ = x.shape
    weight, bias = p["qkv"]["weight"], p["qkv"]["bias"]
    width = weight.shape[1] // 3
    if last:
        q = x[:, -1:] @ weight[:, :width] + bias[:width]
        k, v = jnp.split(x @ weight[:, width:] + bias[width:], 2, axis=-1)
    else:
        q, k, v = jnp.split(x @ weight + bias, 3, axis=-1)
    q, k, v = (part.reshape(batch, -1, heads, width // heads) for part in (q, k, v))
    scores = jnp.einsum("bqhd,bkhd->bhqk", q, k) / math.sqrt(width // heads)
    if not last:
        scores = jnp.where(jnp.tril(jnp.ones((length, length), bool)), scores, -jnp.inf)
    mixed = jnp.einsum("bhqk,bkhd->bqhd", jax.nn.softmax(scores, axis=-1), v)
    return linear(p["out"], mixed.reshape(batch, -1, width))


def block(p, x, heads, gelu, last, post):
    def ffn(x):
        return linear(p["down"], gelu(linear(p["up"], x)))

    mixed = attention(p["attention"], x if post else norm(p["norm1"], x), heads, last)
    x = (x[:, -1:] if last else x) + mixed
    if post:
        x = norm(p["norm1"], x)
        return norm(p["norm2"], x + ffn(x))
    return x + ffn(norm(p["norm2"], x))


def decoder(p, sizes, tokens, gelu, pruned):
    """tokens [B, L] -> [B, L, d], pruned [B, 1, d]"""
    x = p["token"][tokens] + p["position"][: tokens.shape[1]]
    for i, layer in enumerate(p["blocks"]):
        last = pruned and i + 1 == len(p["blocks"])
        x = block(layer, x, sizes.heads, gelu, last, post=sizes.norm == "post")
    return norm(p["norm"], x) if "norm" in p else x


def logits_of(sizes, p, tokens):
    """tokens [B, L] -> logits of what is predicted: of GPT-2 [B, L, V], else [B, V]"""
    if sizes.model == "emb_mlp":
        return jnp.tanh(p["embedding"][tokens].sum(1) @ p["up"]) @ p["down"]
    if sizes.model == "transformer":
        gelu = functools.partial(jax.nn.gelu, approximate=False)
        return linear(p["head"], decoder(p["decoder"], sizes, tokens, gelu, sizes.pruned))[:, -1]
    gelu = functools.partial(jax.nn.gelu, approximate=True)
    return decoder(p["decoder"], sizes, tokens, gelu, pruned=False) @ p["decoder"]["token"].T


def loss_of(sizes, p, tokens, labels):
    logits = logits_of(sizes, p, tokens)
    chosen = jnp.take_along_axis(logits, labels[..., None], axis=-1)[..., 0]
    return (jax.nn.logsumexp(logits, axis=-1) - chosen).mean()


def make_parameters(sizes, random):
    """Every matrix from N(0, d_in^-2 gamma), tables by their width, biases zero."""
    d = sizes.d_model

    def matrix(d_in, d_out):
        return (d_in**-sizes.gamma * random.standard_normal((d_in, d_out))).astype(np.float32)

    def table(rows):
        return (d**-sizes.gamma * random.standard_normal((rows, d))).astype(np.float32)

    def affine(d_in, d_out):
        return {"weight": matrix(d_in, d_out), "bias": np.zeros(d_out, np.float32)}

    def unit_norm():
        return {"weight": np.ones(d, np.float32), "bias": np.zeros(d, np.float32)}

    if sizes.model == "emb_mlp":
        return {
            "embedding": table(sizes.vocabulary),
            "up": matrix(d, sizes.d_ff),
            "down": matrix(sizes.d_ff, sizes.vocabulary),
        }
    gpt2 = sizes.model == "gpt2"
    width = d if gpt2 else sizes.heads * sizes.d_head
    d_ff = 4 * d if gpt2 else sizes.d_ff

    def block_parameters():
        return {
            "norm1": unit_norm(),
            "attention": {"qkv": affine(d, 3 * width), "out": affine(width, d)},
            "norm2": unit_norm(),
            "up": affine(d, d_ff),
            "down": affine(d_ff, d),
        }

    parameters = {
        "decoder": {
            "token": table(sizes.vocabulary),
            "position": table(sizes.context),
            "blocks": [block_parameters() for _ in range(sizes.layers)],
        }
    }
    if sizes.norm == "pre":
        parameters["decoder"]["norm"] = unit_norm()
    if not gpt2:
        parameters["head"] = affine(d, sizes.vocabulary)
    return parameters


def initial_state(parameters):
    """The number of steps, the parameters, their first and second moments; each has memory of its own."""
    first, second = (jax.tree.map(jnp.zeros_like, parameters) for _ in range(2))
    return jnp.float32(0), jax.tree.map(jnp.array, parameters), first, second


def adamw(options, state, gradients):
    """The state after a step, with the clip by the global norm."""
    beta1, beta2, epsilon = 0.9, 0.999, 1e-8
    step, parameters, first, second = state
    step = step + 1
    length = jnp.sqrt(sum(jnp.vdot(g, g) for g in jax.tree.leaves(gradients)))
    clip = jnp.minimum(1.0, options.clip_norm / (length + 1e-6))
    gradients = jax.tree.map(lambda g: clip * g, gradients)
    first = jax.tree.map(lambda m, g: beta1 * m + (1 - beta1) * g, first, gradients)
    second = jax.tree.map(lambda v, g: beta2 * v + (1 - beta2) * g * g, second, gradients)
    rate = options.learning_rate / (1 - beta1**step)
    unit = 1 / jnp.sqrt(1 - beta2**step)
    keep = 1 - options.learning_rate * options.weight_decay
    parameters = jax.tree.map(
        lambda p, m, v: keep * p - rate * m / (unit * jnp.sqrt(v) + epsilon), parameters, first, second
    )
    return step, parameters, first, second


def make_train(options, tokens, labels):
    """train(state, order, count) -> (state, loss): takes `count` steps over the samples in their order, from its start
    again after its end, without an incomplete last batch. A fori_loop, since `count` is then no part of what is
    compiled; scan would be the same loop."""
    batches = len(tokens) // options.batch
    loss_and_gradients = jax.value_and_grad(functools.partial(loss_of, options))

    @functools.partial(jax.jit, donate_argnums=0)
    def train(state, order, count):
        def step(i, carry):
            state, _ = carry
            rows = jax.lax.dynamic_slice(order, (i % batches * options.batch,), (options.batch,))
            loss, gradients = loss_and_gradients(state[1], tokens[rows], labels[rows])
            return adamw(options, state, gradients), loss

        return jax.lax.fori_loop(0, count, step, (state, jnp.float32(0)))

    return train


def main():
    options = bench_loop.parse_arguments(bench_loop.argument_parser(__doc__))
    random = np.random.default_rng()
    parameters = make_parameters(options, random)
    bench_loop.check_parameters(options, sum(p.size for p in jax.tree.leaves(parameters)))
    shape = (options.samples, options.length)
    labels_shape = shape if options.model == "gpt2" else (options.samples,)
    tokens, labels = (
        jnp.array(random.integers(options.vocabulary, size=size, dtype=np.int32)) for size in (shape, labels_shape)
    )
    train = make_train(options, tokens, labels)
    state = initial_state(parameters)
    del parameters

    def take_steps(count):
        nonlocal state
        state, loss = train(state, random.permutation(options.samples).astype(np.int32), count)
        loss.block_until_ready()

    take_steps(1)  # compiles
    bench_loop.serve(f"jax={jax.__version__} threads={os.environ.get('NPROC', os.cpu_count())}", take_steps)


if __name__ == "__main__":
    main()
