// Which device trains. The CUDA half of LibTorch is loaded only where it is there and a driver is
// too, so that one binary serves machines with and without a GPU.
#ifndef INITBIAS_LIB_TRAIN_DEVICE_H_
#define INITBIAS_LIB_TRAIN_DEVICE_H_

#include <c10/core/Device.h>

#include <string>
#include <string_view>

namespace initbias {

// Whether CUDA can be used on this machine and, if not, why not and what would help.
struct CudaStatus {
  bool available = false;
  std::string reason;
};

// Looks for a driver, a device and LibTorch's CUDA half, and loads the latter (dlopen). Must come
// before any other use of LibTorch in the process; further calls return the first one's answer.
CudaStatus LoadCuda();

// The device for `name`: "cpu", "cuda", or "auto" (cuda where available). Throws Error for any
// other name, and for "cuda" where there is none, with the reason.
c10::Device ChooseDevice(std::string_view name, const CudaStatus& cuda);

// E.g. "cpu", "cuda:0".
std::string DescribeDevice(c10::Device device);

// Makes LibTorch deterministic: deterministic kernels or an error, no TF32, one intra-op thread.
void ConfigureTorch();

}  // namespace initbias

#endif  // INITBIAS_LIB_TRAIN_DEVICE_H_
