"""The macros for what a study consists of: experiments, figures, their end-to-end tests, and benchmarks.

An experiment trains and measures, a figure only draws what the experiment stored; the tags let `bazel query` and
the Makefile find them. Everything else is a plain cc_library or cc_test.
"""

load("@rules_cc//cc:defs.bzl", "cc_binary")

def _with(defaults, more):
    """The defaults and what the caller adds to them, each once."""
    return defaults + [label for label in more if label not in defaults]

def _program(name, tag, srcs, deps, data, default_deps, default_data, tags, **kwargs):
    cc_binary(
        name = name,
        srcs = srcs or [name + ".cc"],
        data = _with(default_data, data),
        tags = _with([tag], tags),
        deps = _with(default_deps, deps),
        visibility = kwargs.pop("visibility", ["//visibility:public"]),
        **kwargs
    )

def experiment(name, srcs = None, deps = [], data = [], tags = [], **kwargs):
    """An experiment's program, //experiments:<name>, from <name>.cc. Runs are trained by //lib/run:worker."""
    _program(name, "experiment", srcs, deps, data, ["//lib/run:experiment"], ["//lib/run:worker"], tags, **kwargs)

def experiments(name, **kwargs):
    """All experiments that the package has up to here, as a filegroup."""
    rules = native.existing_rules()
    native.filegroup(
        name = name,
        srcs = sorted([":" + other for other in rules if "experiment" in rules[other].get("tags", [])]),
        **kwargs
    )

def figure(name, srcs = None, deps = [], data = [], tags = [], **kwargs):
    """A figure's program, //figures:<name>, from <name>.cc. Draws what the experiment of the same name stored."""
    _program(name, "figure", srcs, deps, data, ["//figures:figure_main"], [], tags, **kwargs)

def initbias_benchmark(
        name,
        srcs = None,
        deps = [],
        data = [],
        tags = [],
        smoke_test = "//bazel:run_benchmark.sh",
        smoke_test_data = [],
        **kwargs):
    """A Google Benchmark program from <name>.cc, and <name>_smoke_test, which runs each benchmark just once or so.

    `smoke_test` is a script that gets the program's path and those of `smoke_test_data` as its arguments.
    """
    _program(name, "benchmark", srcs, deps, data, ["@benchmark"], [], tags, **kwargs)
    programs = [":" + name] + smoke_test_data
    native.sh_test(
        name = name + "_smoke_test",
        srcs = [smoke_test],
        args = ["$(rootpath %s)" % program for program in programs],
        data = programs,
    )

def experiment_smoke_test(name, experiment, figure, size = "medium", tags = [], **kwargs):
    """Runs an experiment with --profile=smoke, then the figure on what it stored, and checks that the files are there."""
    native.sh_test(
        name = name,
        size = size,
        srcs = ["//tests/e2e:smoke.sh"],
        args = [
            "$(rootpath %s)" % experiment,
            "$(rootpath %s)" % figure,
        ],
        data = [
            experiment,
            figure,
        ],
        # An experiment starts a worker on every core; two of these at once would only slow each other down.
        tags = _with(["cpu:2"], tags),
        **kwargs
    )
