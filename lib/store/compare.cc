#include "lib/store/compare.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <iterator>
#include <limits>
#include <set>
#include <tuple>
#include <type_traits>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/text.h"

namespace initbias {
namespace {

template <typename T>
bool SameBits(T a, T b) {
  using Bits = std::conditional_t<sizeof(T) == 4, uint32_t, uint64_t>;
  return std::bit_cast<Bits>(a) == std::bit_cast<Bits>(b);
}

template <typename T>
ValuesDifference Compare(std::span<const T> a, std::span<const T> b) {
  INITBIAS_CHECK(a.size() == b.size());
  ValuesDifference difference;
  for (size_t i = 0; i < a.size(); ++i) {
    if (SameBits(a[i], b[i])) {
      continue;
    }
    const auto x = static_cast<double>(a[i]);
    const auto y = static_cast<double>(b[i]);
    double absolute = std::abs(x - y);
    absolute = std::isnan(absolute) ? std::numeric_limits<double>::infinity() : absolute;
    const double scale = std::max(std::abs(x), std::abs(y));
    const double relative = absolute == 0             ? 0
                            : std::isfinite(absolute) ? absolute / scale
                                                      : absolute;
    if (difference.count == 0) {
      difference = {.first = i,
                    .absolute = absolute,
                    .absolute_at = i,
                    .relative = relative,
                    .relative_at = i};
    }
    ++difference.count;
    if (absolute > difference.absolute) {
      difference.absolute = absolute;
      difference.absolute_at = i;
    }
    if (relative > difference.relative) {
      difference.relative = relative;
      difference.relative_at = i;
    }
  }
  return difference;
}

// "[2, 0]": where the value `index` of the flat array stands in `shape`; "" of a single value.
std::string Place(size_t index, const std::vector<int64_t>& shape) {
  std::vector<size_t> place(shape.size());
  for (size_t i = shape.size(); i-- > 0;) {
    const auto size = static_cast<size_t>(shape[i]);
    place[i] = index % size;
    index /= size;
  }
  return shape.empty() ? "" : fmt::format(" at [{}]", fmt::join(place, ", "));
}

template <typename T>
ObjectDifference DescribeValues(const std::string& path, const std::vector<int64_t>& shape,
                                const std::vector<T>& a, const std::vector<T>& b) {
  const ValuesDifference found = CompareValues(std::span<const T>(a), std::span<const T>(b));
  if (found.count == 0) {
    return {};
  }
  return {.path = path,
          .what = fmt::format("{} of {}", found.count, Counted(a.size(), "value")),
          .details = {fmt::format("first{}: {} in A, {} in B", Place(found.first, shape),
                                  a[found.first], b[found.first]),
                      fmt::format("largest difference {:.3g}{}, {:.3g} relative{}", found.absolute,
                                  Place(found.absolute_at, shape), found.relative,
                                  Place(found.relative_at, shape))}};
}

std::string OneLine(std::string text) {
  constexpr size_t kLongest = 48;
  std::ranges::replace(text, '\n', ';');
  return text.size() > kLongest ? text.substr(0, kLongest) + " ..." : text;
}

// Texts that are not the same, from some letters before the first that differs.
std::vector<std::string> DescribeTexts(const std::string& a, const std::string& b) {
  constexpr size_t kBefore = 20;
  const auto at = static_cast<size_t>(std::distance(a.begin(), std::ranges::mismatch(a, b).in1));
  const size_t start = at > kBefore ? at - kBefore : 0;
  const std::string dots = start > 0 ? "... " : "";
  return {"A: " + dots + OneLine(a.substr(start)), "B: " + dots + OneLine(b.substr(start))};
}

// A data set or, where it names one, an attribute.
struct Object {
  size_t rank;  // of the group below the root
  std::string path;
  std::string attribute;

