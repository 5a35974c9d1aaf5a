// The studies: the experiments and figures of these names. tests/e2e/registry.sh holds the list to
// experiments/BUILD.
#ifndef INITBIAS_FIGURES_STUDIES_H_
#define INITBIAS_FIGURES_STUDIES_H_

#include <string_view>

namespace initbias {

// In the order in which a reader meets them: the paper's figures, its appendix, our own.
inline constexpr std::string_view kStudies[] = {
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
};

}  // namespace initbias

#endif  // INITBIAS_FIGURES_STUDIES_H_
