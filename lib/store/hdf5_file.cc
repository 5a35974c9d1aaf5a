#include "lib/store/hdf5_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <hdf5.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/file_access.h"

namespace initbias {
namespace {

using CloseFunction = herr_t (*)(hid_t);

// Throws Error where a call that cannot well fail did: out of memory, or a library that is broken.
int64_t Must(int64_t status) {
  if (status < 0) {
    throw Error("a call of the HDF5 library failed");
  }
  return status;
}

// Owns one HDF5 id. Throws Error for the negative one of a call that failed.
class Handle {
 public:
  Handle(int64_t id, CloseFunction close) : id_(Must(id)), close_(close) {}
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
  Handle& operator=(Handle&&) = delete;
  ~Handle() {
    if (id_ >= 0) {
      close_(id_);
    }
  }
  hid_t get() const { return id_; }

 private:
  hid_t id_;
  CloseFunction close_;
};

// The HDF5 types of the numbers that are stored, in files and in memory. Functions, because HDF5's
// names are variables that it sets when it starts.
template <typename T>
hid_t FileType() {
  if constexpr (std::is_same_v<T, float>) {
    return H5T_IEEE_F32LE;
  } else if constexpr (std::is_same_v<T, double>) {
    return H5T_IEEE_F64LE;
  } else {
    static_assert(std::is_same_v<T, int64_t>);
    return H5T_STD_I64LE;
  }
}

template <typename T>
hid_t MemoryType() {
  return std::is_same_v<T, float>    ? H5T_NATIVE_FLOAT
         : std::is_same_v<T, double> ? H5T_NATIVE_DOUBLE
                                     : H5T_NATIVE_INT64;
}

template <typename T>
constexpr H5T_class_t kTypeClass = std::is_floating_point_v<T> ? H5T_FLOAT : H5T_INTEGER;

// HDF5's own messages go to stderr unless switched off; ours say what matters.
void SilenceLibrary() { Must(H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr)); }

// What the system refused in the last call of the library, where that is why it failed.
struct SystemRefusal {
  int number = 0;        // errno
  bool locking = false;  // it would not lock the file
};

// The library hands errno on in the texts of its stack of errors alone: "unable to lock file, errno
// = 11, error message = ..".
herr_t FindRefusal(unsigned /*depth*/, const H5E_error2_t* entry, void* data) {
  constexpr std::string_view kNumber = "errno = ";
  const std::string_view text = entry->desc != nullptr ? entry->desc : "";
  const size_t at = text.find(kNumber);
  if (at != std::string_view::npos) {
    auto* found = static_cast<SystemRefusal*>(data);
    const std::string_view digits = text.substr(at + kNumber.size());
    std::from_chars(digits.data(), digits.data() + digits.size(), found->number);
    found->locking = text.find("lock file") != std::string_view::npos;
  }
  return 0;
}

// Of the call that has just failed; nothing where the system refused nothing, as with a file that
// is no HDF5.
std::optional<SystemRefusal> LastRefusal() {
  SystemRefusal found;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, FindRefusal, &found);
  return found.number > 0 ? std::optional(found) : std::nullopt;
}

// Makes `access` do without locks; false where this HDF5 cannot be told to:
// HDF5_USE_FILE_LOCKING=FALSE in the environment does it there.
bool SwitchLocksOff(hid_t access) {
#if H5_VERSION_GE(1, 10, 7) && !(H5_VERS_MINOR == 12 && H5_VERS_RELEASE == 0)
  Must(H5Pset_file_locking(access, /*use_file_locking=*/false, /*ignore_when_disabled=*/true));
  return true;
#else
  (void)access;
  return false;
#endif
}

