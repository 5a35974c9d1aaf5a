// Names of networks and data sets of one's own, which a file in extensions/ adds to the programs:
// docs/extending.md.
#ifndef INITBIAS_LIB_CONFIG_OWN_NAMES_H_
#define INITBIAS_LIB_CONFIG_OWN_NAMES_H_

#include <string>
#include <string_view>
#include <vector>

namespace initbias {

enum class OwnPart {
  kNetwork,  // emb_mlp.network
  kSource,   // task.source
};

// What is not one's own: the default of emb_mlp.network and of task.source.
inline constexpr char kEmbMlpNetwork[] = "mlp";
inline constexpr char kAnchorSource[] = "anchors";

// Adds a name of lower-case letters, digits and underscores. Aborts for any other, and for one that
// is taken. Before main().
void AddOwnName(OwnPart part, const std::string& name);

// The names that were added, sorted.
std::vector<std::string> OwnNames(OwnPart part);

// Whether `name` was added, or is the default.
bool IsKnownName(OwnPart part, std::string_view name);

}  // namespace initbias

#endif  // INITBIAS_LIB_CONFIG_OWN_NAMES_H_
