#include "lib/config/own_names.h"

#include <algorithm>
#include <cctype>

#include "lib/base/error.h"

namespace initbias {
namespace {

// In a function, for files add names before main().
std::vector<std::string>& NamesOf(OwnPart part) {
  static std::vector<std::string> networks;
  static std::vector<std::string> sources;
  return part == OwnPart::kNetwork ? networks : sources;
}

}  // namespace

void AddOwnName(OwnPart part, const std::string& name) {
  INITBIAS_CHECK(!name.empty() && !IsKnownName(part, name));
  INITBIAS_CHECK(std::ranges::all_of(name, [](unsigned char letter) {
    return std::islower(letter) != 0 || std::isdigit(letter) != 0 || letter == '_';
  }));
  NamesOf(part).push_back(name);
  std::ranges::sort(NamesOf(part));
}

std::vector<std::string> OwnNames(OwnPart part) { return NamesOf(part); }

bool IsKnownName(OwnPart part, std::string_view name) {
  const std::vector<std::string>& names = NamesOf(part);
  return name == (part == OwnPart::kNetwork ? kEmbMlpNetwork : kAnchorSource) ||
         std::ranges::find(names, name) != names.end();
}

}  // namespace initbias
