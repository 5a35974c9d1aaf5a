#include "lib/store/export_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <fstream>
#include <limits>
#include <type_traits>

#include "lib/base/atomic_file.h"
#include "lib/base/error.h"
#include "lib/base/file_access.h"
#include "lib/base/utf8.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;

static_assert(std::endian::native == std::endian::little, "npy files are written as they lie");

constexpr std::array<uint32_t, 256> CrcTable() {
  constexpr uint32_t kPolynomial = 0xEDB88320;
  std::array<uint32_t, 256> table{};
  for (uint32_t i = 0; i < table.size(); ++i) {
    uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) {
      value = (value & 1) != 0 ? (value >> 1) ^ kPolynomial : value >> 1;
    }
    table[i] = value;
  }
  return table;
}

constexpr std::array<uint32_t, 256> kCrcTable = CrcTable();

// A number in `bytes` bytes, the least first.
std::string Little(uint64_t number, size_t bytes) {
  std::string text(bytes, '\0');
  for (char& c : text) {
    c = static_cast<char>(number & 0xFF);
    number >>= 8;
  }
  return text;
}

// Texts as UTF-32 of equal length, padded with zeros; `length` becomes that length. Bytes that are
// not UTF-8 become U+FFFD.
std::string Unicode(const std::vector<std::string>& texts, size_t* length) {
  constexpr char32_t kReplacement = 0xFFFD;
  std::vector<std::u32string> decoded;
  *length = 1;
  for (std::string_view text : texts) {
    std::u32string& points = decoded.emplace_back();
    while (!text.empty()) {
      const Utf8Character next = DecodeUtf8(text);
      points += next.length == 0 ? kReplacement : static_cast<char32_t>(next.code_point);
      text.remove_prefix(std::max<size_t>(next.length, 1));
    }
    *length = std::max(*length, points.size());
  }
  std::string packed;
  for (std::u32string& points : decoded) {
    points.resize(*length);
    for (const char32_t point : points) {
      packed += Little(point, 4);
    }
  }
  return packed;
}

// The npy file of an array, format version 1.0.
std::string Npy(const ExportArray& array) {
  std::string type;
  std::string data;
  std::visit(
      [&](const auto& values) {
        using T = typename std::decay_t<decltype(values)>::value_type;
        if constexpr (std::is_same_v<T, std::string>) {
          size_t length = 0;
          data = Unicode(values, &length);
          type = fmt::format("<U{}", length);
        } else {
          type = fmt::format("<{}{}", std::is_integral_v<T> ? 'i' : 'f', sizeof(T));
          data.assign(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
        }
      },
      array.values);
  constexpr size_t kMagic = 10;
  constexpr size_t kAlign = 64;
  std::string header =
      fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({}{}), }}", type,
                  fmt::join(array.shape, ", "), array.shape.size() == 1 ? "," : "");
  header.append(kAlign - 1 - (kMagic + header.size()) % kAlign, ' ');
  header += '\n';
  return std::string("\x93NUMPY\x01\x00", 8) + Little(header.size(), 2) + header + data;
}

size_t RowCount(const ExportArray& array) {
  return std::visit([](const auto& values) { return values.size(); }, array.values);
}

std::string Quoted(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) {
    return text;
  }
  std::string quoted = "\"";
  for (const char c : text) {
    quoted += c == '"' ? "\"\"" : std::string(1, c);
  }
  return quoted + "\"";
}

std::string ValueText(const ExportArray& array, size_t index) {
  return std::visit(
      [index](const auto& values) {
        using T = typename std::decay_t<decltype(values)>::value_type;
        if constexpr (std::is_same_v<T, std::string>) {
          return Quoted(values[index]);
        } else {
          return fmt::format("{}", values[index]);
        }
      },
      array.values);
}

// Calls `write` with a stream to a temporary file that becomes `path`.
template <typename Write>
void WriteStream(const fs::path& path, Write&& write) {
  WriteAtomically(
      path,
      [&](const fs::path& temporary) {
        std::ofstream out(temporary, std::ios::binary);
        write(out);
        out.close();
        if (!out) {
          throw Refused("write", path, errno);
        }
      },
      Leftovers::kKeep);
}

}  // namespace

uint32_t Crc32(std::string_view bytes) {
  uint32_t crc = ~uint32_t{0};
  for (const char c : bytes) {
    crc = kCrcTable[(crc ^ static_cast<uint8_t>(c)) & 0xFF] ^ (crc >> 8);
  }
  return ~crc;
}

