#include "figures/plot/child.h"

#include <fmt/format.h>

#include "lib/base/error.h"
#include "lib/base/terminal.h"
#include "lib/base/text.h"
#include "lib/process/subprocess.h"

namespace initbias::plot {
namespace {

// Of what a program said the lines that tell its user something. Fontconfig tells of each font
// that it is asked for that it keeps no cache, where HOME cannot be written: the picture is the
// same.
std::string Warnings(std::string_view said) {
  constexpr std::string_view kNoCache = "Fontconfig error: No writable cache directories";
  std::string kept;
  for (const std::string& line : Split(said, '\n')) {
    if (Trim(line) != kNoCache) {
      kept += line + "\n";
    }
  }
  return std::string(Trim(kept));
}

}  // namespace

std::string RunFilter(const std::string& program, const std::vector<std::string>& arguments,
                      std::string_view input, std::string_view package) {
  const std::string missing = fmt::format(
      "{} is needed to draw figures and was not found in PATH; on Debian or Ubuntu: "
      "sudo apt-get install {}",
      program, package);
  std::vector<std::string> words = {program};
  words.insert(words.end(), arguments.begin(), arguments.end());
  try {
    Subprocess process(
        words, {.input = input,
                .environment = {"LC_ALL=C.UTF-8", "LANGUAGE", "TZ=UTC", "SOURCE_DATE_EPOCH=0"}});
    std::string output = process.ReadAll();
    const std::string ending = process.Wait();
    if (ending.empty()) {
      if (const std::string said = Warnings(process.ErrorOutput()); !said.empty()) {
        Tell(stderr, "{}: {}\n", program, said);
      }
      return output;
    }
    // Some C libraries report a missing program only so.
    if (ending == "exit status 127") {
      throw ProgramNotFound(missing);
    }
    const std::string error_output = process.ErrorOutput();
    const std::string_view said = Trim(error_output);
    throw Error(
        fmt::format("{} failed, {}: {}", program, ending, said.empty() ? "it said nothing" : said));
  } catch (const ProgramNotFound&) {
    throw ProgramNotFound(missing);
  }
}

}  // namespace initbias::plot
