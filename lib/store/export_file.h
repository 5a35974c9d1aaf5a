// Arrays for other programs: NumPy's npz, and CSV.
//
// An npz is a zip of one npy file an array. Its members are stored, not compressed, so that all it
// takes is a check sum (CRC-32, a table of 256 numbers): a zip library would be one more package
// to install for that. Neither format has times in it: the same arrays are the same bytes.
#ifndef INITBIAS_LIB_STORE_EXPORT_FILE_H_
#define INITBIAS_LIB_STORE_EXPORT_FILE_H_

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace initbias {

// A row-major array. A shape without dimensions is a single value.
struct ExportArray {
  using Values = std::variant<std::vector<float>, std::vector<double>, std::vector<int32_t>,
                              std::vector<int64_t>, std::vector<std::string>>;
  std::string name;  // may have slashes: "series/memory/loss"
  std::vector<int64_t> shape;
  Values values;
  std::string units;  // told in long CSV files alone; or ""
};

// The check sum of zip, gzip and PNG over `bytes`.
uint32_t Crc32(std::string_view bytes);

// Writes an npz, atomically: numbers as they are, texts as NumPy's fixed-length Unicode. Throws
// Error where an array, or the file, would be of 4 GiB or more (the end of plain zip), and where
// the disk refuses.
void WriteNpz(const std::filesystem::path& path, const std::vector<ExportArray>& arrays);

// Writes a table with a column an array, atomically: arrays of as many rows [n] or [n, k], of which
// the latter are k columns, "<name>_0" and so on. Numbers are the shortest that read as the same.
void WriteCsv(const std::filesystem::path& path, const std::vector<ExportArray>& arrays);

// Writes a table with a row a value, atomically: array, units, i, j, .. (the indices, as many as
// the largest array has dimensions), value.
void WriteLongCsv(const std::filesystem::path& path, const std::vector<ExportArray>& arrays);

}  // namespace initbias

#endif  // INITBIAS_LIB_STORE_EXPORT_FILE_H_
