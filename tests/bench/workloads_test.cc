#include "tests/bench/workloads.h"

#include <fmt/format.h>
#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "lib/base/error.h"
#include "lib/model/spec/parameter_spec.h"

namespace initbias {
namespace {

const DataFolders kFolders = {.shipped = "data"};

std::filesystem::path LongTexts() {
  return std::filesystem::path(testing::TempDir()) / "folder" / "long_texts.txt";
}

TEST(WorkloadsTest, AreOfThePapersSizes) {
  const std::vector<Workload> workloads = Workloads(/*tiny=*/false, LongTexts());
  ASSERT_EQ(workloads.size(), 4u);
  for (const Workload& workload : workloads) {
    EXPECT_NO_THROW(Validate(workload.config)) << workload.name;
    EXPECT_TRUE(workload.config.probe.names.empty());
    EXPECT_EQ(workload.config.train.eval_every, TotalSteps(workload.config));
  }
  EXPECT_EQ(workloads[0].config.transformer.d_model, 200);
  EXPECT_EQ(workloads[0].config.train.batch_size, 100);
  EXPECT_EQ(workloads[1].config.task.length, 3);
  EXPECT_EQ(workloads[2].config.gpt2.layers, 4);
  // GPT-2's 124,439,808, but for rows of the position table.
  EXPECT_EQ(ParameterCount(ParameterSpecs(workloads[3].config)), 124'439'808 - 768 * 768);
}

TEST(WorkloadsTest, TinyOnesAreValid) {
  for (const Workload& workload : Workloads(/*tiny=*/true, LongTexts())) {
    EXPECT_NO_THROW(Validate(workload.config)) << workload.name;
    EXPECT_LT(ParameterCount(ParameterSpecs(workload.config)), 200'000);
  }
}

// 2,944
std::string Grouped(int64_t thousands) {
  return fmt::format("{},{:03}", thousands / 1000, thousands % 1000);
}

TEST(WorkloadsTest, ReadmesTableHasTheirSizes) {
  std::ifstream file("tests/bench/README.md");
  const std::string readme(std::istreambuf_iterator<char>(file), {});
  const std::vector<Workload> workloads = Workloads(/*tiny=*/false, LongTexts());
  const RunConfig& transformer = workloads[0].config;
  EXPECT_THAT(
      readme,
      testing::HasSubstr(fmt::format(
          "| `Transformer` | the paper's: {} layers, d {}, ff {}, d_k {}, vocabulary {} | {} sequences "
          "of {} tokens, loss at the last |\n",
          transformer.transformer.layers, transformer.transformer.d_model,
          transformer.transformer.d_ff, transformer.transformer.d_head, transformer.task.vocabulary,
          transformer.train.batch_size, transformer.task.length)));
  const RunConfig& emb_mlp = workloads[1].config;
  EXPECT_THAT(readme, testing::HasSubstr(fmt::format(
                          "| `Emb-MLP` | the paper's: d {}, ff {} | {} sequences of {} tokens |\n",
                          emb_mlp.emb_mlp.d_model, emb_mlp.emb_mlp.d_ff, emb_mlp.train.batch_size,
                          emb_mlp.task.length)));
  const RunConfig& mini = workloads[2].config;
  EXPECT_THAT(readme, testing::HasSubstr(fmt::format(
                          "| `GPT-2-mini` | the default profile's: {} layers, d {}, "
                          "vocabulary {} | {} sequences of at most {} tokens, a text each |\n",
                          mini.gpt2.layers, mini.gpt2.d_model, Grouped(mini.gpt2.vocabulary),
                          mini.train.batch_size, mini.text.padded_length)));
  const RunConfig& large = workloads[3].config;
  EXPECT_THAT(readme,
              testing::HasSubstr(fmt::format(
                  "| `GPT-2-124M` | the paper's, whole vocabulary; {0} rows of "
                  "positions instead of {1} | {2} sequence of {0} tokens |\n",
                  large.gpt2.context, Grouped(Gpt2Config{}.context), large.train.batch_size)));
}

TEST(TypicalBatchTest, OfAnAnchorTaskIsItsBatch) {
  const BatchShape batch = TypicalBatch(RunConfig{}, kFolders);
  EXPECT_EQ(batch.sequences, 100);
  EXPECT_EQ(batch.length, 9);
  EXPECT_EQ(batch.labels, 100);
  EXPECT_EQ(batch.longest, 9);
}

TEST(TypicalBatchTest, OfTextIsItsBatchAtTheMeanLength) {
  // One text a sequence, cut at 190 tokens.
  const BatchShape batch = TypicalBatch(Workloads(/*tiny=*/false, LongTexts())[2].config, kFolders);
  EXPECT_EQ(batch.sequences, 5);
  EXPECT_GT(batch.length, 100);
  EXPECT_LT(batch.length, batch.longest);
  EXPECT_GT(batch.longest, 150);
  EXPECT_LE(batch.longest, 190);
  EXPECT_LE(batch.labels, batch.sequences * batch.length);
  EXPECT_GT(batch.labels, batch.sequences * batch.length / 2);
}

TEST(WriteLongTextsTest, NeedsTheExcerpt) {
  EXPECT_THROW(WriteLongTexts("/no/such/folder", LongTexts()), Error);
}

TEST(TypicalBatchTest, OfTheLargeModelIs256TokensButForOneExample) {
  WriteLongTexts(kFolders.shipped, LongTexts());
  const BatchShape batch = TypicalBatch(Workloads(/*tiny=*/false, LongTexts())[3].config, kFolders);
  EXPECT_EQ(batch.sequences, 1);
  EXPECT_EQ(batch.length, 255);
  EXPECT_EQ(batch.labels, 256);
  EXPECT_EQ(batch.longest, 256);
}

}  // namespace
}  // namespace initbias
