#include "tests/data/text/prontoqa_files.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "lib/base/error.h"
#include "lib/base/sha256.h"
#include "lib/data/text/prontoqa_reader.h"

namespace initbias {
namespace {

// A file's name as one word of the shell's language.
std::string Quoted(const std::filesystem::path& path) {
  std::string quoted = "'";
  for (const char c : path.string()) {
    quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  }
  return quoted + "'";
}

ProntoQaFile ReadUnpacked(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string json{std::istreambuf_iterator<char>(file), {}};
  return {.examples = ReadProntoQaJson(path), .sha256 = Sha256Hex(json)};
}

}  // namespace

std::filesystem::path ProntoQaExcerpt(int64_t hops) {
  return fmt::format("data/prontoqa/prontoqa_{}hop_random_seed1_excerpt.json", hops);
}

ProntoQaFile ReadProntoQaFile(const std::filesystem::path& path) {
  if (path.extension() != ".gz") {
    return ReadUnpacked(path);
  }
  const std::filesystem::path unpacked =
      std::filesystem::temp_directory_path() /
      fmt::format("{}-{}.json", path.stem().stem().string(), getpid());
  const std::string command = fmt::format("gzip -dc {} > {}", Quoted(path), Quoted(unpacked));
  if (std::system(command.c_str()) != 0) {
    throw Error("failed: " + command);
  }
  ProntoQaFile file = ReadUnpacked(unpacked);
  std::filesystem::remove(unpacked);
  return file;
}

}  // namespace initbias
