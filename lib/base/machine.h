// What of the machine this process may use: not all of it in a container, under a queue system, or
// after taskset.
#ifndef INITBIAS_LIB_BASE_MACHINE_H_
#define INITBIAS_LIB_BASE_MACHINE_H_

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace initbias {

// Cores that may be used at a time: those of the process's affinity, but no more than its control
// groups allow, rounded up. At least 1. `root`: below it are proc/ and sys/, for tests.
int64_t UsableCores(const std::filesystem::path& root = "/");

// Processor time that the control groups (of either version) allow, in cores, as 1.5; nothing where
// they set no limit.
std::optional<double> CoresOfControlGroups(const std::filesystem::path& root = "/");

// Bytes of memory that may be taken: what is available, but no more than the control groups allow;
// nothing where the system does not tell.
std::optional<double> UsableMemory(const std::filesystem::path& root = "/");

// Of all cores of the machine, whosever they are, how many were busy in between two texts of
// /proc/stat.
struct CoreUse {
  double busy = 0;
  int64_t cores = 0;
};

// Nothing where the texts do not tell.
std::optional<CoreUse> CoreUseBetween(std::string_view before, std::string_view after);

// What is to be said of other work where `jobs` workers that begin now will not have a core each:
// "other work keeps 1.4 of 2 cores busy: ..", else "".
std::string OtherWork(const CoreUse& use, int64_t jobs);

// The same of this machine, which is looked at for a third of a second.
std::string OtherWorkHere(int64_t jobs);

// When the process `pid` began, in ticks of the system since its start: with its number, which is
// given anew, a name of the process. "" where there is none, or only what is left of it until its
// parent asks for it.
std::string ProcessStart(int64_t pid);

// What two processes share that see each other's numbers: the start of the system and a name space,
// "BOOT/pid:[SPACE]". It holds "unknown" where the system does not tell.
std::string ProcessSpace();

}  // namespace initbias

#endif  // INITBIAS_LIB_BASE_MACHINE_H_
