// Judged claims as text, for a terminal: in full, in a line each, at one scale or at all of them.
//
// A verdict is printed with a "*" after it where the claim was registered late; those that are not
// judged have none.
#ifndef INITBIAS_LIB_CLAIMS_CLAIM_TEXT_H_
#define INITBIAS_LIB_CLAIMS_CLAIM_TEXT_H_

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "lib/claims/claim.h"

namespace initbias {

// The verdict's name, with its mark.
std::string VerdictText(const Claim& claim);

// The claims in full, for a terminal of `width` columns. `scale`: that of the verdicts (see
// kScales), or "smoke".
std::string ClaimRows(const std::vector<Claim>& claims, std::string_view scale, int width);

// A line for each kind that there is, in the order of kClaimKinds, with its CountsText; then what
// the "*" means, where there is one.
std::string ClaimTotals(const std::vector<Claim>& claims, int width);

// ClaimRows, an empty line, ClaimTotals.
std::string ClaimTable(const std::vector<Claim>& claims, std::string_view scale, int width);

// A claim in one line of at most `width` letters, of 80 to kClaimLineWidth: verdict, id, and as far
// as they fit scale and mean, interval, region.
inline constexpr int kClaimLineWidth = 100;
std::string ClaimLine(const Claim& claim, std::string_view scale, int width = kClaimLineWidth);

// A claim at each of kScales; null where it has not been judged at one, at least one is not.
using ScaledClaim = std::array<const Claim*, kScales.size()>;

// The claim at the smallest of its scales.
const Claim& FirstOf(const ScaledClaim& claim);

// The claims of one study at each of kScales, those of the same id together: in the order of the
// first scale, then those that the second alone has, and so on. They point into `scales`.
std::vector<ScaledClaim> MatchClaims(const std::array<std::vector<Claim>, kScales.size()>& scales);

// As ClaimRows and ClaimLine, with the verdicts at all scales below each other in columns:
// "holds | differs* | -", where "-" has not been made. The lines, each with its end, have the means
// instead of intervals, and the region where it is one, as far as they fit.
std::string ClaimRows(const std::vector<ScaledClaim>& claims, int width);
std::string ClaimLines(const std::vector<ScaledClaim>& claims, int width = kClaimLineWidth);

// What a verdict at each scale is worth, and which of `studies` studies have none at the paper's
// (`missing`), or not of all their runs (`partial`: "fig3 (but for emb_mlp)").
std::string ScaleNote(std::vector<std::string> missing, const std::vector<std::string>& partial,
                      size_t studies, int width);

}  // namespace initbias

#endif  // INITBIAS_LIB_CLAIMS_CLAIM_TEXT_H_
