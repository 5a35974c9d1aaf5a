"""Macros: benchmarks and the end-to-end test of a study. Studies themselves: experiments/studies.bzl."""

load("@rules_cc//cc:defs.bzl", "cc_binary")

def _with(defaults, more):
    """The defaults and what the caller adds to them, each once."""
    return defaults + [label for label in more if label not in defaults]

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
    cc_binary(
        name = name,
        srcs = srcs or [name + ".cc"],
        data = data,
        tags = _with(["benchmark"], tags),
        deps = _with(["@benchmark"], deps),
        visibility = kwargs.pop("visibility", ["//visibility:public"]),
        **kwargs
    )
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
