// What all kernels promise together: the same bits from every compilation, and no touch of memory
// beyond the arrays. Also the stability golden of those bits.
//
// A reading or writing beyond an array's end shows as a crash, see guarded_arrays.h.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "lib/base/sha256.h"
#include "lib/kernels/kernels.h"
#include "tests/kernels/guarded_arrays.h"
#include "tests/kernels/kernel_cases.h"

namespace initbias {
namespace {

// Whatever INITBIAS_KERNELS says.
const Kernels& Fastest() { return *AvailableKernels().front(); }

class AllKernelsTest : public testing::TestWithParam<KernelCases> {};

INSTANTIATE_TEST_SUITE_P(, AllKernelsTest, testing::ValuesIn(AllKernelCases()),
                         [](const auto& test) { return test.param.kernel; });

// SHA-256 of the results of all cases of kernel_cases.cc, by the generic kernels. Where other bits
// or other cases are meant, `bazel test //tests/kernels:same_bits_test` prints the new lines.
const std::map<std::string, std::string>& Goldens() {
  static const auto& goldens = *new std::map<std::string, std::string>{
      {"multiply", "c025f1cae56e2f87a1f4659ea4580d566c306d339a969c2479718c4ec61a766a"},
      {"activate", "a952fef5ab3d1783ea6e014aa6635b86bee7f99b39e20a3698b8333a8ed345a4"},
      {"layer_norm", "7b73ea9c641af3bed4ada5a8cf9047b9e56cf896b75f410dd4240722f02c5f16"},
      {"layer_norm_backward", "85216d0359b686cca351cc0f1de76aa056aeb6f01d0dfd73bdd7203d96e9b7b0"},
      {"add_rows", "b0afcd78346e0407868703523f2d9560b937345b7b3f73a2eb29ff6910b9ee79"},
      {"add_to", "af5a6c305133b8db333740a6cf3e0e6cfdad494f8449522172254692b51a5bca"},
      {"multiply_by", "51cab55213f478714ede348e08ec7d60117c21cbf479a17be7e5c5b9b89ec58f"},
      {"add_column_sums", "5aca70d8b1e78355dd1890f5472eaad57b54f088f7c692e66ab92371e83629a5"},
      {"cross_entropy", "ed923e7e12f4c500bb011c520e5ccc965a72c2181d911804528f70912a7528fc"},
      {"largest", "fabf7ee60bd5e9296aff7ce618bc85f17d1bd3920f47e93877b45135467c6b6c"},
      {"short_attention", "06853c2e8e5ab326992beaf4524f6d50cd469f1a40192cd1c6aa557fbd7aa7d3"},
      {"short_attention_backward",
       "d46d0bb73081930211fb1f21adc4dcdcf080bb281b3de1699adece119ebb8956"},
      {"causal_softmax", "794dd7e3364c9bca9ef21b1a923307440aad8c0ea7f7a8bfd85e134ef9b222b2"},
      {"causal_softmax_backward",
       "baf3ebbf63db334af2d6aaaa7fd43edf80ae125246084101d775829b15687f24"},
      {"sum_of_squares", "8da3822431b3a05542baafc3dfa2c9ccab1fa3c9300fbbf4fa4d477551fad9e8"},
      {"combine", "539766afc635f25c1b434ade6fa7564693a7a43aad328e9d8f46eb29d0ca62aa"},
      {"adamw", "0992a5a8ba2c71c24fc3559491b99119a434011ec098b19c8c0c0fc946476f60"},
  };
  return goldens;
}

TEST_P(AllKernelsTest, Golden) {
  Sha256 digest;
  for (const KernelCase& kernel_case : GetParam().cases) {
    const std::vector<uint32_t> bits = RunCase(kernel_case, *AvailableKernels().back(), Edge::kEnd);
    digest.Update(bits.data(), bits.size() * sizeof(uint32_t));
  }
  const std::string& kernel = GetParam().kernel;
  const std::string hex = digest.HexDigest();
  const auto golden = Goldens().find(kernel);
  EXPECT_TRUE(golden != Goldens().end() && golden->second == hex)
      << "      {\"" << kernel << "\", \"" << hex << "\"},";
}

TEST_P(AllKernelsTest, SameBitsInEveryCompilationAndWithinTheArrays) {
  for (const KernelCase& kernel_case : GetParam().cases) {
    const std::vector<uint32_t> expected = RunCase(kernel_case, Fastest(), Edge::kEnd);
    ASSERT_FALSE(expected.empty()) << kernel_case.name;
    for (const Kernels* kernels : AvailableKernels()) {
      for (const Edge edge : {Edge::kEnd, Edge::kStart}) {
        ASSERT_TRUE(RunCase(kernel_case, *kernels, edge) == expected)
            << kernels->name << " against " << Fastest().name << ": " << kernel_case.name;
      }
    }
  }
}

// All members of Kernels but the name are pointers to functions: none is without cases.
TEST(KernelCasesTest, EveryMemberHasCases) {
  constexpr size_t kMembers = sizeof(Kernels) / sizeof(void (*)()) - 1;
  EXPECT_EQ(AllKernelCases().size(), kMembers);
  EXPECT_EQ(Goldens().size(), kMembers);
}

// What the tables have to agree on besides: minus zero, the smallest and the largest numbers,
// infinities and NaN, whose sign and payload are free.
TEST(SpecialValuesTest, SameBitsInEveryCompilation) {
  constexpr float kInf = std::numeric_limits<float>::infinity();
  constexpr float kMax = std::numeric_limits<float>::max();
  std::vector<float> specials = {
      0.0F,  -0.0F,  1e-45F, -1e-45F, 1e-38F,        -1e-38F,        1e-20F, -1e-20F, 87.0F, -87.0F,
      88.0F, -88.0F, 89.0F,  -104.0F, 1e4F,          -1e4F,          1e19F,  -1e19F,  1e30F, -1e30F,
      kMax,  -kMax,  kInf,   -kInf,   std::nanf(""), -std::nanf(""), 0.625F, -0.625F, 1.0F};
  const auto n = static_cast<int64_t>(specials.size());
  const auto results = [&](const Kernels& kernels) {
    std::vector<float> all;
    const auto append = [&](const std::vector<float>& values) {
      all.insert(all.end(), values.begin(), values.end());
    };
    for (const ActivationKernel kind : {ActivationKernel::kGelu, ActivationKernel::kGeluTanh,
                                        ActivationKernel::kTanh, ActivationKernel::kRelu}) {
      std::vector<float> x = specials;
      std::vector<float> y(x.size());
      kernels.activate(kind, /*rows=*/1, n, /*bias=*/nullptr, x.data(), y.data());
      append(x);
      append(y);
    }
    for (size_t kept = 1; kept <= specials.size(); ++kept) {
      std::vector<float> logits(specials.begin(), specials.begin() + static_cast<int64_t>(kept));
      const auto columns = static_cast<int64_t>(kept);
      std::vector<float> scores = logits;
      kernels.causal_softmax(/*rows=*/1, columns, columns, columns - 1, /*scale=*/0.5F,
                             scores.data());
      append(scores);
      const int64_t label = columns - 1;
      const double loss = kernels.cross_entropy(/*rows=*/1, columns, &label, /*gradient=*/true,
                                                /*scale=*/1.0F, logits.data());
      append(logits);
      append({static_cast<float>(loss)});
    }
    for (float& value : all) {
      value = std::isnan(value) ? std::nanf("") : value;
    }
    return all;
  };
  const std::vector<float> expected = results(Fastest());
  for (const Kernels* kernels : AvailableKernels()) {
    const std::vector<float> got = results(*kernels);
    ASSERT_EQ(got.size(), expected.size());
    for (size_t i = 0; i < got.size(); ++i) {
      ASSERT_EQ(std::bit_cast<uint32_t>(got[i]), std::bit_cast<uint32_t>(expected[i]))
          << kernels->name << " " << i << ": " << got[i] << " against " << expected[i];
    }
  }
}

}  // namespace
}  // namespace initbias
