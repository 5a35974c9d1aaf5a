// The names of the choices are part of canonical forms and digests: they stay as they are.
#include "lib/config/enums.h"

#include <gtest/gtest.h>

#include <set>
#include <string_view>

namespace initbias {
namespace {

template <typename E>
std::string_view Name(E value) {
  return EnumNames<E>::kNames.at(static_cast<size_t>(value));
}

TEST(EnumNamesTest, NameTheirEnumerators) {
  EXPECT_EQ(Name(ModelKind::kEmbMlp), "emb_mlp");
  EXPECT_EQ(Name(ModelKind::kTransformer), "transformer");
  EXPECT_EQ(Name(TaskKinds::kBoth), "both");
  EXPECT_EQ(Name(TaskKinds::kMemory), "memory");
  EXPECT_EQ(Name(Sampling::kSampled), "sampled");
  EXPECT_EQ(Name(Sampling::kEnumerated), "enumerated");
  EXPECT_EQ(Name(MemoryLabels::kKeys), "keys");
  EXPECT_EQ(Name(MemoryLabels::kAroundKey), "around_key");
  EXPECT_EQ(Name(MemoryLabels::kNested), "nested");
  EXPECT_EQ(Name(Norm::kPre), "pre");
  EXPECT_EQ(Name(Norm::kPost), "post");
  EXPECT_EQ(Name(Norm::kNone), "none");
  EXPECT_EQ(Name(Bias::kZero), "zero");
  EXPECT_EQ(Name(Bias::kTorchDefault), "torch_default");
  EXPECT_EQ(Name(Bias::kNone), "none");
  EXPECT_EQ(Name(Activation::kTanh), "tanh");
  EXPECT_EQ(Name(Activation::kGelu), "gelu");
  EXPECT_EQ(Name(Activation::kRelu), "relu");
  EXPECT_EQ(Name(Target::kLabel), "label");
  EXPECT_EQ(Name(Target::kNextToken), "next_token");
  EXPECT_EQ(Name(Schedule::kConstant), "constant");
  EXPECT_EQ(Name(Schedule::kWarmupCosine), "warmup_cosine");
  EXPECT_EQ(Name(EmbeddingFan::kDModel), "d_model");
  EXPECT_EQ(Name(EmbeddingFan::kRows), "rows");
}

template <typename E>
class EnumNamesTypedTest : public testing::Test {};
using Enums = testing::Types<ModelKind, TaskKinds, Sampling, MemoryLabels, Norm, Bias, Activation,
                             Target, Schedule, EmbeddingFan>;
TYPED_TEST_SUITE(EnumNamesTypedTest, Enums);

TYPED_TEST(EnumNamesTypedTest, AreDistinctLowerCaseWords) {
  std::set<std::string_view> seen;
  for (const std::string_view name : EnumNames<TypeParam>::kNames) {
    EXPECT_TRUE(seen.insert(name).second) << name << " stands twice";
    EXPECT_FALSE(name.empty());
    EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_"),
              std::string_view::npos)
        << name;
  }
}

}  // namespace
}  // namespace initbias
