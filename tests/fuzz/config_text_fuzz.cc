// The canonical form of a config, as run files and workers' orders hold it: refused, or read as the
// config whose form it is.
#include <algorithm>
#include <string>
#include <string_view>

#include "lib/base/sha256.h"
#include "lib/config/run_config.h"
#include "tests/fuzz/properties.h"
#include "tests/fuzz/target.h"
#include "tests/small_runs.h"

namespace initbias::fuzz {
namespace {

// `config` was read from `text`.
void CheckRead(RunConfig config, std::string_view text) {
  const std::string form = CanonicalForm(config);
  Hold(form == text, "the config that a text is read as has that text for its form");
  Hold(ConfigDigest(config) == Sha256Hex(text), "the digest is the text's");
  Hold(RunId(config) == ConfigDigest(config).substr(0, 16), "the id begins the digest");
  Hold(RunLabel(config).find('\n') == std::string::npos, "a label is one line");
  for (const Field& field : Fields(config)) {
    const std::string value = field.get();
    Hold(!RefusalOf([&] { field.parse(value); }), "a field takes its own value");
    Hold(field.get() == value, "a field's value goes both ways");
    (void)OpenReason(config, field);
  }
  Hold(CanonicalForm(config) == form, "values that went both ways give the same form");
  if (!RefusalOf([&] { Validate(config); })) {
    Hold(StepsPerEpoch(config) > 0 && TotalSteps(config) >= StepsPerEpoch(config),
         "a possible run has steps");
    Hold(TrainingSamples(config) > 0 && Vocabulary(config) > 1, "a possible run has data");
    const double shares[] = {0, 0.5, 1};
    Hold(std::ranges::is_sorted(StepsAt(config, shares)), "steps rise");
  }
}

void CheckInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  RunConfig config;
  if (!RefusalOf([&] { config = ParseCanonicalForm(text); })) {
    CheckRead(config, text);
  }
}

}  // namespace

Corpus MakeCorpus() {
  RunConfig scheduled = SmallTransformerRun();
  scheduled.optimizer.schedule = Schedule::kWarmupCosine;
  scheduled.optimizer.warmup_epochs = 1;
  scheduled.transformer.projection = false;
  RunConfig nested = SmallEmbMlpRun();
  nested.task.kinds = TaskKinds::kMemory;
  nested.task.masked.clear();
  nested.task.memory_groups = 2;
  nested.task.memory_labels = MemoryLabels::kNested;
  RunConfig padded = SmallGpt2Run();
  padded.text.packed = false;
  padded.text.padded_length = 24;
  padded.text.padding_labels = true;
  Corpus corpus;
  for (const RunConfig& config :
       {SmallTransformerRun(), SmallEmbMlpRun(), SmallGpt2Run(), scheduled, nested, padded,
        RunConfig{}, RunConfig{.model = ModelKind::kGpt2}}) {
    corpus.seeds.push_back(CanonicalForm(config));
  }
  corpus.words = {"\n",
                  " = ",
                  "9223372036854775807",
                  "-9223372036854775808",
                  "1e308",
                  "nan",
                  "-inf",
                  "0",
                  "-1",
                  ",",
                  "true",
                  "false",
                  "gpt2",
                  "none",
                  "warmup_cosine",
                  "nested",
                  "5e-324"};
  for (const std::string& name : AllFieldNames()) {
    corpus.words.push_back(name);
  }
  return corpus;
}

}  // namespace initbias::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  initbias::fuzz::CheckInput(data, size);
  return 0;
}