// The id that `open` returns for a file's access properties; negative where there is something
// wrong with the file. On a file system without locks the file is opened without one; a lock that
// another program holds is kept to. Throws FileRefused, "cannot <action> <path>: ..".
template <typename Open>
hid_t OpenFile(std::string_view action, const std::filesystem::path& path, Open&& open) {
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  hid_t id = open(access.get());
  std::optional<SystemRefusal> refusal = id < 0 ? LastRefusal() : std::nullopt;
  if (refusal && refusal->locking && refusal->number != EWOULDBLOCK &&
      SwitchLocksOff(access.get())) {
    id = open(access.get());
    refusal = id < 0 ? LastRefusal() : std::nullopt;
  }
  if (refusal) {
    throw Refused(action, path, refusal->number);
  }
  return id;
}

// Strings of equal length `size`, padded with zeros.
Handle StringType(size_t size) {
  Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
  Must(H5Tset_size(type.get(), std::max<size_t>(size, 1)));
  Must(H5Tset_strpad(type.get(), H5T_STR_NULLPAD));
  Must(H5Tset_cset(type.get(), H5T_CSET_UTF8));
  return type;
}

size_t LongestSize(const std::vector<std::string>& values) {
  size_t longest = 1;
  for (const std::string& value : values) {
    longest = std::max(longest, value.size());
  }
  return longest;
}

std::string Packed(const std::vector<std::string>& values, size_t size) {
  std::string packed(values.size() * size, '\0');
  for (size_t i = 0; i < values.size(); ++i) {
    values[i].copy(packed.data() + i * size, size);
  }
  return packed;
}

std::vector<std::string> Unpacked(const std::string& packed, size_t size) {
  std::vector<std::string> values;
  for (size_t start = 0; start < packed.size(); start += size) {
    const std::string value = packed.substr(start, size);
    values.push_back(value.substr(0, value.find_last_not_of('\0') + 1));
  }
  return values;
}

// The texts of an open attribute; nothing where it has no texts of a fixed length. `check` returns
// the status that it is given, or throws.
// `check_size` throws where values of a size, so many of them, cannot be in the file.
template <typename CheckStatus, typename CheckSize>
std::optional<std::vector<std::string>> StringsOf(hid_t attribute, const CheckStatus& check,
                                                  const CheckSize& check_size) {
  const Handle type(check(H5Aget_type(attribute)), H5Tclose);
  const Handle space(check(H5Aget_space(attribute)), H5Sclose);
  if (H5Tget_class(type.get()) != H5T_STRING || check(H5Tis_variable_str(type.get())) > 0) {
    return std::nullopt;
  }
  const size_t size = H5Tget_size(type.get());
  const auto count = static_cast<size_t>(check(H5Sget_simple_extent_npoints(space.get())));
  check_size(count, size);
  std::string packed(size * count, '\0');
  if (count > 0) {
    check(H5Aread(attribute, type.get(), packed.data()));
  }
  return Unpacked(packed, size);
}

// The one number of an open attribute; nothing where it is no number of this kind, or not one.
template <typename T, typename CheckStatus>
std::optional<T> NumberOf(hid_t attribute, const CheckStatus& check) {
  const Handle type(check(H5Aget_type(attribute)), H5Tclose);
  const Handle space(check(H5Aget_space(attribute)), H5Sclose);
  if (H5Tget_class(type.get()) != kTypeClass<T> || H5Sget_simple_extent_npoints(space.get()) != 1) {
    return std::nullopt;
  }
  T value{};
  check(H5Aread(attribute, MemoryType<T>(), &value));
  return value;
}

// Of an attribute's values: a little less than the 64 KiB of a message in an object's header.
constexpr size_t kLongestAttribute = 65'000;

std::string Below(const std::string& group, const std::string& name) {
  return group == "/" ? "/" + name : group + "/" + name;
}

std::vector<hsize_t> Dimensions(const std::vector<int64_t>& shape) {
  return {shape.begin(), shape.end()};
}

Handle SimpleSpace(const std::vector<int64_t>& shape) {
  const std::vector<hsize_t> dims = Dimensions(shape);
  return {shape.empty() ? H5Screate(H5S_SCALAR)
                        : H5Screate_simple(static_cast<int>(dims.size()), dims.data(), nullptr),
          H5Sclose};
}

