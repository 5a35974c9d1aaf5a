#include "experiments/sweep_axes.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "experiments/rates.h"
#include "lib/base/error.h"
#include "lib/base/text.h"

namespace initbias {
namespace {

constexpr size_t kMostSweepValues = 100;  // of an axis

// A config in which the field has an effect, or is checked at least: of the model that its section
// names.
RunConfig ConfigFor(std::string_view field) {
  RunConfig config;
  if (field.starts_with("emb_mlp.")) {
    config.model = ModelKind::kEmbMlp;
  } else if (field.starts_with("gpt2.") || field.starts_with("text.")) {
    config.model = ModelKind::kGpt2;
  }
  return config;
}

std::string FieldText(RunConfig config, const std::string& name) {
  const FieldList fields = Fields(config);
  const Field* field = fields.Find(name);
  return field == nullptr ? "" : field->get();
}

// `text` as the field has it: 0.50 is 0.5.
std::string Canonical(const std::string& field, std::string_view text) {
  RunConfig config = ConfigFor(field);
  SetField(config, field, Trim(text));
  if (field == kGammaField) {
    config.init.gamma = RoundedRate(config.init.gamma);
  }
  return FieldText(config, field);
}

// Whether the field is a real number, not a whole one. `numeric`: it is one of the two.
bool IsReal(const std::string& field, bool numeric) {
  RunConfig config = ConfigFor(field);
  return numeric &&
         ErrorText([&](const std::string& text) { SetField(config, field, text); }, "0.5").empty();
}

// The numbers of a range as texts that fields of whole numbers take, too.
std::vector<std::string> RangeTexts(std::string_view range) {
  std::vector<std::string> texts;
  for (const double value : ParseRange(range)) {
    texts.push_back(value == std::round(value) ? fmt::format("{:.0f}", value) : FormatValue(value));
  }
  return texts;
}

}  // namespace

SweepAxis ParseAxis(std::string_view text) {
  const size_t equals = text.find('=');
  if (equals == std::string_view::npos) {
    throw Error(fmt::format(
        "'{}' is no axis: expected field=values, as gamma=0.3,0.5,0.8 or gamma=0.3:1.0:0.05",
        text));
  }
  SweepAxis axis{.field = std::string(Trim(text.substr(0, equals)))};
  if (axis.field == "gamma") {
    axis.field = kGammaField;
  }
  if (axis.field == "model" || axis.field == "seed" || axis.field == "seeds") {
    throw Error(axis.field == "model" ? "the model is no axis: --base names it"
                                      : "the seed is no axis: --seeds names them");
  }
  if (axis.field.starts_with("probe.")) {
    throw Error(fmt::format("{} is no axis: a sweep takes no snapshots", axis.field));
  }
  std::vector<std::string> names = AllFieldNames();
  if (std::ranges::find(names, axis.field) == names.end() && axis.field != "gpt2.size") {
    names.insert(names.begin(), "gamma");
    throw Error(
        fmt::format("there is no field '{}'{}", axis.field, DidYouMeanField(axis.field, names)));
  }
  const std::string_view values = text.substr(equals + 1);
  // What is not a number (the path of a text, say) has no ranges.
  const bool numeric = !AxisNumbers({FieldText(ConfigFor(axis.field), axis.field)}).empty();
  if (IsReal(axis.field, numeric)) {
    RefuseDecimalCommas(values, fmt::format("--axis {}=", Trim(text.substr(0, equals))));
  }
  const char comma = values.find(';') == std::string_view::npos ? ',' : ';';
  std::set<std::string> seen;
  for (const std::string& part : Split(values, comma)) {
    const bool range = numeric && part.find(':') != std::string::npos;
    for (const std::string& value : range ? RangeTexts(part) : std::vector<std::string>{part}) {
      const std::string canonical = Canonical(axis.field, value);
      if (seen.insert(canonical).second) {
        axis.values.push_back(canonical);
      }
    }
  }
  if (axis.values.size() > kMostSweepValues) {
    throw Error(fmt::format("'{}' has more than {} values", text, kMostSweepValues));
  }
  return axis;
}

SweepAxis GammaAxis(std::span<const double> gammas) {
  SweepAxis axis{.field = kGammaField};
  for (const double gamma : gammas) {
    axis.values.push_back(FormatValue(RoundedRate(gamma)));
  }
  return axis;
}

std::string AxisText(const SweepAxis& axis) {
  const bool lists = std::ranges::any_of(
      axis.values, [](const std::string& value) { return value.find(',') != std::string::npos; });
  return fmt::format("{} = {}", axis.field, fmt::join(axis.values, lists ? "; " : ", "));
}

std::string CheckAxis(const std::string& text) { return ErrorText(ParseAxis, text); }

std::vector<RunConfig> SweepRuns(const RunConfig& base, const std::vector<SweepAxis>& axes) {
  std::vector<RunConfig> runs = {base};
  std::set<std::string> fields;
  for (const SweepAxis& axis : axes) {
    if (!fields.insert(axis.field).second) {
      throw Error(fmt::format("{} is an axis twice", axis.field));
    }
    std::vector<RunConfig> more;
    for (const RunConfig& run : runs) {
      for (const std::string& value : axis.values) {
        more.push_back(run);
        SetField(more.back(), axis.field, value);
      }
    }
    runs = std::move(more);
  }
  // Asked for after all axes are set: one may give another its effect, as a schedule does.
  for (const SweepAxis& axis : axes) {
    const bool used = std::ranges::any_of(runs, [&axis](RunConfig run) {
      const FieldList all = Fields(run);
      return std::ranges::any_of(all, [&axis](const Field& f) { return f.name == axis.field; });
    });
    if (!used) {
      throw Error(
          fmt::format("--axis {}: no run of {} uses it", axis.field, FormatValue(base.model)));
    }
  }
  return runs;
}

std::vector<size_t> PlaceOnAxes(const RunConfig& config, const std::vector<SweepAxis>& axes) {
  RunConfig copy = config;
  const FieldList fields = Fields(copy);
  std::vector<size_t> place;
  for (const SweepAxis& axis : axes) {
    const Field* field = fields.Find(axis.field);
    const auto value =
        field == nullptr ? axis.values.end() : std::ranges::find(axis.values, field->get());
    if (value == axis.values.end()) {
      return {};
    }
    place.push_back(static_cast<size_t>(value - axis.values.begin()));
  }
  return place;
}

std::vector<double> AxisNumbers(const std::vector<std::string>& values) {
  std::vector<double> numbers;
  for (const std::string& value : values) {
    try {
      ParseValue(value, &numbers.emplace_back());
    } catch (const Error&) {
      return {};
    }
  }
  return numbers;
}

}  // namespace initbias
