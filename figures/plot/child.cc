#include "figures/plot/child.h"

#include <fmt/format.h>

#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/process/subprocess.h"

namespace initbias::plot {

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
      // A warning, about fonts, say.
      const std::string error_output = process.ErrorOutput();
      if (const std::string_view said = Trim(error_output); !said.empty()) {
        fmt::print(stderr, "{}: {}\n", program, said);
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
