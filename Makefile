# The commands of initbias; `make` lists them. Everything is built by Bazel: this file only strings steps together,
# and `bazel run //experiments:fig3` works by itself once tools/setup.sh has run.
PROFILE ?= default
export ARGS DEVICE JOBS PROFILE RESULTS SEEDS

.PHONY: help setup figures test asan ubsan bench format format-check lint presubmit claims-register clean-results
.DEFAULT_GOAL := help

help:
	@tools/help.sh

setup:
	@tools/setup.sh

figures: setup
	@tools/figures.sh

# One figure, by its name: fig3, appendix_f. SEEDS and ARGS go to the experiment; where its runs are not the profile's
# own then, the picture is figures/fig3.custom.png. With ARGS=--dry-run nothing is trained or drawn.
fig%: setup
	@tools/figures.sh $@

appendix_%: setup
	@tools/figures.sh $@

test: setup
	@tools/test.sh

# The tests once more, built so that a wrong use of memory, or undefined behaviour, ends them.
asan: setup
	@tools/sanitize.sh asan

ubsan: setup
	@tools/sanitize.sh ubsan

# Training speed, beside PyTorch's.
bench: setup
	@tools/bench.sh

format: setup
	@tools/format.sh

format-check: setup
	@tools/format.sh --check

lint: format-check
	@python3 tools/lint.py $(if $(filter all,$(LINT)),--all)

presubmit: lint test

# Writes the claims of all experiments to experiments/claims.json; commit it before their seeds are trained.
# ARGS="--withdraw 'ID=REASON'" for a claim that is gone.
claims-register: setup
	@tools/claims_register.sh

clean-results:
	rm -rf results