// Object creation without times: the same content is the same bytes.
Handle ObjectProperties(hid_t kind) {
  Handle properties(H5Pcreate(kind), H5Pclose);
  Must(H5Pset_obj_track_times(properties.get(), false));
  return properties;
}

herr_t CollectName(hid_t /*group*/, const char* name, const H5L_info_t* /*info*/, void* data) {
  static_cast<std::vector<std::string>*>(data)->emplace_back(name);
  return 0;
}

herr_t CollectAttribute(hid_t /*object*/, const char* name, const H5A_info_t* /*info*/,
                        void* data) {
  static_cast<std::vector<std::string>*>(data)->emplace_back(name);
  return 0;
}

}  // namespace

std::string Hdf5Version() {
  unsigned major = 0;
  unsigned minor = 0;
  unsigned release = 0;
  H5get_libversion(&major, &minor, &release);
  return fmt::format("{}.{}.{}", major, minor, release);
}

Hdf5File Hdf5File::Create(const std::filesystem::path& path) {
  SilenceLibrary();
  const Handle properties = ObjectProperties(H5P_FILE_CREATE);
  const hid_t id = OpenFile("write", path, [&](hid_t access) {
    // The format of HDF5 1.8: it has checksums over all that describes the data, so that the
    // library refuses a damaged description, on which it could crash else.
    H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_V18);
    return H5Fcreate(path.c_str(), H5F_ACC_TRUNC, properties.get(), access);
  });
  if (id < 0) {
    throw Error(fmt::format("cannot write {}: the file system refuses to make it", path.string()));
  }
  return {path, id};
}

Hdf5File Hdf5File::Open(const std::filesystem::path& path) {
  SilenceLibrary();
  if (!FileExists(path)) {
    throw Error(fmt::format("there is no file {}", path.string()));
  }
  CheckReadable(path);
  const hid_t id = OpenFile(
      "read", path, [&](hid_t access) { return H5Fopen(path.c_str(), H5F_ACC_RDONLY, access); });
  if (id < 0) {
    throw DamagedFile(fmt::format(
        "cannot read {}: it is no HDF5 file, or it is truncated or damaged", path.string()));
  }
  return {path, id};
}

Hdf5File::Hdf5File(Hdf5File&& other) noexcept
    : path_(std::move(other.path_)), id_(std::exchange(other.id_, -1)) {}

Hdf5File::~Hdf5File() {
  if (id_ >= 0) {
    H5Fclose(id_);
  }
}

void Hdf5File::Close() {
  // All that was written may still be in memory: it is here that a disk is full.
  const bool written = H5Fflush(id_, H5F_SCOPE_GLOBAL) >= 0;
  if (!written || H5Fclose(std::exchange(id_, -1)) < 0) {
    if (const std::optional<SystemRefusal> refusal = LastRefusal()) {
      throw Refused("write", path_, refusal->number);
    }
    throw Error(fmt::format("cannot write {}", path_.string()));
  }
}

int64_t Hdf5File::Check(int64_t status, std::string_view action, std::string_view path) const {
  if (status < 0) {
    if (const std::optional<SystemRefusal> refusal = LastRefusal()) {
      throw Refused(fmt::format("{} {} in", action, path), path_, refusal->number);
    }
    unsigned intent = H5F_ACC_RDWR;
    if (H5Fget_intent(id_, &intent) >= 0 && intent == H5F_ACC_RDONLY) {
      throw Damaged(path_, fmt::format("cannot {} {}", action, path));
    }
    throw Error(fmt::format("cannot {} {} in {}", action, path, path_.string()));
  }
  return status;
}

