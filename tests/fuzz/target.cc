#include "tests/fuzz/target.h"

#include <fmt/format.h>

#include <fstream>

namespace initbias::fuzz {

void WriteCorpus(const Corpus& corpus, const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  for (size_t i = 0; i < corpus.seeds.size(); ++i) {
    std::ofstream(folder / fmt::format("seed{:03}", i), std::ios::binary) << corpus.seeds[i];
  }
  std::ofstream dictionary(folder.string() + ".dict");
  for (const std::string& word : corpus.words) {
    dictionary << '"';
    for (const char c : word) {
      dictionary << fmt::format("\\x{:02X}", static_cast<unsigned char>(c));
    }
    dictionary << "\"\n";
  }
}

}  // namespace initbias::fuzz
