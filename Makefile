# The commands of initbias; `make` lists them. Everything is built by Bazel: this file only strings steps together,
# and `bazel run //experiments:fig3` works by itself once tools/setup.sh has run.
PROFILE ?= default
export ARGS DEVICE JOBS PROFILE RESULTS SEEDS

.PHONY: help setup figures test bench format format-check lint presubmit clean-results
.DEFAULT_GOAL := help

help:
	@tools/help.sh

setup:
	@tools/setup.sh

figures: setup
	@tools/figures.sh

# One figure, by its name: fig3, appendix_norm.
fig%: setup
	@tools/figures.sh $@

appendix_%: setup
	@tools/figures.sh $@

test: setup
	@tools/test.sh

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

clean-results:
	rm -rf results