void WriteNpz(const fs::path& path, const std::vector<ExportArray>& arrays) {
  constexpr uint64_t kEnd = std::numeric_limits<uint32_t>::max();
  constexpr size_t kMostMembers = 65'534;
  if (arrays.size() > kMostMembers) {
    throw Error(fmt::format("{} arrays are too many for {}", arrays.size(), path.string()));
  }
  WriteStream(path, [&](std::ofstream& out) {
    std::string directory;
    uint64_t offset = 0;
    for (const ExportArray& array : arrays) {
      const std::string name = array.name + ".npy";
      const std::string content = Npy(array);
      if (offset + content.size() + name.size() + directory.size() + 1000 > kEnd) {
        throw Error(fmt::format("{} would be of 4 GiB or more, the end of a plain zip file",
                                path.string()));
      }
      // Version 2.0, names in UTF-8, stored, 1980-01-01 00:00, CRC, sizes, lengths of name and
      // extra.
      const std::string common = Little(20, 2) + Little(0x0800, 2) + Little(0, 2) + Little(0, 2) +
                                 Little(0x21, 2) + Little(Crc32(content), 4) +
                                 Little(content.size(), 4) + Little(content.size(), 4) +
                                 Little(name.size(), 2) + Little(0, 2);
      const std::string local = "PK\x03\x04" + common + name;
      out << local << content;
      // Made by version 2.0; no comment, disk 0, no attributes, the place of the member.
      directory += "PK\x01\x02" + Little(20, 2) + common + Little(0, 2) + Little(0, 2) +
                   Little(0, 2) + Little(0, 4) + Little(offset, 4) + name;
      offset += local.size() + content.size();
    }
    out << directory << "PK\x05\x06" << Little(0, 4) << Little(arrays.size(), 2)
        << Little(arrays.size(), 2) << Little(directory.size(), 4) << Little(offset, 4)
        << Little(0, 2);
  });
}

void WriteCsv(const fs::path& path, const std::vector<ExportArray>& arrays) {
  WriteStream(path, [&](std::ofstream& out) {
    std::vector<std::string> header;
    std::vector<size_t> widths;
    size_t rows = 0;
    for (const ExportArray& array : arrays) {
      INITBIAS_CHECK(array.shape.size() == 1 || array.shape.size() == 2);
      const size_t width = array.shape.size() == 1 ? 1 : static_cast<size_t>(array.shape[1]);
      rows = static_cast<size_t>(array.shape[0]);
      INITBIAS_CHECK(RowCount(array) == rows * width && array.shape[0] == arrays.front().shape[0]);
      widths.push_back(width);
      for (size_t i = 0; i < width; ++i) {
        header.push_back(
            Quoted(array.shape.size() == 1 ? array.name : fmt::format("{}_{}", array.name, i)));
      }
    }
    out << fmt::format("{}\n", fmt::join(header, ","));
    for (size_t row = 0; row < rows; ++row) {
      std::string line;
      for (size_t a = 0; a < arrays.size(); ++a) {
        for (size_t i = 0; i < widths[a]; ++i) {
          line += a + i == 0 ? "" : ",";
          line += ValueText(arrays[a], row * widths[a] + i);
        }
      }
      out << line << "\n";
    }
  });
}

void WriteLongCsv(const fs::path& path, const std::vector<ExportArray>& arrays) {
  WriteStream(path, [&](std::ofstream& out) {
    size_t rank = 0;
    for (const ExportArray& array : arrays) {
      rank = std::max(rank, array.shape.size());
    }
    out << "array,units";
    for (size_t i = 0; i < rank; ++i) {
      out << "," << static_cast<char>('i' + i);
    }
    out << ",value\n";
    for (const ExportArray& array : arrays) {
      std::vector<int64_t> index(array.shape.size(), 0);
      const size_t size = RowCount(array);
      for (size_t value = 0; value < size; ++value) {
        out << Quoted(array.name) << "," << Quoted(array.units);
        for (size_t i = 0; i < rank; ++i) {
          out << "," << (i < index.size() ? fmt::format("{}", index[i]) : "");
        }
        out << "," << ValueText(array, value) << "\n";
        for (size_t i = index.size(); i-- > 0 && ++index[i] == array.shape[i];) {
          index[i] = 0;
        }
      }
    }
  });
}

}  // namespace initbias
