// All processors for calls that no two threads may make at once, such as HDF5's.
#ifndef INITBIAS_LIB_PROCESS_FORK_MAP_H_
#define INITBIAS_LIB_PROCESS_FORK_MAP_H_

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace initbias {

// What `work` returns for 0 .. count - 1, called in up to `processes` copies of this process at a
// time; nothing where it throws, or where its process ends or cannot be made. Whatever else it
// changes is lost. The caller has one thread.
std::vector<std::optional<std::string>> ForkMap(size_t count, size_t processes,
                                                const std::function<std::string(size_t)>& work);

}  // namespace initbias

#endif  // INITBIAS_LIB_PROCESS_FORK_MAP_H_