void Hdf5File::CheckSize(size_t count, size_t size, std::string_view path) const {
  constexpr double kMostOfOne = 1100;  // bytes; what HDF5 can pack, zlib, makes up to 1032
  hsize_t bytes = 0;
  Check(H5Fget_filesize(id_, &bytes), "read", path);
  if (size == 0 || static_cast<double>(count) * static_cast<double>(size) >
                       kMostOfOne * static_cast<double>(bytes)) {
    throw Damaged(path_, fmt::format("{} is to have {} values of {} bytes, and the file has {}",
                                     path, count, size, bytes));
  }
}

template <typename T>
void Hdf5File::WriteNumbers(const std::string& path, std::span<const T> values,
                            const std::vector<int64_t>& shape) {
  int64_t count = 1;
  for (const int64_t d : shape) {
    count *= d;
  }
  INITBIAS_CHECK(count == static_cast<int64_t>(values.size()));
  const Handle space = SimpleSpace(shape);
  MakeParents(path);
  const Handle properties = ObjectProperties(H5P_DATASET_CREATE);
  const Handle data(Check(H5Dcreate2(id_, path.c_str(), FileType<T>(), space.get(), H5P_DEFAULT,
                                     properties.get(), H5P_DEFAULT),
                          "make", path),
                    H5Dclose);
  if (!values.empty()) {
    Check(H5Dwrite(data.get(), MemoryType<T>(), H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()),
          "write", path);
  }
}

void Hdf5File::Write(const std::string& path, std::span<const float> values,
                     const std::vector<int64_t>& shape) {
  WriteNumbers(path, values, shape);
}

void Hdf5File::Write(const std::string& path, std::span<const double> values,
                     const std::vector<int64_t>& shape) {
  WriteNumbers(path, values, shape);
}

void Hdf5File::Write(const std::string& path, std::span<const int64_t> values,
                     const std::vector<int64_t>& shape) {
  WriteNumbers(path, values, shape);
}

void Hdf5File::Write(const std::string& path, const std::vector<std::string>& values) {
  const size_t size = LongestSize(values);
  const std::string packed = Packed(values, size);
  const Handle type = StringType(size);
  const Handle space = SimpleSpace({static_cast<int64_t>(values.size())});
  MakeParents(path);
  const Handle properties = ObjectProperties(H5P_DATASET_CREATE);
  const Handle data(Check(H5Dcreate2(id_, path.c_str(), type.get(), space.get(), H5P_DEFAULT,
                                     properties.get(), H5P_DEFAULT),
                          "make", path),
                    H5Dclose);
  if (!values.empty()) {
    Check(H5Dwrite(data.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, packed.data()), "write",
          path);
  }
}

// HDF5 would make them by itself, but with times.
void Hdf5File::MakeParents(const std::string& path) {
  for (size_t end = path.find('/', 1); end != std::string::npos; end = path.find('/', end + 1)) {
    const std::string parent = path.substr(0, end);
    if (H5Lexists(id_, parent.c_str(), H5P_DEFAULT) <= 0) {
      MakeGroup(parent);
    }
  }
}

void Hdf5File::MakeGroup(const std::string& path) {
  MakeParents(path);
  const Handle properties = ObjectProperties(H5P_GROUP_CREATE);
  const Handle group(
      Check(H5Gcreate2(id_, path.c_str(), H5P_DEFAULT, properties.get(), H5P_DEFAULT), "make",
            path),
      H5Gclose);
}

void Hdf5File::Link(const std::string& path, const std::string& target) {
  MakeParents(path);
  Check(H5Lcreate_hard(id_, target.c_str(), id_, path.c_str(), H5P_DEFAULT, H5P_DEFAULT), "link",
        path);
}

