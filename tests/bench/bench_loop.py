"""What the loops in Python that //tests/bench:speed times have in common: their flags, and the talk with speed.

It gives the sizes and the number of parameters that our model of the same sizes has; another number is an error. The
talk is in lines: "ready" once the model and the data are made, then for each "go N" on standard input "done" after N
steps; "stop" or the end of the input ends it.
"""

import argparse
import resource
import sys
import time

MODELS = ("emb_mlp", "transformer", "gpt2")


def argument_parser(description):
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", choices=MODELS, required=True)
    for name in ("vocabulary", "length", "batch", "samples", "d_model"):
        parser.add_argument(f"--{name}", type=int, required=True)
    for name in ("context", "layers", "heads", "d_head", "d_ff"):
        parser.add_argument(f"--{name}", type=int, default=0, help="where the model has it")
    parser.add_argument(
        "--norm",
        choices=("pre", "post"),
        default="pre",
        help="LayerNorm before attention and FFN, and once more at the end; or after each sum",
    )
    parser.add_argument("--parameters", type=int, required=True, help="how many the model is to have")
    parser.add_argument(
        "--pruned",
        action="store_true",
        help="the Transformer's last block at the last position only, but for keys and values; exact",
    )
    parser.add_argument("--gamma", type=float, default=0.5)
    parser.add_argument("--learning_rate", type=float, default=1e-5)
    parser.add_argument("--weight_decay", type=float, default=1e-2)
    parser.add_argument("--clip_norm", type=float, default=1.0)
    return parser


def parse_arguments(parser):
    options = parser.parse_args()
    if options.pruned and options.model != "transformer":
        parser.error("--pruned is of the transformer only")
    return options


def check_parameters(options, count):
    if count != options.parameters:
        sys.exit(f"the {options.model} has {count} parameters here, {options.parameters} in ours")


def serve(software, take_steps):
    """Says "ready" with `software`, then calls take_steps(N) as it is told to."""
    print(f"ready {software}", flush=True)
    for line in sys.stdin:
        words = line.split()
        if words[:1] != ["go"]:
            break
        start = time.perf_counter()
        take_steps(int(words[1]))
        seconds = time.perf_counter() - start
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        print(f"done seconds={seconds} memory={memory}", flush=True)
