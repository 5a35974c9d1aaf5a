// The paper's initialisation rates.
#ifndef INITBIAS_LIB_CONFIG_PAPER_RATES_H_
#define INITBIAS_LIB_CONFIG_PAPER_RATES_H_

namespace initbias {

// gamma of large, usual and small initial weights (figure 3).
inline constexpr double kLargeInit = 0.3;
inline constexpr double kUsualInit = 0.5;
inline constexpr double kSmallInit = 0.8;
inline constexpr double kAllGammas[] = {kLargeInit, kUsualInit, kSmallInit};

}  // namespace initbias

#endif  // INITBIAS_LIB_CONFIG_PAPER_RATES_H_
