// Exit statuses of an experiment; of one that was stopped: StopStatus() of worker_pool.h.
#ifndef INITBIAS_LIB_RUN_STATUS_H_
#define INITBIAS_LIB_RUN_STATUS_H_

namespace initbias {

inline constexpr int kFailed = 1;
// Of --verify, where the bits are not the same: all runs have the same verdicts nevertheless, or
// what they are compared with is of a former revision, which computed otherwise.
inline constexpr int kClaimEqual = 3;
inline constexpr int kFormerRevision = 4;

}  // namespace initbias

#endif  // INITBIAS_LIB_RUN_STATUS_H_
