// HDF5 as the store needs it: typed arrays and attributes at paths, handles that close themselves,
// every status checked. Not a general wrapper; the only module that includes HDF5's headers.
//
// Files written the same way hold the same bytes: object times are off, strings have fixed lengths.
#ifndef INITBIAS_LIB_STORE_HDF5_FILE_H_
#define INITBIAS_LIB_STORE_HDF5_FILE_H_

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/error.h"

namespace initbias {

// The version of the HDF5 library, e.g. "1.10.8".
std::string Hdf5Version();

// An open HDF5 file. Paths are absolute ("/series/memory/loss"); groups on the way are made when
// written to. All members throw Error, which names file and path, on whatever the library refuses,
// on a missing object and on one of another type: DamagedFile where what is read is not there, or
// not as HDF5 writes it; FileRefused where the system refuses: the file may then be whole. One
// thread at a time.
class Hdf5File {
 public:
  // A new, empty file at `path`; an older one is replaced.
  static Hdf5File Create(const std::filesystem::path& path);
  // An existing file, to be read. A missing, truncated or foreign file is an Error that says which;
  // one that is locked, not ours to read or on a failing disk is FileRefused. A file system without
  // locks is no hindrance.
  static Hdf5File Open(const std::filesystem::path& path);

  Hdf5File(Hdf5File&& other) noexcept;
  Hdf5File& operator=(Hdf5File&& other) = delete;
  ~Hdf5File();

  // Flushes and closes; throws where that fails (a full disk, say). The destructor closes silently.
  void Close();

  // Writes row-major `values` as a new data set of `shape` (whose product is their number).
  void Write(const std::string& path, std::span<const float> values,
             const std::vector<int64_t>& shape);
  void Write(const std::string& path, std::span<const double> values,
             const std::vector<int64_t>& shape);
  void Write(const std::string& path, std::span<const int64_t> values,
             const std::vector<int64_t>& shape);
  void Write(const std::string& path, const std::vector<std::string>& values);

  void MakeGroup(const std::string& path);
  // Another name for the object at `target`.
  void Link(const std::string& path, const std::string& target);

  // Attributes of the object at `path`. HDF5's end at 64 KiB: of a group, longer texts become a
  // data set of that name in the group, and are read as the attribute that they stand for.
  void WriteAttribute(const std::string& path, const std::string& name, std::string_view value);
  void WriteAttribute(const std::string& path, const std::string& name, int64_t value);
  void WriteAttribute(const std::string& path, const std::string& name, double value);
  void WriteAttribute(const std::string& path, const std::string& name,
                      const std::vector<std::string>& values);

  const std::filesystem::path& path() const { return path_; }

  bool Exists(const std::string& path) const;
  bool HasAttribute(const std::string& path, const std::string& name) const;
  bool IsGroup(const std::string& path) const;
  // The names in the group at `path`, in alphabetical order. DamagedFile of one that is deeper than
  // any of ours, in itself, say.
  std::vector<std::string> List(const std::string& path) const;
  std::vector<std::string> ListAttributes(const std::string& path) const;

  // What kind of values a data set holds.
  enum class Type { kInt, kFloat, kString, kOther };
  Type TypeOf(const std::string& path) const;

  std::vector<int64_t> Shape(const std::string& path) const;
  std::vector<float> ReadFloats(const std::string& path) const;
  std::vector<double> ReadDoubles(const std::string& path) const;
  std::vector<int64_t> ReadInts(const std::string& path) const;
  std::vector<std::string> ReadStrings(const std::string& path) const;
  std::string ReadStringAttribute(const std::string& path, const std::string& name) const;
  int64_t ReadIntAttribute(const std::string& path, const std::string& name) const;
  double ReadDoubleAttribute(const std::string& path, const std::string& name) const;
  std::vector<std::string> ReadStringsAttribute(const std::string& path,
                                                const std::string& name) const;
  // Any attribute, as text for people; all of an object with their names, in alphabetical order.
  std::string AttributeText(const std::string& path, const std::string& name) const;
  std::vector<std::pair<std::string, std::string>> AttributeTexts(const std::string& path) const;

 private:
  // Makes the groups above `path` that are missing.
  void MakeParents(const std::string& path);

  Hdf5File(std::filesystem::path path, int64_t id) : path_(std::move(path)), id_(id) {}

  template <typename T>
  void WriteNumbers(const std::string& path, std::span<const T> values,
                    const std::vector<int64_t>& shape);
  template <typename T>
  std::vector<T> ReadNumbers(const std::string& path) const;
  template <typename T>
  T ReadNumberAttribute(const std::string& path, const std::string& name) const;

  // The data set that stands for a long attribute of the group at `path`, or "".
  std::string LongAttribute(const std::string& path, const std::string& name) const;

  // `type` and `space` are HDF5 ids.
  void WriteRawAttribute(const std::string& path, const std::string& name, int64_t type,
                         int64_t space, const void* values);
  // The id of an open attribute, to be closed by the caller.
  int64_t OpenAttribute(const std::string& path, const std::string& name) const;
  // `object`, `attribute`: ids of what is open at `path`.
  std::vector<std::string> AttributeNames(int64_t object, const std::string& path) const;
  std::string TextOf(int64_t attribute, const std::string& path, const std::string& name) const;
  Error UnexpectedType(const std::string& path, const std::string& name) const;

  // Throws DamagedFile where the file cannot hold `count` values of `size` bytes at `path`.
  void CheckSize(size_t count, size_t size, std::string_view path) const;

  // `status` as it is. Where it is negative Error "cannot <action> <path> in <file>"; of a file
  // that is read DamagedFile "<file> is damaged: cannot <action> <path>".
  int64_t Check(int64_t status, std::string_view action, std::string_view path) const;

  std::filesystem::path path_;
  int64_t id_;  // hid_t, kept out of this header
};

}  // namespace initbias

#endif  // INITBIAS_LIB_STORE_HDF5_FILE_H_
