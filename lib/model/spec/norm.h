// What all LayerNorms have in common.
#ifndef INITBIAS_LIB_MODEL_SPEC_NORM_H_
#define INITBIAS_LIB_MODEL_SPEC_NORM_H_

namespace initbias {

// Added to the variance; of every model, by LibTorch and by the kernels.
inline constexpr double kLayerNormEpsilon = 1e-5;

}  // namespace initbias

#endif  // INITBIAS_LIB_MODEL_SPEC_NORM_H_
