# The commands of initbias; `make` lists them. Everything is built by Bazel: this file only strings steps together,
# and `bazel run //experiments:fig3` works by itself once tools/setup.sh has run.
PROFILE ?= default
SETTINGS := PROFILE SEEDS RESULTS JOBS DEVICE FROM COMPARE CLAIM RUNS ALL ARGS
export $(SETTINGS)

# A name that was mistyped (`profile=smoke`) would be left out without a word, and hours be trained at the default.
KNOWN := $(SETTINGS) LINT CLANG LIBTORCH SECONDS_EACH TARGETS CI HOME TMPDIR SHELL CC CXX INITBIAS_% USE_BAZEL_% XDG_%
UNKNOWN := $(filter-out $(KNOWN),$(foreach name,$(.VARIABLES),$(if $(findstring command line,$(origin $(name))),$(name))))
ifneq ($(strip $(UNKNOWN)),)
  $(error there is no setting '$(firstword $(UNKNOWN))'; there are $(SETTINGS): make help)
endif

.PHONY: help setup figures beyond verify claims kick report archive archive-check bundle test test-arm test-bundle test-compilers test-slurm test-store asan ubsan fuzz bench format format-check lint presubmit claims-register results-page clean-results
.DEFAULT_GOAL := help

help:
	@tools/help.sh

.DEFAULT:
	@echo "there is no '$@': make help lists the commands and the figures" >&2; exit 2

setup:
	@tools/setup.sh

# FROM=reference: drawn from the shipped figure files, nothing is trained.
figures: setup
	@$(if $(filter reference,$(FROM)),tools/draw_reference.sh,tools/figures.sh)

# The studies beyond the paper.
BEYOND := $(shell sed -n '/^BEYOND_STUDIES/,/^]/s/^    "\(.*\)",$$/\1/p' experiments/studies.bzl)
beyond: setup
	@tools/figures.sh $(BEYOND)

# Trains some runs of every study again and compares the bits with the shipped ones. ALL=1: all runs.
verify: setup
	@tools/verify.sh

# One study, by its name: fig3, appendix_f. SEEDS and ARGS go to the experiment; where its runs are not the profile's
# own then, the picture is figures/fig3.custom.png. With ARGS=--dry-run nothing is trained or drawn. FROM=reference: drawn from
# the shipped figure file.
STUDIES := $(shell sed -n 's/^    "\(.*\)",$$/\1/p' experiments/studies.bzl)
.PHONY: $(STUDIES)
$(STUDIES): setup
	@$(if $(filter reference,$(FROM)),tools/draw_reference.sh $@,tools/figures.sh $@)

test: setup
	@tools/test.sh

# All claims at all scales. COMPARE=reference: beside the shipped ones; FROM=reference: the shipped ones alone;
# CLAIM=fig3.A.progressive: how one of them comes about.
claims: setup
	@tools/claims.sh

# A first look, in minutes: does all work here, and what will it cost?
kick: setup
	@tools/kick.sh

# All figures, claims, runs and costs in one page, results/report.html. FROM=reference: of the shipped numbers.
report: setup
	@tools/report.sh

# Sources, results, licences and dependencies in one file, results/initbias-COMMIT.tar.gz; RUNS=1: with the run files.
archive: setup
	@tools/archive.sh

# An archive is made, unpacked into an empty folder, and all its figures are drawn again.
archive-check: setup
	@tools/archive.sh --check

# All programs and what they need in one file for machines without Bazel: results/initbias-bundle-CPU.tar.gz.
bundle:
	@tools/setup.sh third_party/bundle/apt-packages.txt
	@tools/bundle.sh

# A bundle in an empty chroot: the same bits.
test-bundle:
	@tools/setup.sh third_party/bundle/apt-packages.txt
	@tools/test_bundle.sh

# Trains by a Slurm that it starts here, with two virtual nodes, and stops again: the same bits.
test-slurm:
	@tools/setup.sh tests/slurm/apt-packages.txt
	@tools/test_slurm.sh

# How long a store of 10,000 runs takes to be listed, planned and merged.
test-store: setup
	@tools/test_store.sh

# On an x86-64 Debian: the same bits on aarch64, and without AVX2, under QEMU.
test-arm:
	@tools/setup.sh third_party/arm64/apt-packages.txt
	@tools/test_arm.sh

# The same bits from g++ and clang, optimised or not.
test-compilers: setup
	@tools/test_compilers.sh

# The tests once more, built so that a wrong use of memory, or undefined behaviour, ends them.
asan: setup
	@tools/sanitize.sh asan

ubsan: setup
	@tools/sanitize.sh ubsan

# Random inputs to what reads a command line or a file, SECONDS_EACH=60 seconds a target.
fuzz:
	@tools/setup.sh tests/fuzz/apt-packages.txt
	@tools/fuzz.sh

# Training speed, beside PyTorch's.
bench: setup
	@tools/bench.sh

format: setup
	@tools/format.sh

format-check: setup
	@tools/format.sh --check

lint: format-check
	@python3 tools/lint.py $(if $(filter all,$(LINT)),--all)

presubmit: export CI := true
presubmit: lint test

# Writes what the experiments claim, and no registration has, to the newest experiments/claims_<n>.json; to the next where
# git has that already. Commit it before the seeds that judge are trained.
# ARGS="--withdraw 'ID=REASON'" for a claim that is gone.
claims-register: setup
	@tools/claims_register.sh

# RESULTS.md, and what other pages say of verdicts, values and costs, from the reference files.
results-page: setup
	@tools/results_page.sh

clean-results:
	rm -rf results
