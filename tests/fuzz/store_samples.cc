#include "tests/fuzz/store_samples.h"

#include <cstdint>
#include <vector>

#include "lib/result/run_result.h"
#include "lib/store/figure_file.h"
#include "lib/store/run_file.h"
#include "tests/fuzz/properties.h"
#include "tests/store/contents.h"
#include "tests/store/sample_results.h"

namespace initbias::fuzz {
namespace {

// Whether so many values fill an array of `shape`.
bool Fills(size_t values, const std::vector<int64_t>& shape) {
  int64_t count = 1;
  for (const int64_t d : shape) {
    count *= d;
  }
  return count == static_cast<int64_t>(values);
}

void CheckArrays(const std::vector<NamedArray>& arrays) {
  for (const NamedArray& item : arrays) {
    Hold(Fills(item.array.values.size(), item.array.shape), "an array has the values of its shape");
  }
}

// Checks what a reader promises of the parts, and returns them.
const RunResult& Whole(const RunResult& run) {
  for (const LearningCurve& curve : run.curves) {
    Hold(curve.loss.size() == run.step.size() && curve.accuracy.size() == run.step.size() &&
             run.epoch.size() == run.step.size(),
         "series are as long as the steps");
  }
  for (const Snapshot& probe : run.probes) {
    Hold(Fills(probe.array.values.size(), probe.array.shape),
         "a probe has the values of its shape");
  }
  CheckArrays(run.parameters);
  return run;
}

const FigureData& Whole(const FigureData& figure) {
  for (const FigureArray& array : figure.arrays) {
    Hold(Fills(array.values.size(), array.shape), "a panel's array has the values of its shape");
  }
  return figure;
}

}  // namespace

void WriteSampleFile(size_t kind, const std::filesystem::path& path) {
  switch (kind) {
    case 0:
      return WriteRunFile(path, SampleRun());
    case 1:
      return WriteCheckpoint(path, SampleCheckpoint());
    default:
      return WriteFigureFile(path, SampleFigure());
  }
}

std::string ReadNumbers(size_t kind, const std::filesystem::path& path) {
  switch (kind) {
    case 0:
      return NumbersDigest(Whole(ReadRunFile(path)));
    case 1: {
      const Checkpoint checkpoint = ReadCheckpoint(path);
      Whole(checkpoint.partial);
      CheckArrays(checkpoint.state);
      return NumbersDigest(checkpoint);
    }
    default:
      return NumbersDigest(Whole(ReadFigureFile(path)));
  }
}

void WriteWhatIsRead(size_t kind, const std::filesystem::path& from,
                     const std::filesystem::path& to) {
  switch (kind) {
    case 0:
      return WriteRunFile(to, ReadRunFile(from));
    case 1:
      return WriteCheckpoint(to, ReadCheckpoint(from));
    default:
      return WriteFigureFile(to, ReadFigureFile(from));
  }
}

}  // namespace initbias::fuzz

// HDF5 1.10 itself loses memory where it refuses a damaged object header. What
// our own code loses has a frame of ours and no such name in it.
extern "C" const char* __lsan_default_suppressions();  // NOLINT(bugprone-reserved-identifier)
extern "C" const char* __lsan_default_suppressions() { return "leak:libhdf5\n"; }
