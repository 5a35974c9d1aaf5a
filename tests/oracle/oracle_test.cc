// Our networks, loss, gradients and optimiser against numbers exported from PyTorch by
// export_oracle.py: an implementation of the same equations that shares no code with ours.
//
// Errors are max |ours - float64 reference| / max |reference| of each tensor. The tolerances are
// some five times what PyTorch's own float32 differs by (README.md here has the table).
#include <ATen/core/Tensor.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/from_blob.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "lib/model/model.h"
#include "lib/store/hdf5_file.h"
#include "lib/train/optimizer.h"

namespace initbias {
namespace {

constexpr double kLogitsTolerance = 4e-6;
constexpr double kLossTolerance = 1e-6;
constexpr double kAttentionTolerance = 2e-6;
constexpr double kGradientTolerance = 1e-5;
constexpr double kTrainingLossTolerance = 2e-5;
constexpr double kTrainedParameterTolerance = 3e-5;

double MaxAbs(const std::vector<double>& values) {
  double largest = 0;
  for (const double value : values) {
    largest = std::max(largest, std::fabs(value));
  }
  return largest;
}

// max |a - b| / scale.
double Error(const std::vector<double>& a, const std::vector<double>& b, double scale) {
  EXPECT_EQ(a.size(), b.size());
  double largest = 0;
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    // NaN must not pass as a small difference.
    const double difference = std::fabs(a[i] - b[i]);
    largest = std::isnan(difference) ? INFINITY : std::max(largest, difference);
  }
  return largest / scale;
}

double Error(const std::vector<double>& ours, const std::vector<double>& reference) {
  return Error(ours, reference, MaxAbs(reference));
}

std::vector<double> ToDoubles(const at::Tensor& tensor) {
  const at::Tensor t = tensor.detach().to(at::kDouble).contiguous();
  return {t.const_data_ptr<double>(), t.const_data_ptr<double>() + t.numel()};
}

struct CaseName {
  std::string file;
  std::string name;
};

std::vector<CaseName> AllCases() {
  std::vector<CaseName> cases;
  for (const std::string file : {"emb_mlp", "transformer"}) {
    for (const std::string& name :
         Hdf5File::Open(fmt::format("tests/oracle/{}.h5", file)).List("/")) {
      cases.push_back({file, name});
    }
  }
  return cases;
}

class OracleTest : public testing::TestWithParam<CaseName> {
 protected:
  OracleTest()
      : file_(Hdf5File::Open(fmt::format("tests/oracle/{}.h5", GetParam().file))),
        root_("/" + GetParam().name) {
    config_.task.vocabulary = Int("vocab_size");
    config_.task.length = Int("sequence_length");
    ParseValue(file_.ReadStringAttribute(root_, "model"), &config_.model);
    Activation activation{};
    ParseValue(file_.ReadStringAttribute(root_, "activation"), &activation);
    if (config_.model == ModelKind::kEmbMlp) {
      config_.emb_mlp = {.d_model = Int("d_model"), .d_ff = Int("d_ff"), .activation = activation};
    } else {
      config_.transformer = {.layers = Int("num_layers"),
                             .heads = Int("num_heads"),
                             .d_model = Int("d_model"),
                             .d_ff = Int("d_ff"),
                             .d_head = Int("d_key"),
                             .bias = Int("bias") != 0 ? Bias::kZero : Bias::kNone,
                             .activation = activation};
      ParseValue(file_.ReadStringAttribute(root_, "norm"), &config_.transformer.norm);
    }
    config_.optimizer = {.learning_rate = Double("learning_rate"),
                         .weight_decay = Double("weight_decay"),
                         .beta1 = Double("beta1"),
                         .beta2 = Double("beta2"),
                         .epsilon = Double("adam_eps"),
                         .clip_norm = Double("clip_norm")};
  }

  int64_t Int(const std::string& name) { return file_.ReadIntAttribute(root_, name); }
  double Double(const std::string& name) { return file_.ReadDoubleAttribute(root_, name); }

  at::Tensor IntTensor(const std::string& name) {
    std::vector<int64_t> values = file_.ReadInts(root_ + "/" + name);
    return at::from_blob(values.data(), file_.Shape(root_ + "/" + name), at::kLong).clone();
  }

