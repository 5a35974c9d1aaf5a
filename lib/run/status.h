// Exit statuses of an experiment; of one that was stopped: StopStatus() of worker_pool.h.
#ifndef INITBIAS_LIB_RUN_STATUS_H_
#define INITBIAS_LIB_RUN_STATUS_H_

namespace initbias {

inline constexpr int kFailed = 1;

}  // namespace initbias

#endif  // INITBIAS_LIB_RUN_STATUS_H_
