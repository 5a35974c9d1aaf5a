#include "tests/train/stand_in_device.h"

#include <ATen/EmptyTensor.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/detail/PrivateUse1HooksInterface.h>
#include <ATen/native/CPUFallback.h>
#include <ATen/native/TensorShape.h>
#include <ATen/ops/_reshape_alias_native.h>
#include <ATen/ops/as_strided_native.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/view_native.h>
#include <c10/core/Allocator.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <sys/mman.h>
#include <torch/library.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <map>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

namespace initbias {
namespace {

// Address range; the kernel gives memory to what is used of it.
constexpr size_t kBytes = size_t{4} << 30;
constexpr size_t kSmallestBlock = 256;

// The sizes of these operators' results depend on values: a GPU has to be waited for. (Indexing
// by truth values calls nonzero.)
constexpr std::array<std::string_view, 11> kWaits = {
    "aten::nonzero",      "aten::masked_select",    "aten::equal",
    "aten::_unique",      "aten::_unique2",         "aten::unique_consecutive",
    "aten::unique_dim",   "aten::bincount",         "aten::_is_all_true",
    "aten::_is_any_true", "aten::repeat_interleave"};

struct Counters {
  std::atomic<int64_t> from_host, to_host, reads, waits, operators, fallback;
};
Counters counters;
thread_local bool in_fallback = false;  // a backward pass has a thread of its own

class InFallback {
 public:
  InFallback() { in_fallback = true; }
  InFallback(const InFallback&) = delete;
  InFallback& operator=(const InFallback&) = delete;
  ~InFallback() { in_fallback = false; }
};

// One memory at two addresses.
class Memory : public c10::Allocator {
 public:
  Memory() {
    const int file = memfd_create("stand_in_device", 0);
    TORCH_CHECK(file >= 0 && ftruncate(file, kBytes) == 0, "no memory for the stand-in device");
    device_ = Map(file, PROT_NONE);
    host_ = Map(file, PROT_READ | PROT_WRITE);
    close(file);
  }

  c10::DataPtr allocate(size_t n) override {
    const size_t size = std::bit_ceil(std::max(n, kSmallestBlock));
    const std::lock_guard lock(mutex_);
    std::vector<char*>& free = free_[size];
    if (free.empty()) {
      TORCH_CHECK(used_ + size <= kBytes, "the stand-in device is full");
      free.push_back(device_ + used_);
      used_ += size;
    }
    char* const block = free.back();
    free.pop_back();
    sizes_[block] = size;
    return {block, block, &Memory::Free, StandInDevice()};
  }

  void copy_data(void* to, const void* from, size_t n) const override {
    default_copy_data(OnHost(to), OnHost(from), n);
  }

  // Where the host finds what the device has at `address`.
  void* OnHost(const void* address) const {
    return address == nullptr ? nullptr : host_ + (static_cast<const char*>(address) - device_);
  }

 private:
  static char* Map(int file, int protection) {
    void* const address = mmap(nullptr, kBytes, protection, MAP_SHARED | MAP_NORESERVE, file, 0);
    TORCH_CHECK(address != MAP_FAILED, "no address range for the stand-in device");
    return static_cast<char*>(address);
  }

  static void Free(void* block);

