#include "lib/config/run_labels.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <utility>

#include "lib/base/text.h"

namespace initbias {
namespace {

// The fields of some runs in canonical order, with the value of each run; "" where it has none.
struct FieldValues {
  std::vector<std::string> names;
  std::map<std::string, std::vector<std::string>> values;
};

FieldValues ReadFields(const std::vector<const ListedRun*>& runs) {
  FieldValues fields;
  for (size_t i = 0; i < runs.size(); ++i) {
    for (const std::string& line : Split(runs[i]->config, '\n')) {
      const size_t equals = line.find(" = ");
      if (equals == std::string::npos) {
        continue;
      }
      const auto [found, is_new] =
          fields.values.try_emplace(line.substr(0, equals), std::vector<std::string>(runs.size()));
      if (is_new) {
        fields.names.push_back(found->first);
      }
      found->second[i] = line.substr(equals + 3);
    }
  }
  std::stable_partition(  // std::ranges' own is too new for clang 14
      fields.names.begin(), fields.names.end(), [](const std::string& name) {
        return !name.starts_with("probe.") && !name.starts_with("train.eval_");
      });
  return fields;
}

// The fewest fields, in their order, by which as many runs differ as by all.
std::vector<std::string> TellingFields(const FieldValues& fields, size_t runs) {
  std::vector<std::string> telling;
  std::vector<size_t> kinds(runs, 0);  // runs of one kind are alike so far
  size_t count = 1;
  for (const std::string& name : fields.names) {
    std::map<std::pair<size_t, std::string>, size_t> finer;
    std::vector<size_t> now;
    for (size_t i = 0; i < runs; ++i) {
      now.push_back(
          finer.try_emplace({kinds[i], fields.values.at(name)[i]}, finer.size()).first->second);
    }
    if (finer.size() > count) {
      telling.push_back(name);
      kinds = std::move(now);
      count = finer.size();
    }
  }
  return telling;
}

// `value` of a list of others, short enough for a line.
std::string Short(const std::string& value, const std::vector<std::string>& others) {
  constexpr size_t kLongest = 30;
  if (value.size() <= kLongest) {
    return value;
  }
  size_t common = value.size();
  for (const std::string& other : others) {
    const auto end = std::ranges::mismatch(value, other).in1;
    common = std::min(common, static_cast<size_t>(end - value.begin()));
  }
  const std::string rest = common > 2 ? ".." + value.substr(common) : value;
  return rest.size() <= kLongest ? rest : rest.substr(0, kLongest - 2) + "..";
}

}  // namespace

std::vector<std::string> DistinctLabels(const std::vector<ListedRun>& runs) {
  std::map<std::string, std::vector<size_t>> of_label;
  std::vector<std::string> labels;
  for (const ListedRun& run : runs) {
    of_label[run.label].push_back(labels.size());
    labels.push_back(run.label);
  }
  for (const auto& [label, places] : of_label) {
    std::vector<const ListedRun*> alike;
    for (const size_t place : places) {
      alike.push_back(&runs[place]);
    }
    const FieldValues fields = ReadFields(alike);
    for (const std::string& name : TellingFields(fields, alike.size())) {
      const std::vector<std::string>& values = fields.values.at(name);
      for (size_t i = 0; i < places.size(); ++i) {
        if (!values[i].empty()) {
          labels[places[i]] += fmt::format(" {}={}", name, Short(values[i], values));
        }
      }
    }
  }
  return labels;
}

std::vector<std::string> DistinctLabels(const std::vector<RunConfig>& runs) {
  std::vector<ListedRun> listed;
  for (const RunConfig& run : runs) {
    listed.push_back({.label = RunLabel(run), .config = CanonicalForm(run)});
  }
  return DistinctLabels(listed);
}

}  // namespace initbias
