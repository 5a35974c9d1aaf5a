// What a worker process tells the process that started it: one line a message on its standard
// output.
#ifndef INITBIAS_LIB_RUN_MESSAGE_H_
#define INITBIAS_LIB_RUN_MESSAGE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "lib/config/run_config.h"

namespace initbias {

// What a worker reads from its standard input: the run, where its texts lie, and the command that
// asked for it (for the provenance). Not on its command line, where a single argument has an end.
struct WorkerOrder {
  RunConfig config;
  std::string argv;
};
std::string FormatOrder(const WorkerOrder& order);

// The inverse. A canonical form alone is an order, too. Throws Error on any other text.
WorkerOrder ParseOrder(std::string_view text);

// The kinds of messages. Each has its name in a line; message.cc lists the fields of each once, for
// writing and for reading.

// The first: the worker computes.
struct StartedMessage {
  static constexpr std::string_view kKind = "started";
  std::string device;      // what the run is computed on
  std::string remark;      // what to know of its speed; empty where there is nothing
  std::string torch;       // LibTorch's version
  std::string capability;  // and what its kernels use of the CPU
  bool operator==(const StartedMessage&) const = default;
};

// Something to show; the run goes on.
struct NoteMessage {
  static constexpr std::string_view kKind = "note";
  std::string text;
  bool operator==(const NoteMessage&) const = default;
};

// How far the run is.
struct ProgressMessage {
  static constexpr std::string_view kKind = "progress";
  int64_t step = 0;
  int64_t total = 0;                     // steps
  double rate = 0;                       // steps a second
  std::map<std::string, double> losses;  // of each set of sequences, from the last evaluation
  bool operator==(const ProgressMessage&) const = default;
};

// The last of a --measure run.
struct MeasuredMessage {
  static constexpr std::string_view kKind = "measured";
  double setup = 0;       // seconds before the first step
  double evaluation = 0;  // seconds of one; 0: not timed
  double snapshot = 0;    // seconds of one; 0: not timed, or the run takes none
  double flops_per_second = 0;
  double memory = 0;  // bytes, the most at a time
  bool operator==(const MeasuredMessage&) const = default;
};

// The last of a run that this worker has trained and stored.
struct FinishedMessage {
  static constexpr std::string_view kKind = "finished";
  double seconds = 0;     // training and evaluation, over all resumptions
  double evaluation = 0;  // seconds of this process's evaluations
  double storage = 0;     // seconds of its snapshots and checkpoints
  double memory = 0;      // bytes, the most at a time
  bool operator==(const FinishedMessage&) const = default;
};

// The last of a run that another process has trained while this worker waited for it.
struct FoundMessage {
  static constexpr std::string_view kKind = "found";
  bool operator==(const FoundMessage&) const = default;
};

// The last where a stop was asked for.
struct StoppedMessage {
  static constexpr std::string_view kKind = "stopped";
  int64_t step = 0;  // of the checkpoint that is there; 0: there is none
  bool operator==(const StoppedMessage&) const = default;
};

// The last where the run failed.
struct FailedMessage {
  static constexpr std::string_view kKind = "failed";
  std::string error;
  int64_t refused = 0;  // errno, where the system refused a file; else 0
  bool operator==(const FailedMessage&) const = default;
};

using Message = std::variant<StartedMessage, NoteMessage, ProgressMessage, MeasuredMessage,
                             FinishedMessage, FoundMessage, StoppedMessage, FailedMessage>;

// The name of its kind.
std::string_view KindOf(const Message& message);

// One line without its end: the kind and name=value fields, between tabs. Numbers keep all their
// bits; a tab, a line break or a backslash in a text is written as \t, \n, \r or \\.
std::string FormatMessage(const Message& message);

// The inverse of FormatMessage. Nothing where the line begins with no kind of message: what a
// library prints to standard output is to be seen, not to end the run. Throws Error where it does,
// and a field is missing, malformed, there twice, or none of that kind's.
std::optional<Message> ParseMessage(std::string_view line);

}  // namespace initbias

#endif  // INITBIAS_LIB_RUN_MESSAGE_H_
