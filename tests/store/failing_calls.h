// The system's calls that HDF5 makes on a file, failing where a test says so.
#ifndef INITBIAS_TESTS_STORE_FAILING_CALLS_H_
#define INITBIAS_TESTS_STORE_FAILING_CALLS_H_

namespace initbias {

// The errno of every flock(); 0: it works.
inline int g_flock_errno = 0;

// The errno of every pread() after the next g_preads_left ones; 0: it works.
inline int g_pread_errno = 0;
inline int g_preads_left = 0;

}  // namespace initbias

#endif  // INITBIAS_TESTS_STORE_FAILING_CALLS_H_
