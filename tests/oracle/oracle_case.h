// A case of the files of reference numbers, and how far our numbers are from it.
//
// Errors are max |ours - float64 reference| / max |reference| of each tensor. The tolerances are
// some five times what PyTorch's own float32 differs by (README.md here has the table).
#ifndef INITBIAS_TESTS_ORACLE_ORACLE_CASE_H_
#define INITBIAS_TESTS_ORACLE_ORACLE_CASE_H_

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "lib/config/run_config.h"
#include "lib/model/torch/model.h"
#include "lib/store/hdf5_file.h"

namespace initbias {

inline constexpr double kLogitsTolerance = 4e-6;
inline constexpr double kLossTolerance = 1e-6;
inline constexpr double kAttentionTolerance = 2e-6;
inline constexpr double kGradientTolerance = 1e-5;
inline constexpr double kGpt2GradientTolerance = 2e-5;
inline constexpr double kTrainingLossTolerance = 2e-5;
inline constexpr double kTrainedParameterTolerance = 3e-5;

// The largest |value|.
double MaxAbs(const std::vector<double>& values);

// max |a - b| / scale; infinite where one is NaN. Fails the test where the sizes differ.
double LargestError(const std::vector<double>& a, const std::vector<double>& b, double scale);

// The same, the scale being the largest |reference|.
double LargestError(const std::vector<double>& ours, const std::vector<double>& reference);

// The elements of `tensor`, row-major.
std::vector<double> ToDoubles(const at::Tensor& tensor);

struct CaseName {
  std::string file;
  std::string name;
};

// All cases of tests/oracle/<file>.h5.
std::vector<CaseName> CasesOf(const std::string& file);

// One case. Paths are relative to it.
class OracleCase {
 public:
  explicit OracleCase(const CaseName& name);

  int64_t Int(const std::string& attribute) const;
  double Double(const std::string& attribute) const;
  std::string String(const std::string& attribute) const;

  bool Exists(const std::string& path) const;
  std::vector<std::string> List(const std::string& path) const;
  std::vector<int64_t> Shape(const std::string& path) const;
  std::vector<double> Doubles(const std::string& path) const;
  at::Tensor Ints(const std::string& path) const;  // int64

  // What it trained with.
  OptimizerConfig Optimizer() const;

  // The model of `config` with the oracle's parameters. Fails the test where it has others, or of
  // other shapes.
  std::unique_ptr<Model> LoadModel(const RunConfig& config) const;

 private:
  std::string Absolute(const std::string& path) const { return root_ + "/" + path; }

  Hdf5File file_;
  std::string root_;
};

}  // namespace initbias

#endif  // INITBIAS_TESTS_ORACLE_ORACLE_CASE_H_
