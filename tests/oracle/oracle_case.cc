#include "tests/oracle/oracle_case.h"

#include <ATen/ops/from_blob.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace initbias {

double MaxAbs(const std::vector<double>& values) {
  double largest = 0;
  for (const double value : values) {
    largest = std::max(largest, std::fabs(value));
  }
  return largest;
}

double LargestError(const std::vector<double>& a, const std::vector<double>& b, double scale) {
  EXPECT_EQ(a.size(), b.size());
  double largest = 0;
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    // NaN must not pass as a small difference.
    const double difference = std::fabs(a[i] - b[i]);
    largest = std::isnan(difference) ? INFINITY : std::max(largest, difference);
  }
  return largest / scale;
}

double LargestError(const std::vector<double>& ours, const std::vector<double>& reference) {
  return LargestError(ours, reference, MaxAbs(reference));
}

std::vector<double> ToDoubles(const at::Tensor& tensor) {
  const at::Tensor t = tensor.detach().to(at::kDouble).contiguous();
  return {t.const_data_ptr<double>(), t.const_data_ptr<double>() + t.numel()};
}

std::vector<CaseName> CasesOf(const std::string& file) {
  std::vector<CaseName> cases;
  for (const std::string& name :
       Hdf5File::Open(fmt::format("tests/oracle/{}.h5", file)).List("/")) {
    cases.push_back({file, name});
  }
  return cases;
}

OracleCase::OracleCase(const CaseName& name)
    : file_(Hdf5File::Open(fmt::format("tests/oracle/{}.h5", name.file))), root_("/" + name.name) {}

int64_t OracleCase::Int(const std::string& attribute) const {
  return file_.ReadIntAttribute(root_, attribute);
}

double OracleCase::Double(const std::string& attribute) const {
  return file_.ReadDoubleAttribute(root_, attribute);
}

std::string OracleCase::String(const std::string& attribute) const {
  return file_.ReadStringAttribute(root_, attribute);
}

bool OracleCase::Exists(const std::string& path) const { return file_.Exists(Absolute(path)); }

std::vector<std::string> OracleCase::List(const std::string& path) const {
  return file_.List(Absolute(path));
}

std::vector<int64_t> OracleCase::Shape(const std::string& path) const {
  return file_.Shape(Absolute(path));
}

std::vector<double> OracleCase::Doubles(const std::string& path) const {
  return file_.ReadDoubles(Absolute(path));
}

at::Tensor OracleCase::Ints(const std::string& path) const {
  std::vector<int64_t> values = file_.ReadInts(Absolute(path));
  return at::from_blob(values.data(), Shape(path), at::kLong).clone();
}

OptimizerConfig OracleCase::Optimizer() const {
  return {.learning_rate = Double("learning_rate"),
          .weight_decay = Double("weight_decay"),
          .beta1 = Double("beta1"),
          .beta2 = Double("beta2"),
          .epsilon = Double("adam_eps"),
          .clip_norm = Double("clip_norm")};
}

std::unique_ptr<Model> OracleCase::LoadModel(const RunConfig& config) const {
  std::unique_ptr<Model> model = MakeModel(config, c10::kCPU);
  std::vector<std::string> ours;
  for (const ParameterSpec& spec : model->parameters().specs()) {
    ours.push_back(spec.name);
  }
  std::ranges::sort(ours);
  EXPECT_EQ(ours, List("parameters"));
  for (const std::string& name : ours) {
    const std::string path = "parameters/" + name;
    EXPECT_EQ(Shape(path), model->parameters()[name].sizes().vec()) << name;
    model->parameters().Set(name, file_.ReadFloats(Absolute(path)));
  }
  return model;
}

}  // namespace initbias
