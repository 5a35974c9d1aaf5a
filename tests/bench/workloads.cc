#include "tests/bench/workloads.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <utility>

#include "experiments/base_runs.h"
#include "lib/base/error.h"
#include "lib/rng/stream.h"

namespace initbias {
namespace {

// How fast ours is to be at least. Measured on an otherwise idle machine; see README.md.
constexpr Targets kTransformerTargets = {.share_of_limit = 0.90};
constexpr Targets kEmbMlpTargets = {.share_of_limit = 0.85};
constexpr Targets kMiniTargets = {.share_of_limit = 0.87};  // on AVX2
constexpr Targets k124MTargets = {.share_of_limit = 0.70};

constexpr int64_t kLongTexts = 400;

// The paper's GPT-2 on single sequences of 256 tokens: stories that are cut there, and the one
// PrOntoQA example that a text has at least. Its table of positions has 256 rows for that.
RunConfig LargeGpt2Run() {
  RunConfig run = TextRun(Profile::kPaper, kSmallInit, 1);
  run.gpt2.context = 256;
  run.text.hops = {1};
  run.text.prontoqa_sequences = 1;
  run.text.tinystories_sequences = kLongTexts;
  run.train.batch_size = 1;
  run.train.micro_batch_size = 0;
  return run;
}

}  // namespace

RunConfig ForTiming(RunConfig run) {
  constexpr int64_t kEndless = 1'000'000;  // epochs
  run.probe = {};
  run.text.answer_samples = 1;
  run.train.eval_samples = 1;
  run.train.epochs = kEndless;
  run.train.eval_every = TotalSteps(run);
  return run;
}

void WriteLongTexts(const std::filesystem::path& data_folder, const std::filesystem::path& path) {
  constexpr size_t kWords = 300;  // some 380 tokens
  std::ifstream excerpt(data_folder / "tinystories" / "tinystories_sample.txt");
  const std::vector<std::string> words(std::istream_iterator<std::string>(excerpt), {});
  if (words.size() < kWords) {
    throw Error(fmt::format("there are no stories below {}", data_folder.string()));
  }
  std::filesystem::create_directories(path.parent_path());
  std::ofstream file(path);
  for (size_t i = 0; i < static_cast<size_t>(kLongTexts) * kWords; ++i) {
    file << words[i % words.size()] << ((i + 1) % kWords == 0 ? "\n<|endoftext|>\n" : " ");
  }
  file.close();
  if (!file) {
    throw Error(fmt::format("cannot write {}", path.string()));
  }
}

std::vector<Workload> Workloads(bool tiny, const std::filesystem::path& long_texts) {
  const Profile profile = tiny ? Profile::kSmoke : Profile::kPaper;
  RunConfig transformer = TransformerRun(profile, kSmallInit, 1);
  // A step takes as long whichever the number of samples.
  transformer.task.samples = std::min<int64_t>(transformer.task.samples, 20'000);
  const RunConfig emb_mlp = EmbMlpRun(profile, kSmallInit, 1);
  const RunConfig mini = TextRun(tiny ? Profile::kSmoke : Profile::kDefault, kSmallInit, 1);
  RunConfig large = tiny ? mini : LargeGpt2Run();
  large.text.tinystories = std::filesystem::absolute(long_texts).string();
  large.train.batch_size = 1;
  std::vector<Workload> workloads = {{"Transformer", transformer, kTransformerTargets},
                                     {"Emb-MLP", emb_mlp, kEmbMlpTargets},
                                     {"GPT-2-mini", mini, kMiniTargets},
                                     {"GPT-2-124M", large, k124MTargets}};
  for (Workload& workload : workloads) {
    workload.config = ForTiming(std::move(workload.config));
  }
  return workloads;
}

BatchShape TypicalBatch(const RunConfig& config, const DataFolders& folders) {
  const int64_t size = config.train.batch_size;
  if (config.model != ModelKind::kGpt2) {
    return {.sequences = size,
            .length = config.task.length,
            .labels = size,
            .longest = config.task.length};
  }
  const TextData data = MakeTextData(config, folders);
  std::vector<int64_t> lengths;
  std::vector<int64_t> labels;
  for (const TextSequences* text : {&data.prontoqa.sequences, &data.tinystories.sequences}) {
    lengths.insert(lengths.end(), text->lengths.begin(), text->lengths.end());
    for (int64_t i = 0; i < text->size(); ++i) {
      const auto row = text->labels.begin() + i * text->length;
      labels.push_back(text->length - std::count(row, row + text->length, kNoLabel));
    }
  }
  constexpr int64_t kEpochs = 20;
  Stream stream(1, "bench/batches");
  double length_sum = 0;
  double longest_sum = 0;
  double label_sum = 0;
  int64_t batches = 0;
  for (int64_t epoch = 0; epoch < kEpochs; ++epoch) {
    const std::vector<int32_t> order = stream.Permutation(static_cast<int32_t>(lengths.size()));
    // Without an incomplete last one.
    for (size_t start = 0; start + static_cast<size_t>(size) <= order.size();
         start += static_cast<size_t>(size)) {
      int64_t longest = 0;
      for (size_t i = start; i < start + static_cast<size_t>(size); ++i) {
        const int64_t length = lengths[static_cast<size_t>(order[i])];
        longest = std::max(longest, length);
        length_sum += static_cast<double>(length);
        label_sum += static_cast<double>(labels[static_cast<size_t>(order[i])]);
      }
      longest_sum += static_cast<double>(longest);
      ++batches;
    }
  }
  const auto mean = [batches](double sum) {
    return std::llround(sum / static_cast<double>(batches));
  };
  const auto sequences = static_cast<double>(batches * size);
  return {.sequences = size,
          .length = static_cast<int64_t>(length_sum / sequences),
          .labels = mean(label_sum),
          .longest = mean(longest_sum)};
}

}  // namespace initbias
