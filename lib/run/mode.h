// What decides the bits of a run beside its config: where and by what it is computed.
#ifndef INITBIAS_LIB_RUN_MODE_H_
#define INITBIAS_LIB_RUN_MODE_H_

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "lib/config/run_config.h"
#include "lib/result/run_result.h"

namespace initbias {

struct Mode {
  std::string device;
  std::string numerics;
  std::string torch_version;
  // What LibTorch's operators use of the CPU; "" where our own kernels compute, whose bits are the
  // same on each, or a GPU.
  std::string cpu_capability;

  bool operator==(const Mode&) const = default;
};

// The mode in which a run of `config` with this provenance was made, or would be.
Mode ModeOf(const RunConfig& config, const Provenance& made);

// Whether runs of these modes may stand in one figure: a cpu_capability that only one of them
// depends on does not part them.
bool Compatible(const Mode& a, const Mode& b);

// "cpu with pinned numerics and LibTorch 2.11.0", with the operators' CPU_CAPABILITY where it
// matters.
std::string ModeText(const Mode& mode);

// Throws Error where runs of `made` are in modes that do not go together: a figure is not to mix
// them. `place`: where a run lies, for the message. Returns the one that the others were compared
// with, one that depends on its CPU where there is one; null where there are none.
const std::pair<RunConfig, Provenance>* CheckOneMode(
    const std::vector<std::pair<RunConfig, Provenance>>& made,
    const std::function<std::string(const RunConfig&)>& place);

// Throws Error where a stored run, which lies at `place`, was not made in the mode in which
// `device` (of --device) computes now.
void CheckModeOfNow(const std::string& place, const Mode& made, const Mode& now,
                    const std::string& device);

}  // namespace initbias

#endif  // INITBIAS_LIB_RUN_MODE_H_
