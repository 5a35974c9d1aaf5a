// Prints the sizes of all profiles as rows of the table in docs/studies.md: bazel run
// //experiments:sizes.
#include <fmt/format.h>

#include "experiments/base_runs.h"

namespace initbias {
namespace {

void PrintSizes() {
  fmt::print("| profile | model | samples | keys | batch | epochs | steps | learning rate |\n");
  fmt::print("|---|---|---|---|---|---|---|---|\n");
  constexpr Profile kProfiles[] = {Profile::kSmoke, Profile::kDefault, Profile::kExtended,
                                   Profile::kPaper};
  for (const Profile profile : kProfiles) {
    for (const RunConfig& run :
         {TransformerRun(profile, kSmallInit, 1), EmbMlpRun(profile, kSmallInit, 1),
          TextRun(profile, kSmallInit, 1)}) {
      const RunSize& size = SizeOf(run.model, profile);
      const bool text = run.model == ModelKind::kGpt2;
      // Packed texts make fewer sequences than texts, known with the data.
      const bool packed = text && run.text.packed;
      fmt::print("| `{}` | {} | {} | {} | {} | {} | {} | {} |\n", FormatValue(profile),
                 FormatValue(run.model),
                 text ? fmt::format("{0} + {0} texts", size.samples) : FormatValue(size.samples),
                 text ? "–" : FormatValue(size.keys), size.batch, size.epochs,
                 packed ? "–" : FormatValue(TotalSteps(run)), size.learning_rate);
    }
  }
}

}  // namespace
}  // namespace initbias

int main() {
  initbias::PrintSizes();
  return 0;
}