  bool operator<(const Object& other) const {
    return std::tie(rank, path, attribute) < std::tie(other.rank, other.path, other.attribute);
  }
};

size_t Rank(const std::string& path) {
  constexpr std::array<std::string_view, 9> kOrder = {
      "config", "series", "probes", "parameters", "state", "panels", "claims", "runs", "digest"};
  const std::string_view top = std::string_view(path).substr(1, path.find('/', 1) - 1);
  return top.empty() ? 0
                     : 1 + static_cast<size_t>(
                               std::distance(kOrder.begin(), std::ranges::find(kOrder, top)));
}

void Collect(const Hdf5File& file, const std::string& path, std::set<Object>* objects) {
  for (const std::string& name : file.ListAttributes(path)) {
    if (path != "/" || name != "digest") {
      objects->insert({Rank(path), path, name});
    }
  }
  if (!file.IsGroup(path)) {
    objects->insert({Rank(path), path, ""});
    return;
  }
  for (const std::string& name : file.List(path)) {
    const std::string child = path == "/" ? path + name : path + "/" + name;
    if (child != "/provenance") {
      Collect(file, child, objects);
    }
  }
}

// What differs, with an empty path where nothing does.
ObjectDifference CompareData(const Hdf5File& a, const Hdf5File& b, const std::string& path) {
  if (a.IsGroup(path) != b.IsGroup(path) || a.TypeOf(path) != b.TypeOf(path)) {
    return {.path = path, .what = "of another type"};
  }
  const std::vector<int64_t> shape = a.Shape(path);
  if (b.Shape(path) != shape) {
    return {.path = path,
            .what = fmt::format("[{}] in A, [{}] in B", fmt::join(shape, ", "),
                                fmt::join(b.Shape(path), ", "))};
  }
  switch (a.TypeOf(path)) {
    case Hdf5File::Type::kInt:
      return DescribeValues(path, shape, a.ReadInts(path), b.ReadInts(path));
    case Hdf5File::Type::kFloat:
      return DescribeValues(path, shape, a.ReadDoubles(path), b.ReadDoubles(path));
    case Hdf5File::Type::kString:
      break;
    case Hdf5File::Type::kOther:
      throw Error(fmt::format("{} in {} is not of a type of the store", path, a.path().string()));
  }
  const std::vector<std::string> texts_a = a.ReadStrings(path);
  const std::vector<std::string> texts_b = b.ReadStrings(path);
  const auto [in_a, in_b] = std::ranges::mismatch(texts_a, texts_b);
  return in_a == texts_a.end()
             ? ObjectDifference{}
             : ObjectDifference{
                   .path = path, .what = "other texts", .details = DescribeTexts(*in_a, *in_b)};
}

ObjectDifference CompareAttributes(const Hdf5File& a, const Hdf5File& b, const Object& object) {
  const std::string text_a = a.AttributeText(object.path, object.attribute);
  const std::string text_b = b.AttributeText(object.path, object.attribute);
  return text_a == text_b ? ObjectDifference{}
                          : ObjectDifference{.path = object.path + "@" + object.attribute,
                                             .what = "another value",
                                             .details = DescribeTexts(text_a, text_b)};
}

bool SameValues(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() &&
         CompareValues(std::span<const double>(a), std::span<const double>(b)).count == 0;
}

}  // namespace

ValuesDifference CompareValues(std::span<const float> a, std::span<const float> b) {
  return Compare(a, b);
}

ValuesDifference CompareValues(std::span<const double> a, std::span<const double> b) {
  return Compare(a, b);
}

ValuesDifference CompareValues(std::span<const int64_t> a, std::span<const int64_t> b) {
  return Compare(a, b);
}

std::string FirstDifference(const std::vector<NamedArray>& mine,
                            const std::vector<NamedArray>& other) {
  std::string first;
  size_t differ = 0;
  for (const NamedArray& tensor : mine) {
    const auto twin = std::ranges::find(other, tensor.name, &NamedArray::name);
    std::string found;
    if (twin == other.end()) {
      found = "the other has none";
    } else if (twin->array.shape != tensor.array.shape) {
      found = fmt::format("the other's is [{}]", fmt::join(twin->array.shape, ", "));
    } else if (const ValuesDifference difference =
                   Compare<float>(tensor.array.values, twin->array.values);
               difference.count > 0) {
      found = fmt::format("largest difference {:.2g}", difference.absolute);
    } else {
      continue;
    }
    ++differ;
    if (first.empty()) {
      first = fmt::format("first in {} [{}]: {}", tensor.name, fmt::join(tensor.array.shape, ", "),
                          found);
    }
  }
  for (const NamedArray& tensor : other) {
    if (std::ranges::find(mine, tensor.name, &NamedArray::name) == mine.end()) {
      ++differ;
      first =
          first.empty() ? fmt::format("first in {}: only the other has it", tensor.name) : first;
    }
  }
  return first.empty() ? ""
                       : fmt::format("{}; {} of {} differ", first, differ,
                                     Counted(std::max(mine.size(), other.size()), "tensor"));
}

std::vector<ClaimComparison> CompareClaims(const std::vector<Claim>& a,
                                           const std::vector<Claim>& b) {
  std::vector<ClaimComparison> comparisons;
  for (const Claim& claim : a) {
    const auto twin = std::ranges::find(b, claim.id, &Claim::id);
    ClaimComparison one{.id = claim.id, .a = &claim, .b = twin == b.end() ? nullptr : &*twin};
    one.same_verdict = one.b != nullptr && one.b->verdict == claim.verdict;
    one.same_values =
        one.same_verdict && SameValues(one.b->values, claim.values) && one.b->seeds == claim.seeds;
    comparisons.push_back(one);
  }
  for (const Claim& claim : b) {
    if (std::ranges::find(a, claim.id, &Claim::id) == a.end()) {
      comparisons.push_back({.id = claim.id, .b = &claim});
    }
  }
  return comparisons;
}

std::string CompareVerdicts(const std::vector<Claim>& mine, const std::vector<Claim>& reference) {
  size_t equal = 0;
  std::string lines;
  for (const ClaimComparison& claim : CompareClaims(mine, reference)) {
    if (claim.same_verdict) {
      ++equal;
    } else if (claim.a != nullptr) {
      lines += fmt::format("\n  {}: {} here, {} in the reference", claim.id,
                           VerdictName(claim.a->verdict),
                           claim.b == nullptr ? "not there" : VerdictName(claim.b->verdict));
    }
  }
  return fmt::format("verdicts: {} of {} equal{}", equal, mine.size(), lines);
}

FileComparison CompareFiles(const Hdf5File& a, const Hdf5File& b) {
  std::set<Object> in_a;
  std::set<Object> in_b;
  Collect(a, "/", &in_a);
  Collect(b, "/", &in_b);
  std::set<Object> all = in_a;
  all.insert(in_b.begin(), in_b.end());
  FileComparison comparison{.objects = all.size()};
  for (const Object& object : all) {
    ObjectDifference found;
    if (!in_a.contains(object) || !in_b.contains(object)) {
      found = {
          .path = object.attribute.empty() ? object.path : object.path + "@" + object.attribute,
          .what = in_a.contains(object) ? "only in A" : "only in B"};
    } else {
      found = object.attribute.empty() ? CompareData(a, b, object.path)
                                       : CompareAttributes(a, b, object);
    }
    if (!found.path.empty()) {
      comparison.differences.push_back(std::move(found));
    }
  }
  return comparison;
}

}  // namespace initbias