  char* device_ = nullptr;
  char* host_ = nullptr;
  std::mutex mutex_;
  size_t used_ = 0;
  std::map<size_t, std::vector<char*>> free_;  // by size
  std::map<char*, size_t> sizes_;              // of the blocks given out
};

// Never destroyed: tensors may outlive it.
Memory& TheMemory() {
  static Memory* const memory = new Memory;
  return *memory;
}

void Memory::Free(void* block) {
  Memory& memory = TheMemory();
  const std::lock_guard lock(memory.mutex_);
  const auto found = memory.sizes_.find(static_cast<char*>(block));
  memory.free_[found->second].push_back(found->first);
  memory.sizes_.erase(found);
}

// The same numbers as a tensor of the CPU.
at::Tensor OnHost(const at::Tensor& tensor) {
  return tensor.is_cpu()
             ? tensor
             : at::from_blob(TheMemory().OnHost(tensor.const_data_ptr()), tensor.sizes(),
                             tensor.strides(), tensor.options().device(c10::kCPU));
}

at::Tensor Empty(c10::IntArrayRef size, std::optional<c10::ScalarType> type,
                 std::optional<c10::Layout> /*layout*/, std::optional<c10::Device> /*device*/,
                 std::optional<bool> /*pinned*/, std::optional<c10::MemoryFormat> format) {
  return at::detail::empty_generic(size, &TheMemory(),
                                   c10::DispatchKeySet(c10::DispatchKey::PrivateUse1),
                                   c10::dtype_or_default(type), format);
}

at::Tensor EmptyStrided(c10::IntArrayRef size, c10::IntArrayRef stride,
                        std::optional<c10::ScalarType> type, std::optional<c10::Layout> /*layout*/,
                        std::optional<c10::Device> /*device*/, std::optional<bool> /*pinned*/) {
  return at::detail::empty_strided_generic(size, stride, &TheMemory(),
                                           c10::DispatchKeySet(c10::DispatchKey::PrivateUse1),
                                           c10::dtype_or_default(type));
}

// copy_() of anything from or to the device.
at::Tensor CopyFrom(const at::Tensor& from, const at::Tensor& to, bool /*non_blocking*/) {
  if (from.device() != to.device()) {
    ++(in_fallback ? counters.fallback : from.is_cpu() ? counters.from_host : counters.to_host);
  }
  OnHost(to).copy_(OnHost(from));
  return to;
}

// How the fallback writes into the tensors that an operator changes.
at::Tensor CopyFromAndResize(const at::Tensor& from, const at::Tensor& to) {
  if (from.sizes() != to.sizes()) {
    const at::Tensor larger = Empty(from.sizes(), to.scalar_type(), {}, {}, {}, {});
    c10::TensorImpl* const tensor = to.unsafeGetTensorImpl();
    tensor->set_storage_keep_dtype(larger.storage());
    tensor->set_sizes_contiguous(from.sizes());
  }
  return CopyFrom(from, to, /*non_blocking=*/false);
}

at::Scalar ReadNumber(const at::Tensor& tensor) {
  ++counters.reads;
  return OnHost(tensor).item();
}

// A C++ number is a tensor of the CPU to LibTorch, of which CUDA's operators take the value.
bool MayGoWithTheDevice(const at::Tensor& tensor) {
  return !tensor.defined() || tensor.device() == StandInDevice() ||
         tensor.unsafeGetTensorImpl()->is_wrapped_number();
}

void CheckDevices(const c10::OperatorHandle& op, const torch::jit::Stack& stack) {
  for (const c10::IValue& argument : torch::jit::last(stack, op.schema().arguments().size())) {
    bool fits = true;
    if (argument.isTensor()) {
      fits = MayGoWithTheDevice(argument.toTensor());
    } else if (argument.isTensorList()) {
      fits = std::ranges::all_of(argument.toTensorVector(), MayGoWithTheDevice);
    } else if (argument.isOptionalTensorList()) {
      for (const std::optional<at::Tensor>& tensor : argument.toOptionalTensorVector()) {
        fits = fits && (!tensor || MayGoWithTheDevice(*tensor));
      }
    }
    TORCH_CHECK(fits, op.schema().name(), ": one tensor is on ", StandInDevice(),
                ", another on the CPU");
  }
}

// Every operator that is not above.
void RunOnCpu(const c10::OperatorHandle& op, torch::jit::Stack* stack) {
  CheckDevices(op, *stack);
  const bool waits = std::ranges::find(kWaits, op.schema().name()) != kWaits.end();
  ++(waits ? counters.waits : counters.operators);
  const InFallback guard;
  at::native::cpu_fallback(op, stack, /*error_on_views=*/true);
}

// One device with one stream.
class Guard : public c10::impl::NoOpDeviceGuardImpl<c10::kPrivateUse1> {
 public:
  c10::Device exchangeDevice(c10::Device /*device*/) const override { return StandInDevice(); }
  c10::Device getDevice() const override { return StandInDevice(); }
  c10::Stream getStream(c10::Device /*device*/) const noexcept override { return TheStream(); }
  c10::Stream exchangeStream(c10::Stream /*stream*/) const noexcept override { return TheStream(); }

 private:
  static c10::Stream TheStream() { return c10::Stream(c10::Stream::DEFAULT, StandInDevice()); }
};

C10_REGISTER_GUARD_IMPL(PrivateUse1, Guard)

struct Hooks : at::PrivateUse1HooksInterface {
  bool isBuilt() const override { return true; }
  bool isAvailable() const override { return true; }
  bool hasPrimaryContext(c10::DeviceIndex /*device*/) const override { return true; }
};

// Makes it an accelerator to LibTorch, which the backward pass requires.
const bool registered = [] {
  c10::register_privateuse1_backend("standin");
  at::RegisterPrivateUse1HooksInterface(new Hooks);
  return true;
}();

TORCH_LIBRARY_IMPL(_, PrivateUse1, library) {
  library.fallback(torch::CppFunction::makeFromBoxedFunction<&RunOnCpu>());
}

TORCH_LIBRARY_IMPL(aten, PrivateUse1, library) {
  library.impl("empty.memory_format", TORCH_FN(Empty));
  library.impl("empty_strided", TORCH_FN(EmptyStrided));
  library.impl("as_strided", TORCH_FN(at::native::as_strided_tensorimpl));
  library.impl("view", TORCH_FN(at::native::view));
  library.impl("_reshape_alias", TORCH_FN(at::native::_reshape_alias));
  library.impl("_copy_from", TORCH_FN(CopyFrom));
  library.impl("_copy_from_and_resize", TORCH_FN(CopyFromAndResize));
  library.impl("_local_scalar_dense", TORCH_FN(ReadNumber));
  // CUDA has it as one operator, other devices put it together from others.
  library.impl("native_layer_norm", torch::CppFunction::makeFromBoxedFunction<&RunOnCpu>());
}

}  // namespace

c10::Device StandInDevice() { return {c10::kPrivateUse1, 0}; }

DeviceTraffic TrafficSoFar() {
  return {.from_host = counters.from_host,
          .to_host = counters.to_host,
          .reads = counters.reads,
          .waits = counters.waits,
          .operators = counters.operators,
          .fallback = counters.fallback};
}

DeviceTraffic operator-(const DeviceTraffic& a, const DeviceTraffic& b) {
  return {.from_host = a.from_host - b.from_host,
          .to_host = a.to_host - b.to_host,
          .reads = a.reads - b.reads,
          .waits = a.waits - b.waits,
          .operators = a.operators - b.operators,
          .fallback = a.fallback - b.fallback};
}

}  // namespace initbias
