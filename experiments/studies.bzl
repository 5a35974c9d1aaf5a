"""The studies: a file experiments/<name>.cc each, and a line here.

Of each there are //experiments:<name>, which trains, judges and draws, //figures:<name>, which draws what was stored, and
a smoke test. A study in STUDIES or BEYOND_STUDIES has a reference file in data/reference and a row in docs/studies.md; one in
PRIVATE_STUDIES, for use of one's own, has neither.
"""

load("//bazel:cc.bzl", "cc_binary", "cc_library")

# In the order in which a reader meets them: the paper's figures, its appendix, our own.
STUDIES = [
    "fig1",
    "fig2",
    "fig3",
    "fig4",
    "fig5",
    "fig6",
    "fig7",
    "fig8",
    "appendix_b7",
    "appendix_b8",
    "appendix_c_fig4",
    "appendix_c_fig5",
    "appendix_c_fig6",
    "appendix_d",
    "appendix_f",
    "appendix_statements",
    "appendix_learning_rate",
    "appendix_open_choices",
    "appendix_text",
    "appendix_theory",
]

# Questions that readers of the paper ask next (make beyond, no part of make figures): with claims of our own, registered
# like the others.
BEYOND_STUDIES = [
    "beyond_rates",
    "beyond_phase",
    "beyond_dial",
    "beyond_modules",
    "beyond_confounders",
    "beyond_windows",
    "beyond_mechanism",
]

PRIVATE_STUDIES = [
    "run",
    "sweep",
]

ALL_STUDIES = STUDIES + BEYOND_STUDIES + PRIVATE_STUDIES

def experiments():
    """//experiments:<name> of all studies."""
    for name in ALL_STUDIES:
        cc_library(
            name = name + "_study",
            srcs = [name + ".cc"],
            visibility = [
                "//figures:__pkg__",
                "//tests:__subpackages__",
            ],
            deps = [":study"],
        )
        cc_binary(
            name = name,
            data = ["//data/gpt2", "//lib/run:worker"],
            tags = ["experiment"],
            visibility = ["//visibility:public"],
            deps = [":main", ":%s_study" % name],
        )

def figures():
    """//figures:<name> of all studies: the same sources without what trains."""
    for name in ALL_STUDIES:
        cc_binary(
            name = name,
            tags = ["figure"],
            visibility = ["//visibility:public"],
            deps = [":main", "//experiments:%s_study" % name],
        )
