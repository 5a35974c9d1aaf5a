#!/bin/bash
# The PyTorch loops train each model, tell steps, and refuse a model of another size than ours; what is pruned changes
# nothing. Where Python has no torch nothing is tested, and without a compiler or Python's headers not torch.compile:
# the test says so. PLAIN_PYTORCH_PYTHON names another interpreter than python3
# (bazel test --test_env=PLAIN_PYTORCH_PYTHON=...).
set -euo pipefail

python=${PLAIN_PYTORCH_PYTHON:-python3}
if ! "$python" -c 'import torch' 2>/dev/null; then
  echo "skipped: $python has no torch"
  exit 0
fi

# steps FLAG...: two rounds.
steps() {
  printf 'go 2\ngo 1\nstop\n' | "$python" tests/bench/plain_pytorch.py --vocabulary=20 --length=5 --batch=4 \
    --samples=10 --d_model=8 "$@"
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
post=$((count - 2 * 8))  # no final norm
[[ $(steps "${transformer[@]}" --norm=post --parameters=$post --pruned | grep -c '^done') -eq 2 ]]
header='import os, sysconfig; print(os.path.join(sysconfig.get_paths()["include"], "Python.h"))'
if command -v g++ >/dev/null && [[ -f $("$python" -c "$header") ]]; then
  [[ $(steps "${transformer[@]}" --parameters=$count --pruned --compile --threads=1 | grep -c '^done') -eq 2 ]]
else
  echo "skipped: torch.compile needs g++ and Python's headers"
fi
block=$((3 * (8 * 8 + 8) + 8 * 8 + 8 + 8 * 32 + 32 + 32 * 8 + 8 + 4 * 8))
count=$(((20 + 6) * 8 + 2 * block + 2 * 8))
steps "${gpt2[@]}" --parameters=$count --threads=1 | grep '^ready torch=.* threads=1$'

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

import torch

import plain_pytorch

sizes = dict(vocabulary=20, context=5, layers=2, heads=2, d_model=8, d_head=3, d_ff=16)
tokens = torch.randint(20, (4, 5))
labels = torch.randint(20, (4,))


def logits_and_gradients(model):
    model.zero_grad()
    logits = model(tokens)
    torch.nn.functional.cross_entropy(logits, labels).backward()
    return [logits, *(parameter.grad for parameter in model.parameters())]


for norm in ("pre", "post"):
    network = plain_pytorch.Transformer(argparse.Namespace(pruned=False, norm=norm, **sizes))
    whole = logits_and_gradients(network)
    network.decoder.pruned = True
    torch.testing.assert_close(logits_and_gradients(network), whole, rtol=1e-4, atol=1e-6)
END
