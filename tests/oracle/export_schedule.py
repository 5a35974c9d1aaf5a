"""Exports learning rates of a warm-up with a cosine that the C++ schedule is tested against, from PyTorch's LambdaLR.

The factor is written here from the schedule's words and held against PyTorch's own LinearLR and CosineAnnealingLR where
these can say the same, with a warm-up of whole steps. Run from the repository's root, as README.md says:

    oracle-venv/bin/python tests/oracle/export_schedule.py

It rewrites tests/oracle/schedule.txt.
"""

import dataclasses
import math
import pathlib
import warnings

import torch
from torch.optim import lr_scheduler

OUTPUT = pathlib.Path(__file__).resolve().parent / "schedule.txt"


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    base: float
    multiplier: float
    warmup_epochs: float
    floor: float
    epochs: int
    steps_per_epoch: int
    every: int = 1  # steps between those that are listed; the last one is, too

    @property
    def steps(self):
        return self.epochs * self.steps_per_epoch

    @property
    def warmup(self):
        return self.warmup_epochs * self.steps_per_epoch


CASES = (
    Case("small", base=1e-3, multiplier=10, warmup_epochs=5, floor=1e-4, epochs=20, steps_per_epoch=3),
    Case("part_of_a_step", base=2e-4, multiplier=25, warmup_epochs=2.5, floor=1e-5, epochs=12, steps_per_epoch=7),
    Case("no_rise", base=1e-3, multiplier=1, warmup_epochs=1, floor=1e-3, epochs=3, steps_per_epoch=4),
    Case("shortest_fall", base=1e-5, multiplier=2, warmup_epochs=3, floor=1e-6, epochs=4, steps_per_epoch=2),
    # The launch script of the group's repository, with 20 steps an epoch.
    Case("launch_script", base=1e-5, multiplier=10, warmup_epochs=50, floor=1e-5, epochs=1050, steps_per_epoch=20,
         every=97),
)


def factor(case, step):
    """What LambdaLR multiplies the base with."""
    if step < case.warmup:
        return 1 + (case.multiplier - 1) * step / case.warmup
    share = (step - case.warmup) / (case.steps - 1 - case.warmup)
    low = case.floor / case.base
    return low + (case.multiplier - low) * (1 + math.cos(math.pi * share)) / 2


def rates(case, make_scheduler, initial):
    """The learning rate of each step."""
    optimizer = torch.optim.AdamW([torch.nn.Parameter(torch.zeros(1))], lr=initial)
    scheduler = make_scheduler(optimizer)
    used = []
    for _ in range(case.steps):
        used.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return used


def lambda_rates(case):
    last = case.steps - 1  # it asks for one step more than are taken
    return rates(
        case, lambda optimizer: lr_scheduler.LambdaLR(optimizer, lambda step: factor(case, min(step, last))), case.base)


def stock_rates(case):
    warmup = round(case.warmup)

    def make(optimizer):
        return lr_scheduler.SequentialLR(
            optimizer,
            [lr_scheduler.LinearLR(optimizer, 1 / case.multiplier, 1, warmup),
             lr_scheduler.CosineAnnealingLR(optimizer, case.steps - 1 - warmup, case.floor)],
            milestones=[warmup])

    return rates(case, make, case.base * case.multiplier)


def main():
    warnings.filterwarnings("ignore", message=".*epoch parameter.*")  # of SequentialLR's own making
    lines = [f"# Written by export_schedule.py from PyTorch {torch.__version__.split('+')[0]}; see README.md.",
             "# case name base multiplier warmup_epochs floor epochs steps_per_epoch, then: step rate"]
    for case in CASES:
        used = lambda_rates(case)
        if case.warmup == round(case.warmup):
            assert all(math.isclose(a, b, rel_tol=1e-9) for a, b in zip(used, stock_rates(case), strict=True)), case
        lines.append(f"case {case.name} {case.base!r} {case.multiplier!r} {case.warmup_epochs!r} {case.floor!r} "
                     f"{case.epochs} {case.steps_per_epoch}")
        lines += [f"{step} {used[step]!r}" for step in range(case.steps)
                  if step % case.every == 0 or step == case.steps - 1]
    OUTPUT.write_text("\n".join(lines) + "\n", encoding="ascii")


if __name__ == "__main__":
    main()
