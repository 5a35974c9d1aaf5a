#include "lib/base/machine.h"

#include <fmt/format.h>
#include <sched.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <vector>

#include "lib/base/file_access.h"
#include "lib/base/text.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;

// The number that a file holds; nothing where there is none, as of "max".
std::optional<double> NumberIn(const fs::path& path) {
  return ParseDouble(Trim(TextOrNothing(path)));
}

void LowerTo(std::optional<double> value, std::optional<double>* least) {
  if (value && (!*least || *value < **least)) {
    *least = value;
  }
}

// Calls `visit` with each folder that may hold limits of this process's control groups and of those
// above them. `controller`: "cpu" or "memory". A container may see its own group as the first of
// all, and still be told the path outside: of these folders not all are there.
void VisitControlGroups(const fs::path& root, std::string_view controller,
                        const std::function<void(const fs::path&)>& visit) {
  const fs::path mounts = root / "sys/fs/cgroup";
  for (const std::string& line : Split(TextOrNothing(root / "proc/self/cgroup"), '\n')) {
    const std::vector<std::string> parts = Split(line, ':');  // number, controllers, path
    if (parts.size() < 3) {
      continue;
    }
    std::vector<fs::path> tops;
    if (parts[1].empty()) {  // version 2
      tops = {mounts, mounts / "unified"};
    } else if (std::ranges::count(Split(parts[1], ','), controller) > 0) {
      tops = {mounts / controller, mounts / parts[1]};
    }
    for (const fs::path& top : tops) {
      fs::path folder = top;
      visit(folder);
      for (const std::string& name : Split(parts[2], '/')) {
        if (!name.empty()) {
          folder /= name;
          visit(folder);
        }
      }
    }
  }
}

// The cores of the process's affinity.
int64_t CoresOfAffinity() {
  // The kernel refuses a set that is too small for its processors.
  for (size_t sets = 1; sets <= 64; sets *= 2) {
    std::vector<cpu_set_t> cores(sets);
    if (sched_getaffinity(0, sets * sizeof(cpu_set_t), cores.data()) == 0) {
      return CPU_COUNT_S(sets * sizeof(cpu_set_t), cores.data());
    }
  }
  return std::thread::hardware_concurrency();
}

// Ticks of all cores together by /proc/stat.
struct CoreTicks {
  double idle = 0;
  double all = 0;
  int64_t cores = 0;
};

CoreTicks TicksIn(std::string_view stat) {
  CoreTicks ticks;
  for (const std::string& line : Split(stat, '\n')) {
    if (line.starts_with("cpu ")) {
      // user, nice, system, idle, waiting for disks, interrupts of two kinds, taken by other
      // virtual machines; those of guests are in user and nice.
      constexpr size_t kFirst = 2;  // two blanks behind the name
      constexpr size_t kIdle = 3;
      constexpr size_t kFields = 8;
      const std::vector<std::string> fields = Split(line.substr(3), ' ');
      for (size_t i = 0; kFirst + i < fields.size() && i < kFields; ++i) {
        const double count = ParseDouble(fields[kFirst + i]).value_or(0);
        ticks.all += count;
        ticks.idle += i == kIdle || i == kIdle + 1 ? count : 0;
      }
    } else if (line.starts_with("cpu")) {
      ++ticks.cores;
    }
  }
  return ticks;
}

}  // namespace

std::optional<CoreUse> CoreUseBetween(std::string_view before, std::string_view after) {
  const CoreTicks first = TicksIn(before);
  const CoreTicks last = TicksIn(after);
  const double all = last.all - first.all;
  if (last.cores == 0 || all <= 0) {
    return std::nullopt;
  }
  const double idle = std::clamp((last.idle - first.idle) / all, 0.0, 1.0);
  return CoreUse{.busy = (1 - idle) * static_cast<double>(last.cores), .cores = last.cores};
}

std::string OtherWork(const CoreUse& use, int64_t jobs) {
  // What the system does for itself, and the ticks' own coarseness.
  constexpr double kNothing = 0.3;
  const auto wanted = static_cast<double>(std::min(jobs, use.cores));
  if (use.busy + wanted < static_cast<double>(use.cores) + kNothing) {
    return "";
  }
  return fmt::format("other work keeps {:.1f} of {} cores busy: without it this is faster",
                     use.busy, use.cores);
}

std::string OtherWorkHere(int64_t jobs) {
  const fs::path stat = "/proc/stat";
  const std::string before = TextOrNothing(stat);
  std::this_thread::sleep_for(std::chrono::milliseconds(330));
  const std::optional<CoreUse> use = CoreUseBetween(before, TextOrNothing(stat));
  return use ? OtherWork(*use, jobs) : "";
}

std::optional<double> CoresOfControlGroups(const fs::path& root) {
  std::optional<double> cores;
  VisitControlGroups(root, "cpu", [&cores](const fs::path& folder) {
    // Microseconds, of each such period.
    std::optional<double> quota = NumberIn(folder / "cpu.cfs_quota_us");  // -1: no limit
    std::optional<double> period = NumberIn(folder / "cpu.cfs_period_us");
    const std::string text = TextOrNothing(folder / "cpu.max");
    if (const std::vector<std::string> both = Split(Trim(text), ' '); both.size() == 2) {
      quota = ParseDouble(both[0]);  // nothing of "max"
      period = ParseDouble(both[1]);
    }
    if (quota && period && *quota > 0 && *period > 0) {
      LowerTo(*quota / *period, &cores);
    }
  });
  return cores;
}

int64_t UsableCores(const fs::path& root) {
  double cores = static_cast<double>(CoresOfAffinity());
  if (const std::optional<double> allowed = CoresOfControlGroups(root)) {
    cores = std::min(cores, std::ceil(*allowed));
  }
  return std::max<int64_t>(1, static_cast<int64_t>(cores));
}

std::optional<double> UsableMemory(const fs::path& root) {
  std::optional<double> bytes;
  for (const std::string& line : Split(TextOrNothing(root / "proc/meminfo"), '\n')) {
    constexpr std::string_view kName = "MemAvailable:";
    if (line.starts_with(kName)) {  // "MemAvailable:   12345 kB"
      const std::string_view rest = Trim(std::string_view(line).substr(kName.size()));
      if (const std::optional<double> kib = ParseDouble(rest.substr(0, rest.find(' ')))) {
        bytes = 1024 * *kib;
      }
    }
  }
  VisitControlGroups(root, "memory", [&bytes](const fs::path& folder) {
    LowerTo(NumberIn(folder / "memory.max"), &bytes);
    LowerTo(NumberIn(folder / "memory.limit_in_bytes"), &bytes);  // huge: no limit
  });
  return bytes;
}

std::string ProcessStart(int64_t pid) {
  const std::string stat = TextOrNothing("/proc/" + std::to_string(pid) + "/stat");
  const size_t name_end = stat.rfind(") ");
  if (name_end == std::string::npos) {
    return "";
  }
  constexpr size_t kStart = 19;  // behind the name: the state, and 18 more
  const std::vector<std::string> fields = Split(stat.substr(name_end + 2), ' ');
  return fields.size() <= kStart || fields[0] == "Z" ? "" : fields[kStart];
}

std::string ProcessSpace() {
  std::error_code none;
  const fs::path space = fs::read_symlink("/proc/self/ns/pid", none);
  const std::string boot(Trim(TextOrNothing("/proc/sys/kernel/random/boot_id")));
  return (boot.empty() ? "unknown" : boot) + "/" + (none ? "unknown" : space.filename().string());
}

}  // namespace initbias
