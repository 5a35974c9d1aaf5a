// --set and --seeds: what a command line says is refused, or is what the runs then have.
//
// An input is a byte that chooses the model, and assignments with line breaks between them. One
// that begins with a byte beyond ASCII names a field by number and an extreme value, which random
// letters would hardly make.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/command_line.h"
#include "lib/base/text.h"
#include "lib/config/run_config.h"
#include "lib/model/spec/probe_names.h"
#include "lib/run/cost.h"
#include "lib/run/experiment.h"
#include "lib/run/flags.h"
#include "tests/fuzz/properties.h"
#include "tests/fuzz/target.h"
#include "tests/small_runs.h"

namespace initbias::fuzz {
namespace {

constexpr size_t kMostAssignments = 12;

// Beyond so many blocks the cost takes long to count.
constexpr int64_t kManyLayers = 64;

RunConfig ConfigOf(size_t model) {
  return model == 0 ? SmallEmbMlpRun() : model == 1 ? SmallTransformerRun() : SmallGpt2Run();
}

// The assignment that a line of the input stands for.
std::string AssignmentOf(std::string_view line) {
  constexpr std::string_view kValues[] = {"0",
                                          "1",
                                          "-1",
                                          "2",
                                          "24",
                                          "true",
                                          "false",
                                          "9223372036854775807",
                                          "-9223372036854775808",
                                          "1000000",
                                          "1e308",
                                          "5e-324"};
  static const std::vector<std::string> names = AllFieldNames();
  if (line.size() < 2 || static_cast<unsigned char>(line[0]) < 0x80) {
    return std::string(line);
  }
  const size_t field = static_cast<unsigned char>(line[0]) - 0x80U;
  const size_t value = static_cast<unsigned char>(line[1]);
  return fmt::format("{}={}", names[field % names.size()], kValues[value % std::size(kValues)]);
}

// The command line parser hands on each assignment as it is, or refuses.
void CheckCommandLine(const std::vector<std::string>& assignments) {
  static std::FILE* const nowhere = std::fopen("/dev/null", "w");
  const Experiment experiment{.name = "fuzz"};
  ExperimentFlags flags;
  CommandLine app("");
  DeclareFlags(app, experiment, flags);
  std::vector<std::string> arguments;
  std::vector<const char*> pointers = {"fuzz"};
  for (const std::string& text : assignments) {
    if (text.find('\0') != std::string::npos) {
      return;  // no argument can hold it
    }
    arguments.push_back("--set=" + text);
  }
  for (const std::string& argument : arguments) {
    pointers.push_back(argument.c_str());
  }
  if (app.Parse(static_cast<int>(pointers.size()), pointers.data(), nowhere)) {
    return;
  }
  Hold(flags.overrides == assignments, "the command line keeps --set as it is");
  for (const std::string& text : assignments) {
    Hold(Overrides(flags, ParseAssignment(text).field), "an assignment is found by its field");
  }
}

void CheckParts(const std::string& text) {
  const Assignment parts = ParseAssignment(text);
  for (const std::string_view part : {parts.model, parts.field, parts.text}) {
    Hold(part.empty() ||
             (part.data() >= text.data() && part.data() + part.size() <= text.data() + text.size()),
         "the parts of an assignment are parts of it");
    Hold(Trim(part) == part, "the parts of an assignment have no white space at their ends");
  }
  Hold(parts.text.starts_with(parts.field), "an assignment begins with its field");
  Hold(parts.field.find('=') == std::string_view::npos, "a field's name has no equals sign");
  const std::string told = WithoutPath(text);
  Hold(WithoutPath(told) == told, "what is told of an assignment stays so");
  Hold(ParseAssignment(told).field == parts.field, "what is told of an assignment has its field");
}

// Sets a field of `config`, where the assignment is one.
void Apply(std::string_view assignment, RunConfig* config) {
  const RunConfig before = *config;
  if (RefusalOf([&] { ApplyOverride(*config, assignment); })) {
    Hold(CanonicalForm(*config) == CanonicalForm(before), "what is refused changes nothing");
    return;
  }
  const size_t equals = assignment.find('=');
  const std::string name(Trim(assignment.substr(0, equals)));
  const std::string given(Trim(assignment.substr(equals + 1)));
  static const std::vector<std::string> names = AllFieldNames();
  Hold(name == "gpt2.size" || std::ranges::find(names, name) != names.end(),
       "what is taken is a field");
  if (name == "gpt2.size") {
    return;  // no field itself: sets several
  }
  const FieldList fields = Fields(*config);
  const Field* const field = fields.Find(name);
  if (field == nullptr) {
    Hold(CanonicalForm(*config) == CanonicalForm(before), "another model's field changes nothing");
    return;
  }
  const std::string value = field->get();
  RunConfig other = before;
  ApplyOverride(other, name + "=" + value);
  const FieldList other_fields = Fields(other);
  Hold(other_fields.Find(name) != nullptr && other_fields.Find(name)->get() == value,
       "a value reads back");
  if (const auto number = ParseDouble(given); number && ParseDouble(value)) {
    Hold(*number == *ParseDouble(value) || (std::isnan(*number) && std::isnan(*ParseDouble(value))),
         "a number is the one given");
  } else if (given.find_first_of(" ,") == std::string::npos) {
    Hold(value == given, "a text is the one given");
  }
}

void CheckConfig(const RunConfig& config) {
  if (RefusalOf([&] { Validate(config); })) {
    return;
  }
  const std::string form = CanonicalForm(config);
  RunConfig read;
  Hold(!RefusalOf([&] { read = ParseCanonicalForm(form); }), "a possible run's form is read");
  Hold(RunId(read) == RunId(config), "a form keeps the run");
  Hold(TotalSteps(config) > 0, "a possible run has steps");
  (void)RunLabel(config);
  (void)RefusalOf([&] { CheckProbeNames(config); });
  const int64_t layers =
      config.model == ModelKind::kGpt2 ? config.gpt2.layers : config.transformer.layers;
  if (layers <= kManyLayers) {
    for (const double cost : {RunFlops(config), RunFileBytes(config), CheckpointBytes(config)}) {
      Hold(std::isfinite(cost) && cost > 0, "a possible run has a cost");
    }
    Hold(Evaluations(config) >= 1, "a possible run is evaluated");
  }
}

void CheckSeeds(const std::string& text) {
  std::vector<int64_t> seeds;
  if (RefusalOf([&] { seeds = ParseSeeds(text); })) {
    return;
  }
  Hold(!seeds.empty() && seeds.front() > 0, "seeds are positive");
  Hold(std::ranges::adjacent_find(seeds, std::greater_equal<>()) == seeds.end(),
       "seeds rise, each once");
}

void CheckInput(const uint8_t* data, size_t size) {
  Choices choices(data, size);
  const RunConfig base = ConfigOf(choices.Below(3));
  RunConfig config = base;
  std::vector<std::string> assignments;
  while (!choices.empty() && assignments.size() < kMostAssignments) {
    std::string text = AssignmentOf(choices.Until('\n'));
    text = text.substr(0, text.find('\0'));  // as an argument of a program ends there
    if (!text.empty()) {
      assignments.push_back(std::move(text));
    }
  }
  if (!assignments.empty()) {
    CheckCommandLine(assignments);
    CheckSeeds(assignments.back());
  }
  (void)RefusalOf([&] { CheckConflicts(assignments, ""); });
  for (const std::string& text : assignments) {
    CheckParts(text);
    const Assignment assignment = ParseAssignment(text);
    if (IsFor(assignment, "", FormatValue(base.model)) && assignment.field != "model") {
      Apply(assignment.text, &config);
    }
  }
  CheckConfig(config);
}

}  // namespace

Corpus MakeCorpus() {
  using std::string_literals::operator""s;
  Corpus corpus;
  corpus.seeds = {
      "\x00task.masked=11-12,12-11\nemb_mlp.d_model=32\n emb_mlp : train.epochs = 2\n4..8"s,
      "\x01transformer.norm=post\noptimizer.schedule=warmup_cosine\noptimizer.warmup_epochs=1\n"
      "optimizer.floor=1e-6\ntask.samples=400"s,
      "\x02text.padded_length=24\ntext.packed=false\ngpt2.context=64\ntext.padding_labels=true\n1,7"s,
      "\x02gpt2.size=gpt2-tiny\ntext.hops=1,3\ntext.tinystories=/one/a=b.txt\ngpt2.dropout=0.1"s,
      "\x01task.kinds=memory\ntask.masked=\ntask.memory_groups=2\ntask.memory_labels=nested\n"
      "probe.names=\nprobe.steps="s,
      "\x01probe.names=outputs.argmax,attention.layer1\nprobe.steps=0,5\ntrain.target=next_token"s,
      "\x00init.gamma=nan\ntrain.epochs=-1\ntask.sampling=enumerated\n5"s};
  // Each field with the largest and the smallest number, where as many as may be have an effect.
  const size_t fields = AllFieldNames().size();
  for (size_t field = 0; field < fields; ++field) {
    for (const char value : {'\7', '\x8'}) {
      const std::string extreme = {static_cast<char>(0x80U + field), value};
      corpus.seeds.push_back("\0optimizer.schedule=warmup_cosine\n"s + extreme);
      corpus.seeds.push_back("\1optimizer.schedule=warmup_cosine\n"s + extreme);
      corpus.seeds.push_back("\2text.packed=false\ntext.padded_length=24\n"s + extreme);
    }
  }
  corpus.words = {"=",
                  "\n",
                  ":",
                  ",",
                  "-",
                  " ",
                  "\t",
                  "\r",
                  "..",
                  "emb_mlp:",
                  "gpt2:",
                  "transformer:",
                  "9223372036854775807",
                  "-9223372036854775808",
                  "1e308",
                  "1e-320",
                  "nan",
                  "-inf",
                  "0",
                  "-1",
                  "true",
                  "false",
                  "none",
                  "next_token",
                  "around_key",
                  "nested",
                  "enumerated",
                  "memory",
                  "warmup_cosine",
                  "gpt2-124M",
                  "full",
                  "excerpt",
                  "generated",
                  "gpt2.size="};
  for (const std::string& name : AllFieldNames()) {
    corpus.words.push_back(name + "=");
  }
  return corpus;
}

}  // namespace initbias::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  initbias::fuzz::CheckInput(data, size);
  return 0;
}
