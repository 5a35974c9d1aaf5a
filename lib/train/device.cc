#include "lib/train/device.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <dlfcn.h>
#include <fmt/format.h>

#include <filesystem>

#include "lib/base/error.h"

namespace initbias {
namespace {

// The folder that libtorch_cpu.so was loaded from.
std::filesystem::path LibTorchFolder() {
  Dl_info info{};
  if (dladdr(reinterpret_cast<void*>(&at::globalContext), &info) == 0 ||
      info.dli_fname == nullptr) {
    return {};
  }
  std::error_code status;
  const auto real = std::filesystem::canonical(info.dli_fname, status);
  return status ? std::filesystem::path() : real.parent_path();
}

CudaStatus TryLoadCuda() {
  if (dlopen("libcuda.so.1", RTLD_NOW | RTLD_GLOBAL) == nullptr) {
    return {.available = false, .reason = "there is no NVIDIA driver here (libcuda.so.1)"};
  }
  // Beside libtorch_cpu.so as Bazel links it, or as it was unpacked, or on the library path.
  const std::filesystem::path beside = LibTorchFolder() / "libtorch_cuda.so";
  if (dlopen(beside.c_str(), RTLD_NOW | RTLD_GLOBAL) == nullptr &&
      dlopen("libtorch_cuda.so", RTLD_NOW | RTLD_GLOBAL) == nullptr) {
    return {.available = false,
            .reason = fmt::format("LibTorch's CUDA half is not here ({}): set INITBIAS_CUDA=1 and "
                                  "build again to fetch it, or point LIBTORCH to a LibTorch with "
                                  "CUDA",
                                  dlerror())};
  }
  if (!at::detail::getCUDAHooks().hasCUDA()) {
    return {.available = false, .reason = "the NVIDIA driver shows no usable GPU"};
  }
  return {.available = true, .reason = ""};
}

}  // namespace

CudaStatus LoadCuda() {
  static const CudaStatus status = TryLoadCuda();
  return status;
}

c10::Device ChooseDevice(std::string_view name, const CudaStatus& cuda) {
  if (name == "cpu" || (name == "auto" && !cuda.available)) {
    return c10::kCPU;
  }
  if (name != "cuda" && name != "auto") {
    throw Error(fmt::format("unknown device '{}': expected auto, cpu or cuda", name));
  }
  if (!cuda.available) {
    throw Error(fmt::format("--device=cuda: {}", cuda.reason));
  }
  return {c10::kCUDA, 0};
}

std::string DescribeDevice(c10::Device device) { return device.str(); }

void ConfigureTorch() {
  at::set_num_threads(1);
  at::Context& context = at::globalContext();
  context.setDeterministicAlgorithms(true, /*warn_only=*/false);
  // Every buffer is written before it is read; filling it first would only cost time.
  context.setDeterministicFillUninitializedMemory(false);
  // Attention by its formula: the fused kernels sum in an order of their own, on a GPU in a varying
  // one.
  context.setSDPUseMath(true);
  context.setSDPUseFlash(false);
  context.setSDPUseMemEfficient(false);
  context.setSDPUseCuDNN(false);
  context.setAllowTF32CuBLAS(false);
  context.setAllowTF32CuDNN(false);
}

}  // namespace initbias
