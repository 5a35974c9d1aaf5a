"""The headers that most sources include."""

STANDARD = [
    "algorithm",
    "array",
    "cmath",
    "cstdint",
    "filesystem",
    "fstream",
    "functional",
    "limits",
    "map",
    "memory",
    "optional",
    "set",
    "span",
    "sstream",
    "string",
    "string_view",
    "utility",
    "variant",
    "vector",
    "fmt/format.h",
    "fmt/ranges.h",
]

TESTING = [
    "gtest/gtest.h",
    "gmock/gmock-matchers.h",
]

TENSORS = [
    "ATen/core/Tensor.h",
    "ATen/TensorOperators.h",
    "ATen/core/grad_mode.h",
]
