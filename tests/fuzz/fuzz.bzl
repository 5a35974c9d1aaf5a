"""fuzz_target(name): a fuzz target, with its bounded test and its libFuzzer program."""

load("//bazel:cc.bzl", "cc_binary", "cc_library", "cc_test")

def fuzz_target(name, inputs, deps, data = []):
    """Of <name>_fuzz.cc.

    <name>_fuzz_test runs it on the seeds and on so many inputs made of them, always the same: part of `make test`.
    <name>_fuzz is libFuzzer's program, for --config=fuzz alone: `make fuzz`.
    """
    cc_library(
        name = name,
        testonly = True,
        srcs = [name + "_fuzz.cc"],
        data = data,
        deps = deps + [
            ":properties",
            ":target",
        ],
        alwayslink = True,
    )
    cc_test(
        name = name + "_fuzz_test",
        size = "small",
        args = ["--inputs=%d" % inputs],
        deps = [
            ":driver",
            name,
        ],
    )
    cc_binary(
        name = name + "_fuzz",
        testonly = True,
        linkopts = ["-fsanitize=fuzzer"],
        tags = [
            "fuzz",
            "manual",
        ],
        deps = [
            ":libfuzzer_main",
            name,
        ],
    )
