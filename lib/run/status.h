// Exit statuses of an experiment.
#ifndef INITBIAS_LIB_RUN_STATUS_H_
#define INITBIAS_LIB_RUN_STATUS_H_

namespace initbias {

inline constexpr int kFailed = 1;
inline constexpr int kStopped = 130;  // 128 + SIGINT, as shells have it

}  // namespace initbias

#endif  // INITBIAS_LIB_RUN_STATUS_H_
