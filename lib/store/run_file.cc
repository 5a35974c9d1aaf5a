#include "lib/store/run_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <optional>
#include <string>
#include <string_view>

#include "lib/base/atomic_file.h"
#include "lib/base/error.h"
#include "lib/base/file_access.h"
#include "lib/base/sha256.h"
#include "lib/base/text.h"
#include "lib/store/content_digest.h"
#include "lib/store/hdf5_file.h"
#include "lib/store/header.h"

namespace initbias {
namespace {

// Visits every field of the provenance with its name: one list for writing and reading.
template <typename P, typename Visitor>
void VisitProvenance(P& p, Visitor&& visit) {
  visit("commit", p.commit);
  visit("torch_version", p.torch_version);
  visit("hdf5_version", p.hdf5_version);
  visit("compiler", p.compiler);
  visit("blas", p.blas);
  visit("cpu", p.cpu);
  visit("isa", p.isa);
  visit("cpu_capability", p.cpu_capability);
  visit("kernels", p.kernels);
  visit("host", p.host);
  visit("device", p.device);
  visit("numerics", p.numerics);
  visit("threads", p.threads);
  visit("resumed", p.resumed);
  visit("argv", p.argv);
  visit("start", p.start);
  visit("seconds", p.seconds);
  visit("peak_memory_bytes", p.peak_memory);
}

// SHA-256 of the steps, learning curves and probes, whatever their order.
std::string SeriesDigest(const RunResult& result) {
  std::vector<std::string> parts;
  for (const LearningCurve& curve : result.curves) {
    Sha256 part;
    part.Update(curve.group + "\n");
    part.Update(curve.loss.data(), curve.loss.size() * sizeof(double));
    part.Update(curve.accuracy.data(), curve.accuracy.size() * sizeof(double));
    parts.push_back(part.HexDigest());
  }
  for (const Snapshot& probe : result.probes) {
    parts.push_back(ArraysDigest({{fmt::format("{}/{}", probe.step, probe.name), probe.array}}));
  }
  std::ranges::sort(parts);
  Sha256 sha;
  sha.Update(result.step.data(), result.step.size() * sizeof(int64_t));
  for (const std::string& part : parts) {
    sha.Update(part);
  }
  return sha.HexDigest();
}

void WriteConfig(const RunConfig& config, Hdf5File& file) {
  file.MakeGroup("/config");
  file.MakeGroup("/config/open");
  RunConfig copy = WithoutPaths(config);
  for (const Field& field : Fields(copy)) {
    file.WriteAttribute("/config", field.name, field.get());
    if (!field.open.empty()) {
      file.WriteAttribute("/config/open", field.name, OpenReason(config, field));
    }
  }
  file.WriteAttribute("/config", "canonical", CanonicalForm(config));
}

void WriteSeries(const RunResult& result, Hdf5File& file) {
  file.MakeGroup("/series");
  file.Write("/series/step", result.step, {static_cast<int64_t>(result.step.size())});
  file.WriteAttribute("/series/step", "units", "optimiser steps");
  file.Write("/series/epoch", result.epoch, {static_cast<int64_t>(result.epoch.size())});
  file.WriteAttribute("/series/epoch", "units", "epochs");
  for (const LearningCurve& curve : result.curves) {
    const std::string group = "/series/" + curve.group;
    const std::vector<int64_t> shape = {static_cast<int64_t>(curve.loss.size())};
    file.MakeGroup(group);
    file.Write(group + "/loss", curve.loss, shape);
    file.WriteAttribute(group + "/loss", "units", "nats");
    file.Write(group + "/accuracy", curve.accuracy, shape);
    file.WriteAttribute(group + "/accuracy", "units", AccuracyUnits(result.config));
    file.Link(group + "/epoch", "/series/epoch");
    DescribePlot(file, group, "loss", {"epoch"});
  }
  if (!result.curves.empty()) {
    file.WriteAttribute("/series", "NX_class", "NXentry");
    file.WriteAttribute("/series", "default", result.curves.front().group);
    file.WriteAttribute("/", "default", "series");
  }
}

void WriteArrays(const std::string& group, const std::vector<NamedArray>& arrays, Hdf5File& file) {
  file.MakeGroup(group);
  for (const NamedArray& item : arrays) {
    file.Write(group + "/" + item.name, item.array.values, item.array.shape);
  }
}

std::vector<NamedArray> ReadArrays(const std::string& group, const Hdf5File& file) {
  std::vector<NamedArray> arrays;
  for (const std::string& name : file.List(group)) {
    const std::string path = group + "/" + name;
    arrays.push_back({name, {file.Shape(path), file.ReadFloats(path)}});
  }
  return arrays;
}

void WriteResult(const RunResult& result, Hdf5File& file) {
  WriteConfig(result.config, file);
  WriteSeries(result, file);
  file.MakeGroup("/probes");
  file.WriteAttribute("/probes", "units", "group names are optimiser steps");
  for (const Snapshot& probe : result.probes) {
    // Steps in ten digits, so that their alphabetical order is their order.
    file.Write(fmt::format("/probes/{:010}/{}", probe.step, probe.name), probe.array.values,
               probe.array.shape);
  }
  file.MakeGroup("/digest");
  file.WriteAttribute("/digest", "config", ConfigDigest(result.config));
  file.WriteAttribute("/digest", "data", result.data_digest);
  file.WriteAttribute("/digest", "series", SeriesDigest(result));
  file.MakeGroup("/provenance");
  VisitProvenance(result.provenance, [&file](const char* name, const auto& value) {
    file.WriteAttribute("/provenance", name, value);
  });
  file.WriteAttribute("/provenance", "dirty", int64_t{result.provenance.dirty});
  // Where the texts lay, "" for none of the user's. Of use to people; not read again.
  const bool text = result.config.model == ModelKind::kGpt2;
  const TextConfig& files = result.config.text;
  file.WriteAttribute("/provenance", "prontoqa_path",
                      text && NamesExampleFile(files) ? files.prontoqa : "");
  file.WriteAttribute("/provenance", "tinystories_path",
                      text && NamesStoryFile(files) ? files.tinystories : "");
}

// Throws DamagedFile unless `condition` holds.
void Require(bool condition, const Hdf5File& file, const std::string& what) {
  if (!condition) {
    throw Damaged(file.path(), what);
  }
}

RunConfig ReadConfig(const Hdf5File& file) {
  const std::string text = file.ReadStringAttribute("/config", "canonical");
  try {
    return ParseCanonicalForm(text);
  } catch (const Error& error) {
    throw Damaged(file.path(), fmt::format("its config cannot be read: {}", error.what()));
  }
}

// Config, profile and learning curves.
RunResult ReadCurvesOf(const Hdf5File& file) {
  RunResult result;
  result.config = ReadConfig(file);
  result.profile = file.ReadStringAttribute("/", "profile");
  result.step = file.ReadInts("/series/step");
  result.epoch = file.ReadDoubles("/series/epoch");
  for (const std::string& name : file.List("/series")) {
    const std::string group = "/series/" + name;
    if (file.IsGroup(group)) {
      result.curves.push_back(
          {name, file.ReadDoubles(group + "/loss"), file.ReadDoubles(group + "/accuracy")});
      const LearningCurve& curve = result.curves.back();
      Require(curve.loss.size() == result.step.size() &&
                  curve.accuracy.size() == result.step.size() &&
                  result.epoch.size() == result.step.size(),
              file, group + " has not as many values as /series/step");
    }
  }
  Require(ConfigDigest(result.config) == file.ReadStringAttribute("/digest", "config"), file,
          "its config does not match its digest");
  return result;
}

Provenance ReadProvenance(const Hdf5File& file) {
  Provenance provenance;
  VisitProvenance(provenance, [&file](const char* name, auto& value) {
    using Value = std::remove_reference_t<decltype(value)>;
    if constexpr (std::is_same_v<Value, std::string>) {
      value = file.ReadStringAttribute("/provenance", name);
    } else if constexpr (std::is_same_v<Value, double>) {
      value = file.ReadDoubleAttribute("/provenance", name);
    } else {
      value = file.ReadIntAttribute("/provenance", name);
    }
  });
  provenance.dirty = file.ReadIntAttribute("/provenance", "dirty") != 0;
  return provenance;
}

RunResult ReadResult(const Hdf5File& file) {
  RunResult result = ReadCurvesOf(file);
  for (const std::string& name : file.List("/probes")) {
    const std::string digits = name.substr(std::min(name.find_first_not_of('0'), name.size() - 1));
    const std::optional<int64_t> step = ParseInt(digits);
    Require(step.has_value(), file, "/probes/" + name + " is no step");
    for (NamedArray& item : ReadArrays("/probes/" + name, file)) {
      result.probes.push_back({*step, item.name, std::move(item.array)});
    }
  }
  result.data_digest = file.ReadStringAttribute("/digest", "data");
  result.provenance = ReadProvenance(file);
  return result;
}

RunResult ReadRun(const Hdf5File& file) {
  RunResult result = ReadResult(file);
  result.parameters = ReadArrays("/parameters", file);
  result.parameters_digest = file.ReadStringAttribute("/digest", "parameters");
  const bool kept = file.ReadIntAttribute("/parameters", "kept") != 0;
  Require(kept ? ArraysDigest(result.parameters) == result.parameters_digest
               : result.parameters.empty(),
          file, "its parameters do not match their digest");
  Require(SeriesDigest(result) == file.ReadStringAttribute("/digest", "series"), file,
          "its series and probes do not match their digest");
  return result;
}

Checkpoint ReadState(const Hdf5File& file) {
  Checkpoint checkpoint;
  checkpoint.partial = ReadResult(file);
  checkpoint.step = file.ReadIntAttribute("/state", "step");
  checkpoint.state = ReadArrays("/state", file);
  Require(ArraysDigest(checkpoint.state) == file.ReadStringAttribute("/digest", "state"), file,
          "its state does not match its digest");
  Require(SeriesDigest(checkpoint.partial) == file.ReadStringAttribute("/digest", "series"), file,
          "its series and probes do not match their digest");
  return checkpoint;
}

// What `read` returns of a file that matches its digest. Of one that does not, the error that names
// what was changed, or the error of the part where the damage is, if `read` finds it.
template <typename Read>
auto ReadWhole(const Hdf5File& file, Read&& read) {
  try {
    CheckContentDigest(file);
  } catch (const FileRefused&) {
    throw;
  } catch (const Error&) {
    if (HasPartDigests(file)) {
      throw;
    }
    try {
      read(file);
    } catch (const Error&) {
      throw;
    } catch (const std::exception&) {
      // What the damage leads to, but no word of where it is.
    }
    throw;
  }
  return read(file);
}

// Whether `name` may be the id of a run.
bool IsId(std::string_view name) {
  constexpr size_t kLength = 16;
  return name.size() == kLength &&
         name.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

void WriteRunFile(const std::filesystem::path& path, const RunResult& result) {
  WriteAtomically(
      path,
      [&result](const std::filesystem::path& temporary) {
        Hdf5File file = Hdf5File::Create(temporary);
        WriteHeader(file, "run", result.profile);
        WriteResult(result, file);
        WriteArrays("/parameters", result.parameters, file);
        file.WriteAttribute("/parameters", "kept", int64_t{!result.parameters.empty()});
        file.WriteAttribute("/digest", "parameters", result.parameters_digest);
        WritePartDigests(file);
        WriteContentDigest(file);
        file.Close();
      },
      Leftovers::kKeep);
}

void WriteCheckpoint(const std::filesystem::path& path, const Checkpoint& checkpoint) {
  WriteAtomically(
      path,
      [&checkpoint](const std::filesystem::path& temporary) {
        Hdf5File file = Hdf5File::Create(temporary);
        WriteHeader(file, "checkpoint", checkpoint.partial.profile);
        WriteResult(checkpoint.partial, file);
        WriteArrays("/state", checkpoint.state, file);
        file.WriteAttribute("/state", "step", checkpoint.step);
        file.WriteAttribute("/digest", "state", ArraysDigest(checkpoint.state));
        WriteContentDigest(file);
        file.Close();
      },
      Leftovers::kKeep);
}

RunResult ReadRunFile(const std::filesystem::path& path) {
  return WhileReading(path, [&path] {
    const Hdf5File file = Hdf5File::Open(path);
    CheckHeader(file, path, "run");
    return ReadWhole(file, ReadRun);
  });
}

std::string WrongName(const std::filesystem::path& path, const RunConfig& config) {
  const std::string id = RunId(config);
  // Of a file that was moved aside, <id>.h5.aside, too.
  const std::string name = path.filename().string();
  return name.substr(0, name.find('.')) == id
             ? ""
             : fmt::format("{} holds the run {}, which its name does not say", path.string(), id);
}

void CheckName(const std::filesystem::path& path, const RunConfig& config) {
  const std::filesystem::path folder = path.parent_path().filename();
  if (folder != "runs" && folder != "checkpoints" && !IsId(path.stem().string())) {
    return;
  }
  if (const std::string wrong = WrongName(path, config); !wrong.empty()) {
    throw Error(wrong);
  }
}

RunResult ReadRunFile(const std::filesystem::path& path, const RunConfig& config) {
  RunResult result = ReadRunFile(path);
  if (ConfigDigest(result.config) != ConfigDigest(config)) {
    throw OtherRun(fmt::format("{} holds another run ({}) than its name says ({})", path.string(),
                               RunLabel(result.config), RunLabel(config)));
  }
  result.config = config;  // with the paths of its texts
  return result;
}

RunResult ReadCurves(const std::filesystem::path& path) {
  return WhileReading(path, [&path] {
    const Hdf5File file = Hdf5File::Open(path);
    if (ReadKind(file, path) == "figure") {
      throw Error(fmt::format("{} is a figure file, not one of a run", path.string()));
    }
    return ReadCurvesOf(file);
  });
}

CheckedCurves ReadCheckedCurves(const std::filesystem::path& path) {
  return WhileReading(path, [&path] {
    const Hdf5File file = Hdf5File::Open(path);
    CheckHeader(file, path, "run");
    CheckContentDigest(file);
    CheckedCurves checked{.run = ReadCurvesOf(file),
                          .digest = file.ReadStringAttribute("/", "digest")};
    checked.run.provenance = ReadProvenance(file);  // which the digest is not over
    return checked;
  });
}

Checkpoint ReadCheckpoint(const std::filesystem::path& path) {
  return WhileReading(path, [&path] {
    const Hdf5File file = Hdf5File::Open(path);
    CheckHeader(file, path, "checkpoint");
    return ReadWhole(file, ReadState);
  });
}

}  // namespace initbias
