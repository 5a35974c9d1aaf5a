// The bits of training, pinned: short runs of every model against digests kept here. Other tests
// compare two trainings of one build; this one tells that a build trains to other bits than those
// before it, whose stored runs it would take for its own.
//
// The runs by our own kernels depend on nothing but this repository. What LibTorch computes -
// autograd's gradients, and so all of GPT-2 with dropout - is compared only where its kernels are
// the pinned ones, and may change with LibTorch. MKL takes other paths on Intel's processors than
// on AMD's whatever MKL_CBWR says: each has digests of its own.
#include <ATen/Context.h>
#include <ATen/Version.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/sha256.h"
#include "lib/kernels/kernels.h"
#include "lib/result/run_result.h"
#include "lib/train/train.h"
#include "tests/small_runs.h"
#include "tests/train/train_steps.h"

namespace initbias {
namespace {

RunConfig SmallTransformerRun(Norm norm) {
  RunConfig config = initbias::SmallTransformerRun();
  config.transformer.norm = norm;
  return config;
}

RunConfig SmallGpt2Run(double dropout) {
  RunConfig config = initbias::SmallGpt2Run();
  config.gpt2.dropout = dropout;
  return config;
}

// A run and its digests, SHA-256.
struct Golden {
  std::string_view name;
  RunConfig config;
  std::string_view parameters;  // at the end
  std::string_view series;      // steps, epochs, losses and accuracies of all evaluations
  std::string_view probes;
  // Of the parameters after the steps of TrainSteps by autograd.
  std::string_view autograd;
};

// What is another digest on Intel's processors, by the name of the run; "" for what is the same.
struct IntelGolden {
  std::string_view name;
  std::string_view parameters = "";
  std::string_view series = "";
  std::string_view probes = "";
  std::string_view autograd = "";
};

constexpr IntelGolden kIntelGoldens[] = {
    {.name = "emb_mlp",
     .autograd = "bbb79951f373e145df358f6cc5f19e0600cf5e16630d5950d3a84e6c6a8401e9"},
    {.name = "transformer_pre",
     .autograd = "4ec329dc29999a40e2f829dc7bb2dc48650cf8693a713bb8616cfa2b2b9b7095"},
    {.name = "transformer_post",
     .autograd = "3009ee7fe916eb176ba8829312e114a7219afe8cd1798e6a005bc12b77b2127f"},
    {.name = "transformer_none",
     .autograd = "c9f3b3ba0eb7ff0bb155aad66fe565552cd12883a10a527ee6eccbaafaae3523"},
    {.name = "gpt2",
     .autograd = "9da78f0725db4f84f0f536935912e79d662c0f684615a554ec4dbb302e0f9c0c"},
    {.name = "gpt2_dropout",
     .parameters = "9a7fa826284bcb5db181a8765c2e043b3647dce0d06fc9670f914a6117c9eefd",
     .series = "755f4aaf389216cd5a52a56c4590a09d13439733bbcfc50193336c5f3218fb03",
     .probes = "94e94b709f7895d1ef11191eec3aa57902d2b09f99089620c2d044992074aa2b"},
};

#if defined(__x86_64__)
const bool kAmd = __builtin_cpu_is("amd") != 0;
const bool kIntel = __builtin_cpu_is("intel") != 0;
#else
constexpr bool kAmd = false;
constexpr bool kIntel = false;
#endif

// Into the names of failed tests.
void PrintTo(const Golden& golden, std::ostream* out) { *out << golden.name; }

const std::vector<Golden>& Goldens() {
  static const auto& goldens = *new std::vector<Golden>{
      {.name = "emb_mlp",
       .config = SmallEmbMlpRun(),
       .parameters = "38a2ca55454040230bc81465b92584bfcfdf494ccc4c1d56cc7f9576353d8bed",
       .series = "4cc0a6a4f076e0361452a4479759913e7f711cbb6b3ffb88cefd9471e6fdbf0d",
       .probes = "dc43100849d9fd74b4e7f3ce2cb21bb6bb722c59ce184c25533fa879d57790b6",
       .autograd = "2b1531f55e386c2ddfa1ce46d6a2de1d4e7cf40d54cc70f56db71aec1c9ced82"},
      {.name = "transformer_pre",
       .config = SmallTransformerRun(Norm::kPre),
       .parameters = "cbfcaee932636c584289bb7319409c573d12f7aa16fc5a5d3818235d47f96607",
       .series = "4ee7027597d7c5c9564da458ca57132fbd1f68ed704898b662fac8f4fa89376f",
       .probes = "9f9dcdc3fe7b6e5b1a31485cac937d96c4321c9e2b0d15e5f64c2bdfb2536215",
       .autograd = "3520051add1d52ca98ab581e432d0e129cfff928bd9df8be58b69c5405a94409"},
      {.name = "transformer_post",
       .config = SmallTransformerRun(Norm::kPost),
       .parameters = "e6453ea03dd507803c9b9b5f77b22c3a44100efa99f08a69ca762c91cbe0d7de",
       .series = "ae90d92489d912a56518ebb8f461755fefaeca841e6412e5b3770942ee2b0930",
       .probes = "6929c30a06f5e03f94f4970846c844ebd84dc50ac79a3ed705f75ef01a433b5e",
       .autograd = "5d25956e7d464580cbf85cf54bfcb0b0bfe7c09bcc646dce5398af83688475ac"},
      {.name = "transformer_none",
       .config = SmallTransformerRun(Norm::kNone),
       .parameters = "30373dc26cb552b7d827aca7f02f524f7eea43036918f62df5ff4bb8ccabab74",
       .series = "675cacaa35453858db48dcfc531b60fc9d6ef3a4af9e1e7c556f7afd66d59824",
       .probes = "d59666aaab353c296eb9cad78e80b75fa19c00a5dfdfb1052da399a67f919b8b",
       .autograd = "17844bf90d575a11e4d1a6cccbac95d98f89d33b646a520ef8b4c8f7a906ba5e"},
      {.name = "gpt2",
       .config = SmallGpt2Run(/*dropout=*/0.0),
       .parameters = "cfb5e438a04071902b67cee34ca9c83337f92f5081209b5f3486dd9c61c52de9",
       .series = "78ec96ae733d7605233f4a94bf25e5501b47935f51932da477134082cffc50d9",
       .probes = "73de75d9827b874da9f1a87367cebb555fef947cdac3e531c3a820bc01c11e8a",
       .autograd = "57ec3cf233fd5995451dc520d4ea6f1cc06d5ee4897932dfc21d758782addfde"},
      {.name = "gpt2_dropout",
       .config = SmallGpt2Run(/*dropout=*/0.1),
       .parameters = "1c74420635ec4a9bad03d437c9fb063b9b01332389bd5fac956df1be1e1e9d41",
       .series = "7961ee9a1b6753c39b5d77e877ed345eb4fe3939fb77ffc8e026dee0f0c7ed14",
       .probes = "7a5d00d4d9d87ba46b349a170702ae9357aa5d2d262275a9b54de969db4aa6dd",
       .autograd = ""},  // its run is by autograd
  };
  return goldens;
}

std::string SeriesDigest(const RunResult& result) {
  Sha256 digest;
  const auto add = [&digest](const auto& values) {
    digest.Update(values.data(), values.size() * sizeof(values[0]));
  };
  add(result.step);
  add(result.epoch);
  for (const LearningCurve& curve : result.curves) {
    digest.Update(curve.group);
    add(curve.loss);
    add(curve.accuracy);
  }
  return digest.HexDigest();
}

std::string ProbesDigest(const RunResult& result) {
  std::vector<NamedArray> arrays;
  for (const Snapshot& probe : result.probes) {
    arrays.push_back({fmt::format("{} {}", probe.step, probe.name), probe.array});
  }
  return ArraysDigest(arrays);
}

// Why LibTorch's bits cannot be compared here; "" where they can.
std::string WhyNotPinned() {
  if (const std::string capability = at::get_cpu_capability(); capability != "AVX2") {
    return fmt::format("LibTorch's kernels are {} here, the digests those of AVX2", capability);
  }
  if (!at::hasMKL()) {
    return "LibTorch's products are not MKL's here, the digests are";
  }
  return kAmd || kIntel ? "" : "there are digests for the processors of AMD and Intel";
}

// With the digests of this machine's processor.
Golden Here(Golden golden) {
  for (const IntelGolden& other : kIntelGoldens) {
    if (kIntel && other.name == golden.name) {
      for (const auto& [own, here] :
           {std::pair(&golden.parameters, other.parameters),
            std::pair(&golden.series, other.series), std::pair(&golden.probes, other.probes),
            std::pair(&golden.autograd, other.autograd)}) {
        *own = here.empty() ? *own : here;
      }
    }
  }
  return golden;
}

bool UsesAutograd(const Golden& golden) { return golden.config.gpt2.dropout > 0; }

// Compares a digest with that in the field `field` of the table.
void Expect(const Golden& golden, std::string_view field, std::string_view got,
            std::string_view want) {
  EXPECT_TRUE(got == want) << fmt::format(
      "the bits of {} changed. If that is meant, raise its Revision in lib/config/run_config.cc and "
      "put the new digest in tests/train/golden_bits_test.cc:\n"
      "  got   .{} = \"{}\"\n  want  .{} = \"{}\"",
      golden.name, field, got, field, want);
}

std::string NameOf(const testing::TestParamInfo<Golden>& test) {
  return std::string(test.param.name);
}

class TrainedBitsTest : public testing::TestWithParam<Golden> {};
INSTANTIATE_TEST_SUITE_P(All, TrainedBitsTest, testing::ValuesIn(Goldens()), NameOf);

// The run as it is trained and stored: by our kernels, with dropout by autograd.
TEST_P(TrainedBitsTest, AreTheGoldens) {
  const Golden golden = Here(GetParam());
  const std::string why_not = WhyNotPinned();
  if (UsesAutograd(golden) && !why_not.empty()) {
    GTEST_SKIP() << why_not;
  }
  const RunResult result =
      Train(golden.config, {.data = {.shipped = "data", .downloaded = "nowhere", .user = "."}})
          .result;
  Expect(golden, "parameters", result.parameters_digest, golden.parameters);
  Expect(golden, "series", SeriesDigest(result), golden.series);
  Expect(golden, "probes", ProbesDigest(result), golden.probes);
}

std::vector<Golden> TrainedByKernels() {
  std::vector<Golden> goldens = Goldens();
  std::erase_if(goldens, UsesAutograd);
  return goldens;
}

class AutogradBitsTest : public testing::TestWithParam<Golden> {};
INSTANTIATE_TEST_SUITE_P(All, AutogradBitsTest, testing::ValuesIn(TrainedByKernels()), NameOf);

// The same models by LibTorch's operators and autograd, which train on a GPU.
TEST_P(AutogradBitsTest, AreTheGoldens) {
  const Golden golden = Here(GetParam());
  if (const std::string why_not = WhyNotPinned(); !why_not.empty()) {
    GTEST_SKIP() << why_not;
  }
  Expect(golden, "autograd",
         TrainSteps(golden.config, /*autograd=*/true, BestKernels()).parameters_digest,
         golden.autograd);
}

}  // namespace
}  // namespace initbias
