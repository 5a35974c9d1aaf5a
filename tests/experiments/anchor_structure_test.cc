// Which configs have a structure to judge.
#include "experiments/anchor_structure.h"

#include <gtest/gtest.h>

#include "experiments/base_runs.h"
#include "lib/base/error.h"

namespace initbias {
namespace {

TEST(CheckStructureTest, RefusesTooFewAnchorsAndMemoryAlone) {
  RunConfig config = TransformerRun(Profile::kDefault, kSmallInit, 1);
  EXPECT_NO_THROW(CheckStructure(config));
  config.task.reasoning_max = config.task.reasoning_min + 1;
  EXPECT_THROW(CheckStructure(config), Error);
  config = TransformerRun(Profile::kDefault, kSmallInit, 1);
  config.task.kinds = TaskKinds::kMemory;
  EXPECT_THROW(CheckStructure(config), Error);
}

TEST(CheckMaskedStructureTest, RefusesWhatEitherCheckDoes) {
  RunConfig config = TransformerRun(Profile::kDefault, kSmallInit, 1);
  EXPECT_NO_THROW(CheckMaskedStructure(config));
  config.task.masked = {};
  EXPECT_THROW(CheckMaskedStructure(config), Error);
  config = TransformerRun(Profile::kDefault, kSmallInit, 1);
  config.task.kinds = TaskKinds::kMemory;
  EXPECT_THROW(CheckMaskedStructure(config), Error);
}

TEST(PermutationsTextTest, AsTheRegisteredClaimsHaveIt) {
  EXPECT_EQ(PermutationsText(), "9,999 permutations");
}

}  // namespace
}  // namespace initbias