  // The model with the oracle's parameters; also checks that both have the same ones.
  std::unique_ptr<Model> LoadModel() {
    std::unique_ptr<Model> model = MakeModel(config_, c10::kCPU);
    std::vector<std::string> ours;
    for (const ParameterSpec& spec : model->parameters().specs()) {
      ours.push_back(spec.name);
    }
    std::ranges::sort(ours);
    EXPECT_EQ(ours, file_.List(root_ + "/parameters"));
    for (const std::string& name : ours) {
      const std::string path = root_ + "/parameters/" + name;
      EXPECT_EQ(file_.Shape(path), model->parameters()[name].sizes().vec()) << name;
      model->parameters().Set(name, file_.ReadFloats(path));
    }
    return model;
  }

  // The key biases have no effect on the attention (they add the same to all scores of a row), so
  // that their gradients are rounding noise: measured against the query biases' instead.
  static bool IsKeyBias(const std::string& name) { return name.ends_with(".attn.bk"); }

  Hdf5File file_;
  std::string root_;
  RunConfig config_;
};

TEST_P(OracleTest, LogitsLossAndEveryGradient) {
  for (const bool pruned : {true, false}) {
    SCOPED_TRACE(pruned ? "pruned" : "full");
    config_.transformer.pruned = pruned;
    const std::unique_ptr<Model> model = LoadModel();
    const at::Tensor logits = model->Logits(IntTensor("tokens"));
    EXPECT_LT(Error(ToDoubles(logits), file_.ReadDoubles(root_ + "/logits")), kLogitsTolerance);
    const at::Tensor loss = at::cross_entropy_loss(logits, IntTensor("targets"));
    EXPECT_LT(Error(ToDoubles(loss), file_.ReadDoubles(root_ + "/loss")), kLossTolerance);
    loss.backward();
    for (const std::string& name : file_.List(root_ + "/gradients")) {
      const std::vector<double> reference = file_.ReadDoubles(root_ + "/gradients/" + name);
      const std::vector<double> ours = ToDoubles(model->parameters().Gradient(name));
      std::string scale_name = name;
      if (IsKeyBias(name)) {
        scale_name.replace(scale_name.size() - 2, 2, "bq");
      }
      const double scale = MaxAbs(file_.ReadDoubles(root_ + "/gradients/" + scale_name));
      EXPECT_LT(Error(ours, reference, scale), kGradientTolerance) << name;
    }
  }
}

TEST_P(OracleTest, Attention) {
  if (config_.model != ModelKind::kTransformer) {
    EXPECT_FALSE(file_.Exists(root_ + "/attention"));
    return;
  }
  Activations activations;
  const at::Tensor logits = LoadModel()->Logits(IntTensor("tokens"), &activations);
  EXPECT_LT(Error(ToDoubles(logits), file_.ReadDoubles(root_ + "/logits")), kLogitsTolerance);
  ASSERT_EQ(static_cast<int64_t>(activations.attention.size()), config_.transformer.layers);
  for (size_t i = 0; i < activations.attention.size(); ++i) {
    const std::string path = fmt::format("{}/attention/layer{}", root_, i);
    EXPECT_EQ(activations.attention[i].sizes().vec(), file_.Shape(path));
    EXPECT_LT(Error(ToDoubles(activations.attention[i]), file_.ReadDoubles(path)),
              kAttentionTolerance);
  }
}

TEST_P(OracleTest, TenTrainingSteps) {
  const std::unique_ptr<Model> model = LoadModel();
  AdamW optimizer(config_.optimizer, model->parameters().flat(),
                  model->parameters().flat_gradient());
  const at::Tensor tokens = IntTensor("tokens");
  const at::Tensor targets = IntTensor("targets");
  std::vector<double> losses;
  for (int64_t step = 0; step < Int("train_steps"); ++step) {
    model->parameters().flat_gradient().zero_();
    const at::Tensor loss = at::cross_entropy_loss(model->Logits(tokens), targets);
    losses.push_back(loss.item<double>());
    loss.backward();
    optimizer.Step();
  }
  const std::vector<double> reference = file_.ReadDoubles(root_ + "/train/loss64");
  ASSERT_EQ(losses.size(), 10u);
  EXPECT_LT(Error(losses, reference), kTrainingLossTolerance);
  EXPECT_LT(losses.back(), losses.front());
  for (const std::string& name : file_.List(root_ + "/train/parameters64")) {
    if (!IsKeyBias(name)) {  // AdamW makes steps of full size out of their noise
      EXPECT_LT(Error(ToDoubles(model->parameters()[name]),
                      file_.ReadDoubles(root_ + "/train/parameters64/" + name)),
                kTrainedParameterTolerance)
          << name;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, OracleTest, testing::ValuesIn(AllCases()),
                         [](const testing::TestParamInfo<CaseName>& param) {
                           return param.param.file + "_" + param.param.name;
                         });

}  // namespace
}  // namespace initbias
