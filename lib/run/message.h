// What a worker process tells the process that started it: one line a message on its standard
// output.
#ifndef INITBIAS_LIB_RUN_MESSAGE_H_
#define INITBIAS_LIB_RUN_MESSAGE_H_

#include <map>
#include <string>
#include <string_view>

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

// Kinds, with their fields:
//   started   device, remark, torch, capability      the first: what the run is computed on, what
//                                                    to know of its speed, if anything, and
//                                                    LibTorch's version and CPU capability
//   note      text                                   something to show, the run goes on
//   progress  step total rate <group>..              losses by group
//   measured  setup step_seconds memory              of a --measure run
//   finished  seconds memory
//   stopped   step                                   on request; a checkpoint was written
//   error     text                                   the run failed
struct Message {
  std::string kind;
  std::map<std::string, std::string> fields;

  // The number in `field`; 0 where there is none.
  double Number(const std::string& field) const;
  // The text in `field`; empty where there is none.
  std::string Text(const std::string& field) const;
};

// One line without its end: kind and name=value fields, between tabs. Tabs and line breaks in
// values become spaces.
std::string FormatMessage(const Message& message);

// The inverse of FormatMessage. A malformed line becomes a note that holds it: what a library
// prints to standard output should be seen, not crash the run.
Message ParseMessage(std::string_view line);

}  // namespace initbias

#endif  // INITBIAS_LIB_RUN_MESSAGE_H_
