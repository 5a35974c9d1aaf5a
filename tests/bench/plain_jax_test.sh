#!/bin/bash
# The JAX loop trains each model, tells steps, and refuses a model of another size than ours; what it prunes changes
# nothing; its steps are those of PyTorch. Where Python has no jax nothing is tested, and without torch not the
# last: the test says so. PLAIN_JAX_PYTHON names another interpreter than python3
# (bazel test --test_env=PLAIN_JAX_PYTHON=...).
set -euo pipefail

python=${PLAIN_JAX_PYTHON:-python3}
if ! "$python" -c 'import jax' 2>/dev/null; then
  echo "skipped: $python has no jax"
  exit 0
fi
export JAX_PLATFORMS=cpu

# steps FLAG...: two rounds.
steps() {
  printf 'go 2\ngo 1\nstop\n' | "$python" tests/bench/plain_jax.py --vocabulary=20 --length=5 --batch=4 --samples=10 \
    --d_model=8 "$@"
}
emb_mlp=(--model=emb_mlp --d_ff=16)
transformer=(--model=transformer --context=5 --layers=2 --heads=2 --d_head=3 --d_ff=16)
gpt2=(--model=gpt2 --context=6 --layers=2 --heads=2)
# Token table, two matrices.
[[ $(steps "${emb_mlp[@]}" --parameters=$((20 * 8 + 8 * 16 + 16 * 20)) | grep -c '^done seconds=.* memory=') -eq 2 ]]
# Tables, blocks of attention, FFN and two norms, the final norm, the head.
block=$((3 * (8 * 6 + 6) + 6 * 8 + 8 + 8 * 16 + 16 + 16 * 8 + 8 + 4 * 8))
count=$(((20 + 5) * 8 + 2 * block + 2 * 8 + 8 * 20 + 20))
[[ $(steps "${transformer[@]}" --parameters=$count | grep -c '^done') -eq 2 ]]
[[ $(steps "${transformer[@]}" --parameters=$count --pruned | grep -c '^done') -eq 2 ]]
block=$((3 * (8 * 8 + 8) + 8 * 8 + 8 + 8 * 32 + 32 + 32 * 8 + 8 + 4 * 8))
count=$(((20 + 6) * 8 + 2 * block + 2 * 8))
steps "${gpt2[@]}" --parameters=$count | grep '^ready jax='

if message=$(steps "${gpt2[@]}" --parameters=$((count + 1)) 2>&1); then
  echo 'a model of another size was taken' >&2
  exit 1
fi
[[ $message == *"$count parameters here, $((count + 1)) in ours"* ]]
if message=$(steps "${gpt2[@]}" --parameters=$count --pruned 2>&1); then
  echo 'a GPT-2 was pruned' >&2
  exit 1
fi

PYTHONPATH=tests/bench "$python" - <<'END'
import argparse

import jax
import jax.numpy as jnp
import numpy as np

import plain_jax

SIZES = dict(vocabulary=20, context=5, length=5, batch=4, layers=2, heads=2, d_model=8, d_head=3, d_ff=16, gamma=0.5)
OPTIMIZER = dict(learning_rate=1e-2, weight_decay=0.1, clip_norm=0.01)
STEPS = 3


def options_of(model, pruned=False, norm="pre"):
    return argparse.Namespace(model=model, pruned=pruned, norm=norm, **SIZES, **OPTIMIZER)


random = np.random.default_rng(1)
tokens = random.integers(20, size=(4, 5))
for norm in ("pre", "post"):
    parameters = plain_jax.make_parameters(options_of("transformer", norm=norm), random)
    whole, pruned = (plain_jax.logits_of(options_of("transformer", p, norm), parameters, tokens) for p in (False, True))
    np.testing.assert_allclose(pruned, whole, rtol=1e-4, atol=1e-5)

try:
    import torch
    import plain_pytorch
except ImportError:
    print("skipped: without torch JAX's steps are not compared")
    raise SystemExit



def as_torch(model, parameters):
    """PyTorch's state of the model; a Linear's matrix is the other way round there."""
    state = {}

    def put(name, value, transpose):
        state[name] = torch.tensor(np.asarray(value).T.copy() if transpose else np.asarray(value).copy())

    def affine(name, p):
        put(f"{name}.weight", p["weight"], p["weight"].ndim == 2)
        put(f"{name}.bias", p["bias"], False)

    if model == "emb_mlp":
        put("embedding.weight", parameters["embedding"], False)
        put("up.weight", parameters["up"], True)
        put("down.weight", parameters["down"], True)
        return state
    decoder = parameters["decoder"]
    put("decoder.token.weight", decoder["token"], False)
    put("decoder.position.weight", decoder["position"], False)
    for i, layer in enumerate(decoder["blocks"]):
        name = f"decoder.blocks.{i}."
        affine(name + "norm1", layer["norm1"])
        affine(name + "attention.qkv", layer["attention"]["qkv"])
        affine(name + "attention.out", layer["attention"]["out"])
        affine(name + "norm2", layer["norm2"])
        affine(name + "ffn.0", layer["up"])
        affine(name + "ffn.2", layer["down"])
    if "norm" in decoder:
        affine("decoder.norm", decoder["norm"])
    if model == "gpt2":
        put("head.weight", decoder["token"], False)
    else:
        affine("head", parameters["head"])
    return state


for model, prune, norm in (
    ("emb_mlp", False, "pre"),
    ("transformer", False, "pre"),
    ("transformer", True, "pre"),
    ("transformer", False, "post"),
    ("transformer", True, "post"),
    ("gpt2", False, "pre"),
):
    options = options_of(model, prune, norm)
    parameters = plain_jax.make_parameters(options, random)
    labels = random.integers(20, size=(4, 5) if model == "gpt2" else 4)
    network = plain_pytorch.MODELS[model](options)
    network.load_state_dict(as_torch(model, parameters))
    # One batch is all the data: each step takes the same one, whichever its order.
    data = torch.utils.data.TensorDataset(torch.tensor(tokens), torch.tensor(labels))
    training = plain_pytorch.eager_steps(network, data, options)
    for _ in range(STEPS):
        next(training)
    train = plain_jax.make_train(options, jnp.array(tokens), jnp.array(labels))
    state, _ = train(plain_jax.initial_state(parameters), np.arange(4, dtype=np.int32), STEPS)
    # Not the weights: keys' biases change nothing, and AdamW makes a step of what rounding leaves of their gradient.
    before, after = (plain_jax.logits_of(options, p, tokens) for p in (parameters, state[1]))
    wanted = network(torch.tensor(tokens)).detach().numpy().reshape(after.shape)
    np.testing.assert_allclose(after, wanted, rtol=1e-3, atol=1e-4, err_msg=f"{model} {norm}")
    assert np.abs(after - before).max() > 0.01, model
END
