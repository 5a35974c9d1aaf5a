# The commands of initbias; `make` lists them. Everything is built by Bazel: this file only strings steps together,
# and `bazel run //experiments:fig3` works by itself once tools/setup.sh has run.
PROFILE ?= default
export ARGS DEVICE JOBS PROFILE RESULTS SEEDS

.PHONY: help setup figures test test-arm asan ubsan bench format format-check lint presubmit claims-register results-page clean-results
.DEFAULT_GOAL := help

help:
	@tools/help.sh

setup:
	@tools/setup.sh

figures: setup
	@tools/figures.sh

# One study, by its name: fig3, appendix_f. SEEDS and ARGS go to the experiment; where its runs are not the profile's
# own then, the picture is figures/fig3.custom.png. With ARGS=--dry-run nothing is trained or drawn.
STUDIES := $(shell sed -n 's/^    "\(.*\)",$$/\1/p' experiments/studies.bzl)
.PHONY: $(STUDIES)
$(STUDIES): setup
	@tools/figures.sh $@

test: setup
	@tools/test.sh

# On an x86-64 Debian: the same bits on aarch64, and without AVX2, under QEMU.
test-arm:
	@tools/setup.sh third_party/arm64/apt-packages.txt
	@tools/test_arm.sh

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

# Writes what the experiments claim, and no registration has, to the newest experiments/claims_<n>.json; to the next where
# git has that already. Commit it before the seeds that judge are trained.
# ARGS="--withdraw 'ID=REASON'" for a claim that is gone.
claims-register: setup
	@tools/claims_register.sh

# RESULTS.md and README.md's verdicts, from the reference files.
results-page: setup
	@tools/results_page.sh

clean-results:
	rm -rf results