void Hdf5File::WriteRawAttribute(const std::string& path, const std::string& name, int64_t type,
                                 int64_t space, const void* values) {
  const Handle attribute(Check(H5Acreate_by_name(id_, path.c_str(), name.c_str(), type, space,
                                                 H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
                               "write the attribute " + name + " of", path),
                         H5Aclose);
  if (H5Sget_simple_extent_npoints(space) > 0) {
    Check(H5Awrite(attribute.get(), type, values), "write the attribute " + name + " of", path);
  }
}

void Hdf5File::WriteAttribute(const std::string& path, const std::string& name,
                              std::string_view value) {
  if (value.size() > kLongestAttribute) {
    Write(Below(path, name), std::vector<std::string>{std::string(value)});
    return;
  }
  const Handle type = StringType(value.size());
  // An empty text is one zero.
  const std::string padded = value.empty() ? std::string(1, '\0') : std::string(value);
  WriteRawAttribute(path, name, type.get(), SimpleSpace({}).get(), padded.data());
}

void Hdf5File::WriteAttribute(const std::string& path, const std::string& name, int64_t value) {
  WriteRawAttribute(path, name, FileType<int64_t>(), SimpleSpace({}).get(), &value);
}

void Hdf5File::WriteAttribute(const std::string& path, const std::string& name, double value) {
  WriteRawAttribute(path, name, FileType<double>(), SimpleSpace({}).get(), &value);
}

void Hdf5File::WriteAttribute(const std::string& path, const std::string& name,
                              const std::vector<std::string>& values) {
  const size_t size = LongestSize(values);
  if (size * values.size() > kLongestAttribute) {
    Write(Below(path, name), values);
    return;
  }
  const Handle type = StringType(size);
  WriteRawAttribute(path, name, type.get(),
                    SimpleSpace({static_cast<int64_t>(values.size())}).get(),
                    Packed(values, size).data());
}

bool Hdf5File::Exists(const std::string& path) const {
  // H5Lexists asks for one link at a time: each group on the way is asked for in turn.
  for (size_t end = path.find('/', 1); end != std::string::npos; end = path.find('/', end + 1)) {
    const std::string group = path.substr(0, end);
    if (Check(H5Lexists(id_, group.c_str(), H5P_DEFAULT), "look up", group) == 0) {
      return false;
    }
  }
  return path == "/" || Check(H5Lexists(id_, path.c_str(), H5P_DEFAULT), "look up", path) > 0;
}

bool Hdf5File::HasAttribute(const std::string& path, const std::string& name) const {
  return Exists(path) && (Check(H5Aexists_by_name(id_, path.c_str(), name.c_str(), H5P_DEFAULT),
                                "look up an attribute of", path) > 0 ||
                          !LongAttribute(path, name).empty());
}

std::string Hdf5File::LongAttribute(const std::string& path, const std::string& name) const {
  // Most attributes are short, and to open a group takes longer than to look one up.
  if (!Exists(path) ||
      Check(H5Aexists_by_name(id_, path.c_str(), name.c_str(), H5P_DEFAULT),
            "look up an attribute of", path) > 0 ||
      !IsGroup(path)) {
    return "";
  }
  const std::string below = Below(path, name);
  return Exists(below) && !IsGroup(below) && TypeOf(below) == Type::kString ? below : "";
}

bool Hdf5File::IsGroup(const std::string& path) const {
  const Handle object(Check(H5Oopen(id_, path.c_str(), H5P_DEFAULT), "open", path), H5Oclose);
  return H5Iget_type(object.get()) == H5I_GROUP;
}

std::vector<std::string> Hdf5File::List(const std::string& path) const {
  // A group that is in itself, by a link, would be listed for ever.
  constexpr int64_t kDeepest = 20;
  if (std::ranges::count(path, '/') > kDeepest) {
    throw Damaged(path_, fmt::format("{} is more than {} groups deep", path, kDeepest));
  }
  const Handle group(Check(H5Gopen2(id_, path.c_str(), H5P_DEFAULT), "open", path), H5Gclose);
  std::vector<std::string> names;
  Check(H5Literate(group.get(), H5_INDEX_NAME, H5_ITER_INC, nullptr, CollectName, &names), "list",
        path);
  return names;
}

std::vector<std::string> Hdf5File::AttributeNames(int64_t object, const std::string& path) const {
  std::vector<std::string> names;
  hsize_t start = 0;
  Check(H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, &start, CollectAttribute, &names), "list",
        path);
  return names;
}

