#include "lib/store/figure_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "lib/base/atomic_file.h"
#include "lib/base/build_info.h"
#include "lib/base/error.h"
#include "lib/base/file_access.h"
#include "lib/base/text.h"
#include "lib/store/content_digest.h"
#include "lib/store/hdf5_file.h"
#include "lib/store/header.h"

namespace initbias {
namespace {

// An interval as three attributes of `path` that begin with `name`.
void WriteInterval(const std::string& path, const std::string& name, const Interval& interval,
                   Hdf5File& file) {
  file.WriteAttribute(path, name, IntervalText(interval));
  file.WriteAttribute(path, name + "_lo", interval.lo);
  file.WriteAttribute(path, name + "_hi", interval.hi);
  file.WriteAttribute(path, name + "_strict", int64_t{interval.strict});
}

Interval ReadInterval(const Hdf5File& file, const std::string& path, const std::string& name) {
  return {.lo = file.ReadDoubleAttribute(path, name + "_lo"),
          .hi = file.ReadDoubleAttribute(path, name + "_hi"),
          .strict = file.ReadIntAttribute(path, name + "_strict") != 0};
}

// A group a claim: its values, and those of its preconditions as data sets of their own.
void WriteClaims(const std::vector<Claim>& claims, Hdf5File& file) {
  file.MakeGroup("/claims");
  std::vector<std::string> order;
  for (const Claim& claim : claims) {
    order.push_back(claim.id);
  }
  file.WriteAttribute("/claims", "order", order);
  for (const Claim& claim : claims) {
    const std::string path = "/claims/" + claim.id;
    file.Write(path + "/values", claim.values, {static_cast<int64_t>(claim.values.size())});
    file.Write(path + "/seeds", claim.seeds, {static_cast<int64_t>(claim.seeds.size())});
    file.WriteAttribute(path, "statement", claim.statement);
    file.WriteAttribute(path, "place", claim.place);
    file.WriteAttribute(path, "kind", ClaimKindName(claim.kind));
    file.WriteAttribute(path, "metric", claim.metric);
    file.WriteAttribute(path, "rule", ClaimRuleName(claim.rule));
    file.WriteAttribute(path, "threshold_reason", claim.threshold_reason);
    file.WriteAttribute(path, "amended", claim.amended);
    file.WriteAttribute(path, "registration", claim.registration);
    file.WriteAttribute(path, "reason", claim.reason);
    file.WriteAttribute(path, "verdict", VerdictName(claim.verdict));
    file.WriteAttribute(path, "why", claim.why);
    WriteInterval(path, "expected", claim.expected, file);
    file.WriteAttribute(path, "mean", claim.mean);
    file.WriteAttribute(path, "interval_lo", claim.lo);
    file.WriteAttribute(path, "interval_hi", claim.hi);
    file.WriteAttribute(path, "preconditions", static_cast<int64_t>(claim.preconditions.size()));
    for (size_t i = 0; i < claim.preconditions.size(); ++i) {
      const Precondition& condition = claim.preconditions[i];
      const std::string at = fmt::format("{}/precondition{}", path, i + 1);
      file.Write(at, condition.values, {static_cast<int64_t>(condition.values.size())});
      file.WriteAttribute(at, "text", condition.text);
      file.WriteAttribute(at, "for_holds_only", int64_t{condition.for_holds_only});
      WriteInterval(at, "expected", condition.expected, file);
    }
  }
}

// The value that `parse` makes of a text attribute. Throws Error, which names the file.
template <typename Parse>
auto ReadName(const Hdf5File& file, const std::string& path, const std::string& name,
              Parse&& parse) {
  const std::string text = file.ReadStringAttribute(path, name);
  try {
    return parse(text);
  } catch (const Error& error) {
    throw Damaged(file.path(), fmt::format("the attribute {} of {}: {}", name, path, error.what()));
  }
}

std::vector<Claim> ReadClaims(const Hdf5File& file) {
  std::vector<Claim> claims;
  for (const std::string& id : file.ReadStringsAttribute("/claims", "order")) {
    const std::string path = "/claims/" + id;
    Claim claim{.id = id};
    claim.values = file.ReadDoubles(path + "/values");
    claim.seeds = file.ReadInts(path + "/seeds");
    claim.statement = file.ReadStringAttribute(path, "statement");
    claim.place = file.ReadStringAttribute(path, "place");
    claim.kind = ReadName(file, path, "kind", ParseClaimKind);
    claim.metric = file.ReadStringAttribute(path, "metric");
    claim.rule = ReadName(file, path, "rule", ParseClaimRule);
    claim.threshold_reason = file.ReadStringAttribute(path, "threshold_reason");
    claim.amended = file.ReadStringAttribute(path, "amended");
    // Files of the first registration alone did not have it.
    claim.registration =
        file.HasAttribute(path, "registration") ? file.ReadIntAttribute(path, "registration") : 1;
    claim.reason = file.ReadStringAttribute(path, "reason");
    claim.verdict = ReadName(file, path, "verdict", ParseVerdict);
    claim.why = file.ReadStringAttribute(path, "why");
    claim.expected = ReadInterval(file, path, "expected");
    claim.mean = file.ReadDoubleAttribute(path, "mean");
    claim.lo = file.ReadDoubleAttribute(path, "interval_lo");
    claim.hi = file.ReadDoubleAttribute(path, "interval_hi");
    const int64_t conditions = file.ReadIntAttribute(path, "preconditions");
    for (int64_t i = 1; i <= conditions; ++i) {
      const std::string at = fmt::format("{}/precondition{}", path, i);
      claim.preconditions.push_back(
          {.text = file.ReadStringAttribute(at, "text"),
           .expected = ReadInterval(file, at, "expected"),
           .values = file.ReadDoubles(at),
           .for_holds_only = file.HasAttribute(at, "for_holds_only") &&
                             file.ReadIntAttribute(at, "for_holds_only") != 0});
    }
    claims.push_back(std::move(claim));
  }
  return claims;
}

// `times`: of the registrations, in their order.
void MarkLate(const std::vector<std::string>& times, FigureData* figure) {
  for (Claim& claim : figure->claims) {
    claim.registered_late = RegisteredLate(figure->figure, claim.registration, figure->scale, times,
                                           figure->first_run_start);
  }
}

// A column of the table of runs.
struct RunColumn {
  std::string_view name;
  std::string FigureRun::*text;
};

constexpr char kRuns[] = "/runs";
constexpr RunColumn kRunColumns[] = {{"id", &FigureRun::id},
                                     {"label", &FigureRun::label},
                                     {"config_digest", &FigureRun::config_digest},
                                     {"data_digest", &FigureRun::data_digest},
                                     {"parameters_digest", &FigureRun::parameters_digest}};

// How they were made. The config is here, too: files without it are as good, its digest stands
// above.
constexpr char kMaking[] = "/provenance/runs";
constexpr RunColumn kMakingColumns[] = {{"config", &FigureRun::config},
                                        {"cpu", &FigureRun::cpu},
                                        {"device", &FigureRun::device},
                                        {"start", &FigureRun::start}};

void WriteRuns(const char* group, std::span<const RunColumn> columns,
               const std::vector<FigureRun>& runs, Hdf5File& file) {
  for (const auto& [name, text] : columns) {
    std::vector<std::string> column;
    for (const FigureRun& run : runs) {
      column.push_back(run.*text);
    }
    file.Write(fmt::format("{}/{}", group, name), column);
  }
}

// Sets the texts of `runs`, as many as there are rows.
void ReadRuns(const char* group, std::span<const RunColumn> columns, const Hdf5File& file,
              std::vector<FigureRun>* runs) {
  for (const auto& [name, text] : columns) {
    const std::vector<std::string> column = file.ReadStrings(fmt::format("{}/{}", group, name));
    if (column.size() != runs->size()) {
      throw Damaged(file.path(),
                    fmt::format("{}/{} has {} rows, {}/{} has {}", group, name, column.size(),
                                kRuns, kRunColumns[0].name, runs->size()));
    }
    for (size_t row = 0; row < column.size(); ++row) {
      (*runs)[row].*text = column[row];
    }
  }
}

void ReadPanels(const Hdf5File& file, const std::string& group, FigureData* figure) {
  for (const std::string& name : file.List(group)) {
    const std::string path = group + "/" + name;
    if (file.IsGroup(path)) {
      ReadPanels(file, path, figure);
      continue;
    }
    const std::string below = path.substr(std::string("/panels/").size());
    if (file.TypeOf(path) == Hdf5File::Type::kString) {
      figure->texts.push_back({below, file.ReadStrings(path)});
    } else {
      figure->arrays.push_back({below, file.Shape(path), file.ReadDoubles(path),
                                file.ReadStringAttribute(path, "units")});
    }
  }
}

// The item of `items`, a part of `figure`, at `path`.
template <typename Item>
const Item& Find(const FigureData& figure, const std::vector<Item>& items, std::string_view path,
                 std::string Item::*key) {
  const auto found = std::ranges::find(items, path, key);
  if (found == items.end()) {
    throw NoSuchFigureData(fmt::format("the figure file of {} ({} profile) has no data /panels/{}",
                                       figure.figure, figure.profile, path));
  }
  return *found;
}

}  // namespace

void FigureData::Add(std::string path, std::vector<double> values, std::string units) {
  const auto size = static_cast<int64_t>(values.size());
  Add(std::move(path), {size}, std::move(values), std::move(units));
}

void FigureData::Add(std::string path, std::vector<int64_t> shape, std::vector<double> values,
                     std::string units) {
  arrays.push_back({std::move(path), std::move(shape), std::move(values), std::move(units)});
}

const FigureArray& FigureData::Get(std::string_view path) const {
  return Find(*this, arrays, path, &FigureArray::path);
}

const std::vector<std::string>& FigureData::Texts(std::string_view path) const {
  return Find(*this, texts, path, &FigureTexts::path).values;
}

bool FigureData::Has(std::string_view path) const {
  return std::ranges::find(arrays, path, &FigureArray::path) != arrays.end();
}

void MarkLateClaims(FigureData* figure) { MarkLate(Split(kClaimsTimes, ' '), figure); }

void WriteFigureFile(const std::filesystem::path& path, const FigureData& figure) {
  WriteAtomically(path, [&figure](const std::filesystem::path& temporary) {
    Hdf5File file = Hdf5File::Create(temporary);
    WriteHeader(file, "figure", figure.profile);
    file.WriteAttribute("/", "figure", figure.figure);
    file.WriteAttribute("/", "caption", figure.caption);
    file.WriteAttribute("/", "scale", figure.scale);
    file.WriteAttribute("/", "not_judged", figure.not_judged);
    file.MakeGroup("/config");
    file.WriteAttribute("/config", "overrides", figure.overrides);
    file.MakeGroup("/panels");
    for (const FigureArray& array : figure.arrays) {
      file.Write("/panels/" + array.path, array.values, array.shape);
      file.WriteAttribute("/panels/" + array.path, "units", array.units);
    }
    for (const FigureTexts& text : figure.texts) {
      file.Write("/panels/" + text.path, text.values);
    }
    for (const FigurePlot& plot : figure.plots) {
      DescribePlot(file, "/panels/" + plot.group, plot.signal, plot.axes);
    }
    WriteClaims(figure.claims, file);
    WriteRuns(kRuns, kRunColumns, figure.runs, file);
    file.MakeGroup("/provenance");
    WriteRuns(kMaking, kMakingColumns, figure.runs, file);
    WriteGroupDigest(kMaking, file);
    file.WriteAttribute("/provenance", "commit", kGitCommit);
    file.WriteAttribute("/provenance", "dirty", int64_t{kGitDirty});
    file.WriteAttribute("/provenance", "hdf5_version", Hdf5Version());
    file.WriteAttribute("/provenance", "registered_commit", Split(kClaimsCommits, ' '));
    file.WriteAttribute("/provenance", "registered_time", Split(kClaimsTimes, ' '));
    file.WriteAttribute("/provenance", "first_run_start", figure.first_run_start);
    WritePartDigests(file);
    WriteContentDigest(file);
    file.Close();
  });
}

FigureData ReadFigureFile(const std::filesystem::path& path) {
  return WhileReading(path, [&path] {
    const Hdf5File file = Hdf5File::Open(path);
    CheckHeader(file, path, "figure");
    CheckContentDigest(file);
    FigureData figure;
    figure.figure = file.ReadStringAttribute("/", "figure");
    figure.caption = file.ReadStringAttribute("/", "caption");
    figure.profile = file.ReadStringAttribute("/", "profile");
    figure.scale = file.ReadStringAttribute("/", "scale");
    figure.not_judged = file.ReadStringAttribute("/", "not_judged");
    figure.first_run_start = file.ReadStringAttribute("/provenance", "first_run_start");
    figure.overrides = file.ReadStringsAttribute("/config", "overrides");
    ReadPanels(file, "/panels", &figure);
    figure.claims = ReadClaims(file);
    MarkLate(file.ReadStringsAttribute("/provenance", "registered_time"), &figure);
    figure.runs.resize(file.ReadStrings(fmt::format("{}/{}", kRuns, kRunColumns[0].name)).size());
    ReadRuns(kRuns, kRunColumns, file, &figure.runs);
    if (file.Exists(kMaking)) {
      CheckGroupDigest(kMaking, file);
      ReadRuns(kMaking, kMakingColumns, file, &figure.runs);
    }
    return figure;
  });
}

}  // namespace initbias
