"""The rules of rules_cc for our own sources, which are compiled after headers that are compiled once.

Not for what is compiled for instructions of its own (-mavx2): GCC does not take such headers there."""

load("@rules_cc//cc:defs.bzl", _cc_binary = "cc_binary", _cc_library = "cc_library", _cc_test = "cc_test")

_PRECOMPILED = "//bazel/precompiled:"

def _after_headers(deps, testing):
    """The flags and the dependency for what is read before the sources of a target that depends on `deps`."""
    if type(deps) != "list":  # with a select()
        name = "standard"
    elif "@libtorch" in deps:
        name = "tensors"
    elif testing and [dep for dep in deps if dep.startswith("@googletest")]:
        name = "testing"
    else:
        name = "standard"
    return ["-include", "bazel/precompiled/%s.h" % name], [_PRECOMPILED + name]

def _own(rule, testing, srcs, deps, copts, attributes):
    if srcs:
        flags, header = _after_headers(deps, testing)
        copts = flags + copts
        deps = deps + header
    rule(srcs = srcs, deps = deps, copts = copts, **attributes)

def cc_library(srcs = [], deps = [], copts = [], **attributes):
    _own(_cc_library, attributes.get("testonly", False), srcs, deps, copts, attributes)

def cc_binary(srcs = [], deps = [], copts = [], **attributes):
    _own(_cc_binary, attributes.get("testonly", False), srcs, deps, copts, attributes)

def cc_test(srcs = [], deps = [], copts = [], **attributes):
    _own(_cc_test, True, srcs, deps, copts, attributes)