std::vector<std::string> Hdf5File::ListAttributes(const std::string& path) const {
  const Handle object(Check(H5Oopen(id_, path.c_str(), H5P_DEFAULT), "open", path), H5Oclose);
  return AttributeNames(object.get(), path);
}

Hdf5File::Type Hdf5File::TypeOf(const std::string& path) const {
  const Handle data(Check(H5Dopen2(id_, path.c_str(), H5P_DEFAULT), "open", path), H5Dclose);
  const Handle type(Check(H5Dget_type(data.get()), "read", path), H5Tclose);
  switch (H5Tget_class(type.get())) {
    case H5T_INTEGER:
      return Type::kInt;
    case H5T_FLOAT:
      return Type::kFloat;
    case H5T_STRING:
      return Type::kString;
    default:
      return Type::kOther;
  }
}

std::vector<int64_t> Hdf5File::Shape(const std::string& path) const {
  const Handle data(Check(H5Dopen2(id_, path.c_str(), H5P_DEFAULT), "open", path), H5Dclose);
  const Handle space(Check(H5Dget_space(data.get()), "read", path), H5Sclose);
  const int64_t rank = Check(H5Sget_simple_extent_ndims(space.get()), "read", path);
  std::vector<hsize_t> dims(static_cast<size_t>(rank));
  Check(H5Sget_simple_extent_dims(space.get(), dims.data(), nullptr), "read", path);
  return {dims.begin(), dims.end()};
}

template <typename T>
std::vector<T> Hdf5File::ReadNumbers(const std::string& path) const {
  const Handle data(Check(H5Dopen2(id_, path.c_str(), H5P_DEFAULT), "open", path), H5Dclose);
  const Handle type(Check(H5Dget_type(data.get()), "read", path), H5Tclose);
  const Handle space(Check(H5Dget_space(data.get()), "read", path), H5Sclose);
  if (H5Tget_class(type.get()) != kTypeClass<T>) {
    throw Error(fmt::format("{} in {} is not of the expected type", path, path_.string()));
  }
  const auto count =
      static_cast<size_t>(Check(H5Sget_simple_extent_npoints(space.get()), "read", path));
  CheckSize(count, H5Tget_size(type.get()), path);
  std::vector<T> values = WhileReading(path_, [count] { return std::vector<T>(count); });
  if (!values.empty()) {
    Check(H5Dread(data.get(), MemoryType<T>(), H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()),
          "read", path);
  }
  return values;
}

std::vector<float> Hdf5File::ReadFloats(const std::string& path) const {
  return ReadNumbers<float>(path);
}

std::vector<double> Hdf5File::ReadDoubles(const std::string& path) const {
  return ReadNumbers<double>(path);
}

std::vector<int64_t> Hdf5File::ReadInts(const std::string& path) const {
  return ReadNumbers<int64_t>(path);
}

std::vector<std::string> Hdf5File::ReadStrings(const std::string& path) const {
  const Handle data(Check(H5Dopen2(id_, path.c_str(), H5P_DEFAULT), "open", path), H5Dclose);
  const Handle type(Check(H5Dget_type(data.get()), "read", path), H5Tclose);
  const Handle space(Check(H5Dget_space(data.get()), "read", path), H5Sclose);
  if (H5Tget_class(type.get()) != H5T_STRING ||
      Check(H5Tis_variable_str(type.get()), "read", path) > 0) {
    throw Error(fmt::format("{} in {} is not of the expected type", path, path_.string()));
  }
  const size_t size = H5Tget_size(type.get());
  const auto count =
      static_cast<size_t>(Check(H5Sget_simple_extent_npoints(space.get()), "read", path));
  CheckSize(count, size, path);
  std::string packed = WhileReading(path_, [&] { return std::string(size * count, '\0'); });
  if (count > 0) {
    Check(H5Dread(data.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, packed.data()), "read",
          path);
  }
  return Unpacked(packed, size);
}

