"""Macros: benchmarks, tests that are compiled together, and the end-to-end test of a study. Studies: experiments/studies.bzl."""

load("//bazel:cc.bzl", "cc_binary", "cc_library", "cc_test")

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

def _one_source_impl(ctx):
    source = ctx.actions.declare_file(ctx.label.name + ".cc")
    ctx.actions.write(source, "".join(['#include "%s"\n' % file.short_path for file in ctx.files.srcs]))
    return [DefaultInfo(files = depset([source]))]

_one_source = rule(
    doc = "A source that includes all of `srcs`.",
    implementation = _one_source_impl,
    attrs = {"srcs": attr.label_list(allow_files = [".cc"], mandatory = True)},
)

def tests_of_one_source(name, tests, deps, main = "//tests:gtest_main"):
    """A test of each <test>.cc, all of them compiled as one source and linked into each: headers are read once, not once a test.

    The sources share one unnamed namespace, so that what they define there has names of its own.

    Args:
      tests: size, data and the like of each test, by its name.
      deps: of all of them together.
      main: a library with a main() that keeps to the tests of one file, by RunTestsOfFile (tests/main.h).
    """
    srcs = [test + ".cc" for test in tests]
    _one_source(
        name = name + "_source",
        testonly = True,
        srcs = srcs,
    )
    cc_library(
        name = name + "_textual",
        testonly = True,
        textual_hdrs = srcs,
    )
    cc_library(
        name = name,
        testonly = True,
        srcs = [":%s_source" % name],
        deps = deps + [":%s_textual" % name, "@googletest//:gtest"],
        alwayslink = True,
    )
    for test, attributes in tests.items():
        attributes = dict(attributes)
        cc_test(
            name = test,
            args = ["--file=%s.cc" % test] + attributes.pop("args", []),
            deps = [":" + name, main],
            **attributes
        )
