// A LibTorch device of our own, to run on any machine the code that a GPU would run: what is not
// the CPU, where every operator is dispatched anew and every copy is explicit.
//
// It is registered as LibTorch's PrivateUse1 where this library is linked. Its memory is the
// host's, mapped twice: tensors hold addresses that nobody may read or write, operators use the
// other mapping. So code that reads a device's tensor through its pointer dies here, as it would
// with a GPU's. Operators are the CPU's, on copies (LibTorch's CPU fallback). One that is given a
// tensor of this device and one of the CPU throws c10::Error, as CUDA's do; unlike them it does so
// for scalar tensors too, but for C++ numbers.
//
// Operations are counted: copies from and to the host, numbers read, and operators that CUDA could
// not queue because the size of their result depends on values. What the fallback copies for itself
// is counted apart.
//
// Not for speed, and not a model of CUDA: no streams, no kernels of its own, no limit of memory
// but its address range.
#ifndef INITBIAS_TESTS_TRAIN_STAND_IN_DEVICE_H_
#define INITBIAS_TESTS_TRAIN_STAND_IN_DEVICE_H_

#include <c10/core/Device.h>

#include <cstdint>

namespace initbias {

c10::Device StandInDevice();

// The device's operations since the process began, of all threads.
struct DeviceTraffic {
  int64_t from_host = 0;  // copies to the device
  int64_t to_host = 0;    // copies from the device
  int64_t reads = 0;      // of single numbers: item()
  int64_t waits = 0;      // operators whose result's size depends on values
  int64_t operators = 0;  // all others
  int64_t fallback = 0;   // copies, either way, that the CPU fallback made of operands and results
};

DeviceTraffic TrafficSoFar();

DeviceTraffic operator-(const DeviceTraffic& a, const DeviceTraffic& b);

}  // namespace initbias

#endif  // INITBIAS_TESTS_TRAIN_STAND_IN_DEVICE_H_