int64_t Hdf5File::OpenAttribute(const std::string& path, const std::string& name) const {
  return Check(H5Aopen_by_name(id_, path.c_str(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT),
               "read the attribute " + name + " of", path);
}

template <typename T>
T Hdf5File::ReadNumberAttribute(const std::string& path, const std::string& name) const {
  const Handle attribute(OpenAttribute(path, name), H5Aclose);
  const std::optional<T> value =
      NumberOf<T>(attribute.get(), [&](int64_t status) { return Check(status, "read", path); });
  if (!value) {
    throw UnexpectedType(path, name);
  }
  return *value;
}

int64_t Hdf5File::ReadIntAttribute(const std::string& path, const std::string& name) const {
  return ReadNumberAttribute<int64_t>(path, name);
}

double Hdf5File::ReadDoubleAttribute(const std::string& path, const std::string& name) const {
  return ReadNumberAttribute<double>(path, name);
}

std::vector<std::string> Hdf5File::ReadStringsAttribute(const std::string& path,
                                                        const std::string& name) const {
  if (const std::string data = LongAttribute(path, name); !data.empty()) {
    return ReadStrings(data);
  }
  const Handle attribute(OpenAttribute(path, name), H5Aclose);
  const std::optional<std::vector<std::string>> values = StringsOf(
      attribute.get(), [&](int64_t status) { return Check(status, "read", path); },
      [&](size_t count, size_t size) { CheckSize(count, size, path); });
  if (!values) {
    throw UnexpectedType(path, name);
  }
  return *values;
}

std::string Hdf5File::ReadStringAttribute(const std::string& path, const std::string& name) const {
  const std::vector<std::string> values = ReadStringsAttribute(path, name);
  return values.empty() ? "" : values.front();
}

Error Hdf5File::UnexpectedType(const std::string& path, const std::string& name) const {
  return Error(fmt::format("the attribute {} of {} in {} is not of the expected type", name, path,
                           path_.string()));
}

std::string Hdf5File::TextOf(int64_t attribute, const std::string& path,
                             const std::string& name) const {
  const auto check = [&](int64_t status) { return Check(status, "read", path); };
  if (const std::optional<std::vector<std::string>> texts = StringsOf(
          attribute, check, [&](size_t count, size_t size) { CheckSize(count, size, path); })) {
    return fmt::format("{}", fmt::join(*texts, ", "));
  }
  const auto text = [&](const auto& number) {
    if (!number) {
      throw UnexpectedType(path, name);
    }
    return fmt::format("{}", *number);
  };
  const Handle type(check(H5Aget_type(attribute)), H5Tclose);
  switch (H5Tget_class(type.get())) {
    case H5T_STRING:
      throw UnexpectedType(path, name);
    case H5T_INTEGER:
      return text(NumberOf<int64_t>(attribute, check));
    case H5T_FLOAT:
      return text(NumberOf<double>(attribute, check));
    default:
      return "(of a type not read here)";
  }
}

std::string Hdf5File::AttributeText(const std::string& path, const std::string& name) const {
  const Handle attribute(OpenAttribute(path, name), H5Aclose);
  return TextOf(attribute.get(), path, name);
}

std::vector<std::pair<std::string, std::string>> Hdf5File::AttributeTexts(
    const std::string& path) const {
  // To find the object once for each attribute takes most of the time.
  const Handle object(Check(H5Oopen(id_, path.c_str(), H5P_DEFAULT), "open", path), H5Oclose);
  std::vector<std::pair<std::string, std::string>> texts;
  for (const std::string& name : AttributeNames(object.get(), path)) {
    const Handle attribute(
        Check(H5Aopen(object.get(), name.c_str(), H5P_DEFAULT), "read an attribute of", path),
        H5Aclose);
    texts.emplace_back(name, TextOf(attribute.get(), path, name));
  }
  return texts;
}

}  // namespace initbias
