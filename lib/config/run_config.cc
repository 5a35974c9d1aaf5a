#include "lib/config/run_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lib/base/error.h"
#include "lib/base/sha256.h"
#include "lib/base/text.h"

namespace initbias {
namespace {

// Raise a model's number when the same config would train to other bits.
//   GPT-2, 5: positions that only pad the batch are left out of the sums over rows.
//   All, by one: tiny values are 0 (lib/kernels/elementwise.h), probes are of our own kernels.
int64_t Revision(ModelKind model) { return model == ModelKind::kGpt2 ? 6 : 5; }

// Dropout's own number, of the runs with dropout alone: raised where only they would train to other
// bits, so that the others keep their names.
//   2: masks are drawn by the sequence's row in the batch.
constexpr int64_t kDropoutRevision = 2;

constexpr std::string_view kRevisionName = "revision = ";

// What the first line of the canonical form says after kRevisionName: "6", or "6, dropout 2".
std::string FullRevision(const RunConfig& config, int64_t revision) {
  const bool drops = config.model == ModelKind::kGpt2 && config.gpt2.dropout > 0;
  return fmt::format("{}{}", revision, drops ? fmt::format(", dropout {}", kDropoutRevision) : "");
}

std::string FormOfRevision(const RunConfig& config, int64_t revision) {
  RunConfig copy = WithoutPaths(config);
  std::string text = fmt::format("{}{}\n", kRevisionName, FullRevision(config, revision));
  for (const Field& field : Fields(copy)) {
    if (const std::string value = field.get(); value != field.left_out_where) {
      text += fmt::format("{} = {}\n", field.name, value);
    }
  }
  return text;
}

std::string IdOf(const std::string& digest) { return digest.substr(0, 16); }

void ExpectRevision(std::string_view line, std::string_view found, std::string_view expected) {
  if (found != fmt::format("{}{}", kRevisionName, expected)) {
    throw Error(
        fmt::format("this is no config of revision {}: its first line is '{}'", expected, line));
  }
}

// Sets the field. Throws Error, which names it.
void ParseField(const Field& field, std::string_view text) {
  try {
    field.parse(text);
  } catch (const Error& error) {
    throw Error(fmt::format("{}: {}", field.name, error.what()));
  }
}

// A file by its content: wherever it lies, the run is the same.
std::string FileLabel(const std::string& sha256) {
  return sha256.empty() ? kSomeFile : fmt::format("{}-{}", kSomeFile, sha256.substr(0, 8));
}

constexpr std::string_view kRateOfLabel = "gamma";

}  // namespace

bool NamesStoryFile(const TextConfig& config) {
  return config.tinystories != "full" && config.tinystories != "excerpt";
}

bool NamesExampleFile(const TextConfig& config) { return config.prontoqa != "generated"; }

RunConfig WithoutPaths(RunConfig config) {
  config.text.prontoqa = NamesExampleFile(config.text) ? kSomeFile : config.text.prontoqa;
  config.text.tinystories = NamesStoryFile(config.text) ? kSomeFile : config.text.tinystories;
  return config;
}

std::string CanonicalForm(const RunConfig& config) {
  return FormOfRevision(config, Revision(config.model));
}

RunConfig ParseCanonicalForm(std::string_view text) {
  std::vector<std::string> lines = Split(text, '\n');
  RunConfig config;
  if (lines.size() > 1 && lines[1].starts_with("model = ")) {
    ApplyOverride(config, lines[1]);
  }
  const std::string first = lines.empty() ? "" : lines[0];
  // Dropout's number can be asked for only when all fields are read.
  ExpectRevision(first, first.substr(0, first.find(',')),
                 fmt::format("{}", Revision(config.model)));
  // One list for all lines: "model" comes first, and what other values change is which fields have
  // an effect, not where they are.
  const FieldList fields = Fields(config);
  for (size_t i = 1; i < lines.size(); ++i) {
    const std::string_view line = lines[i];
    const size_t equals = std::min(line.find(" = "), line.size());
    const Field* const field = i == 1 ? nullptr : fields.Find(line.substr(0, equals));
    if (field != nullptr && equals < line.size()) {
      ParseField(*field, line.substr(equals + 3));
    } else if (!line.empty()) {
      ApplyOverride(config, line);
    }
  }
  ExpectRevision(first, first, FullRevision(config, Revision(config.model)));
  if (CanonicalForm(config) != text) {
    throw Error(
        "this is no config in canonical form: a field is missing, out of order or repeated");
  }
  return config;
}

double RoundedRate(double gamma) {
  constexpr double kParts = 1e9;
  return std::isfinite(gamma) ? std::round(gamma * kParts) / kParts : gamma;
}

std::string ConfigDigest(const RunConfig& config) { return Sha256Hex(CanonicalForm(config)); }

std::string RunId(const RunConfig& config) { return IdOf(ConfigDigest(config)); }

std::string FormerRunId(const RunConfig& config) {
  return IdOf(Sha256Hex(FormOfRevision(config, Revision(config.model) - 1)));
}

MatrixRates RatesOf(const InitConfig& config) {
  const auto rate = [&config](double own) { return own == 0 ? config.gamma : own; };
  return {.embedding = rate(config.embedding_gamma),
          .qk = rate(config.qk_gamma),
          .vo = rate(config.vo_gamma),
          .mlp = rate(config.mlp_gamma),
          .head = rate(config.head_gamma)};
}

std::string RunLabel(const RunConfig& config) {
  std::string label = fmt::format("{} {}={} seed={}", FormatValue(config.model), kRateOfLabel,
                                  config.init.gamma, config.seed);
  const RunConfig defaults;
  const auto add = [&label](const char* name, const auto& value, const auto& default_value) {
    if (value != default_value) {
      label += fmt::format(" {}={}", name, FormatValue(value));
    }
  };
  add("optimizer", config.optimizer.kind, defaults.optimizer.kind);
  add("lr", config.optimizer.learning_rate, defaults.optimizer.learning_rate);
  add("schedule", config.optimizer.schedule, defaults.optimizer.schedule);
  add("logit_scale", config.train.logit_scale, defaults.train.logit_scale);
  add("decay_from", config.optimizer.decay_from, defaults.optimizer.decay_from);
  add("decay_to", config.optimizer.decay_to, defaults.optimizer.decay_to);
  add("embedding_gamma", config.init.embedding_gamma, defaults.init.embedding_gamma);
  if (config.model != ModelKind::kEmbMlp) {
    add("qk_gamma", config.init.qk_gamma, defaults.init.qk_gamma);
    add("vo_gamma", config.init.vo_gamma, defaults.init.vo_gamma);
  }
  add("mlp_gamma", config.init.mlp_gamma, defaults.init.mlp_gamma);
  if (config.model != ModelKind::kGpt2) {
    add("head_gamma", config.init.head_gamma, defaults.init.head_gamma);
  }
  if (config.model != ModelKind::kEmbMlp) {
    add("output_scale", config.init.output_scale, defaults.init.output_scale);
  }
  if (config.model == ModelKind::kGpt2) {
    add("embedding_std", config.init.embedding_std, defaults.init.embedding_std);
    add("padded", config.text.padded_length, defaults.text.padded_length);
    add("layers", config.gpt2.layers, defaults.gpt2.layers);
    add("d_model", config.gpt2.d_model, defaults.gpt2.d_model);
    add("dropout", config.gpt2.dropout, defaults.gpt2.dropout);
    if (NamesStoryFile(config.text)) {
      label += " stories=" + FileLabel(config.text.tinystories_sha256);
    }
    if (NamesExampleFile(config.text)) {
      label += " prontoqa=" + FileLabel(config.text.prontoqa_sha256);
    }
    return label;
  }
  if (config.model == ModelKind::kTransformer) {
    add("layers", config.transformer.layers, defaults.transformer.layers);
    add("norm", config.transformer.norm, defaults.transformer.norm);
    add("bias", config.transformer.bias, defaults.transformer.bias);
    add("target", config.train.target, defaults.train.target);
  }
  if (config.model == ModelKind::kEmbMlp) {
    add("network", config.emb_mlp.network, defaults.emb_mlp.network);
  }
  add("source", config.task.source, defaults.task.source);
  add("memory_gamma", config.init.memory_gamma, defaults.init.memory_gamma);
  add("labels", config.task.memory_labels, defaults.task.memory_labels);
  add("random_labels", config.task.random_labels, defaults.task.random_labels);
  return label;
}

std::string FieldOfLabel(std::string_view label, std::string_view name) {
  const std::string before = fmt::format(" {}=", name);
  const size_t field = label.find(before);
  if (field == std::string_view::npos) {
    return "";
  }
  const std::string_view rest = label.substr(field + before.size());
  return std::string(rest.substr(0, rest.find(' ')));
}

std::string RateOfLabel(std::string_view label) { return FieldOfLabel(label, kRateOfLabel); }

}  // namespace initbias
