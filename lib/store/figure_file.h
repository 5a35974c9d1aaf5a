// The file of one figure: just the numbers that are drawn, the claims with their verdicts, and the
// runs they came from. Small enough to be shipped, and all that a picture is made from.
#ifndef INITBIAS_LIB_STORE_FIGURE_FILE_H_
#define INITBIAS_LIB_STORE_FIGURE_FILE_H_

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/error.h"
#include "lib/claims/claim.h"

namespace initbias {

// A row-major array to be drawn.
struct FigureArray {
  std::string path;  // below /panels, e.g. "A/gamma=0.3/memory/loss"
  std::vector<int64_t> shape;
  std::vector<double> values;
  std::string units;
};

// Texts to be drawn, e.g. the names of a table's rows.
struct FigureTexts {
  std::string path;  // below /panels
  std::vector<std::string> values;
};

// One plot for generic HDF5 viewers: data sets of the group /panels/<group>.
struct FigurePlot {
  std::string group;   // "A/gamma=0.3/memory"
  std::string signal;  // "loss"
  std::vector<std::string> axes;
};

// A run that the figure was assembled from.
struct FigureRun {
  std::string id;
  std::string label;
  std::string config_digest;
  std::string data_digest;
  std::string parameters_digest;
  // Of how it was made, "" in files of older programs: its config in canonical form, processor,
  // device and start (UTC, ISO 8601).
  std::string config = {};
  std::string cpu = {};
  std::string device = {};
  std::string start = {};
};

// FigureData::not_judged begins so where runs were on their way: "unfinished: epoch 3 of 1000".
inline constexpr std::string_view kUnfinished = "unfinished: ";

// A figure file, of an older program, say, lacks what is asked for.
class NoSuchFigureData : public Error {
 public:
  using Error::Error;
};

struct FigureData {
  std::string figure;  // "fig3"
  std::string caption;
  std::string profile;
  std::string scale;                   // "smoke" or one of kScales
  std::string not_judged;              // why no claim of it is judged; "" where they are
  std::string first_run_start;         // UTC, ISO 8601, of the earliest of its runs; or ""
  std::vector<std::string> overrides;  // --set, in order
  std::vector<FigureArray> arrays;
  std::vector<FigureTexts> texts;
  std::vector<FigurePlot> plots;
  std::vector<Claim> claims;
  std::vector<FigureRun> runs;

  void Add(std::string path, std::vector<double> values, std::string units);
  void Add(std::string path, std::vector<int64_t> shape, std::vector<double> values,
           std::string units);
  // The array at `path` (below /panels). Throws NoSuchFigureData where there is none.
  const FigureArray& Get(std::string_view path) const;
  bool Has(std::string_view path) const;
  // The texts at `path`. Throws NoSuchFigureData where there are none.
  const std::vector<std::string>& Texts(std::string_view path) const;
};

// Sets registered_late of the claims, by first_run_start and the registrations that this binary was
// built from, which WriteFigureFile writes; ReadFigureFile sets it by those that the file names.
void MarkLateClaims(FigureData* figure);

// Writes atomically. Throws Error when the disk refuses; what was there before stays.
void WriteFigureFile(const std::filesystem::path& path, const FigureData& figure);

// Throws Error on a file that is missing, damaged, of another kind, figure or schema version.
FigureData ReadFigureFile(const std::filesystem::path& path);

}  // namespace initbias

#endif  // INITBIAS_LIB_STORE_FIGURE_FILE_H_
