"""What README answers, and the claims that bear each answer out: results.py writes the table from it.

In an answer {0}, {1}, .. are the verdicts that its claims have in common, ID for the reduced scale and ID@paper for the
paper's; {0.why} and {0.reason} are what is said of the first of these claims. Numbers are not typed here.
"""

ANSWERS = (
    (
        "small weights (γ = 0.8) learn reasoning before memory (3, 1)",
        "{0} in every model and seed",
        ("fig3.A.small_reasoning_first fig3.B.small_reasoning_first fig1.faster",),
    ),
    (
        "large ones (γ = 0.3) learn both at the same rate, and masked data not at all (3A)",
        "{0}: reasoning comes first there, too, and masked data are learned in part",
        ("fig3.A.large_same_rate fig3.A.large_no_generalisation",),
    ),
    (
        "the smaller the weights, the stronger the bias (3A, 7)",
        "{0} for the Transformer ({0.reason}), {1} for GPT-2 where as much of the stories is learned",
        ("fig3.A.progressive", "fig7.A.rises fig7.A.upward"),
    ),
    (
        "embeddings of Emb-MLP follow the label distributions (4)",
        "{0}; at the paper's scale: {1}",
        tuple(
            " ".join(
                f"fig4.{name}{scale}"
                for name in ("A.early_decay", "A.early_contrast", "A.early_undifferentiated", "A.late_decay",
                             "A.late_contrast", "A.late_undifferentiated", "C.early_structure", "C.late_structure")
            )
            for scale in ("", "@paper")
        ),
    ),
    (
        "the Transformer's embeddings follow Theorem 1 (5, B.7)",
        "order and structure {0} ({0.why}); their values: {1}",
        ("fig5.B.anchors_in_order fig5.C.structure", "fig5.C.shape fig5.C.keys appendix_b7.anchors appendix_b7.keys"),
    ),
    (
        "attention averages, W_V has one direction (6)",
        "Lemma 1 at the start: {0}, a dominant direction: {1}; the rest {2}",
        (
            "appendix_c_fig6.lemma1 appendix_c_fig6.lemma1_close",
            "fig6.dominance appendix_c_fig6.dominance appendix_c_fig6.progressive",
            "fig6.averaging fig6.aligned fig6.memory_orthogonal fig6.passed_on",
        ),
    ),
    (
        "which labels are learned first (8)",
        "{0}",
        ("fig8.A.faster fig8.A.factor_two fig8.A.memorised fig8.B.in_range fig8.B.distinguishes",),
    ),
    (
        "LayerNorm does not matter (F)",
        "reasoning first without it: {0}; embeddings as with it: {1}",
        ("appendix_f.small_reasoning_first", "appendix_f.contrast appendix_f.undifferentiated"),
    ),
)
