// Child processes: started without a shell, their standard streams in our hands.
#ifndef INITBIAS_LIB_PROCESS_SUBPROCESS_H_
#define INITBIAS_LIB_PROCESS_SUBPROCESS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/error.h"

namespace initbias {

// The program to start is not there.
class ProgramNotFound : public Error {
 public:
  using Error::Error;
};

struct SubprocessOptions {
  // All of the child's standard input; without it the child reads what Send writes.
  std::optional<std::string_view> input;
  // Changes to our environment: "NAME=value" sets a variable, "NAME" removes one.
  std::vector<std::string> environment;
  // A process group of its own: Ctrl-C on the terminal is then for us, and not for the child.
  bool own_group = false;
};

// What a process has done.
struct ProcessUse {
  char state = 0;          // as in /proc: R runs, S sleeps, D waits for a disk, T is stopped
  double cpu_seconds = 0;  // of the processor, all its threads together
};

// A started child. Its destructor kills and reaps one that still runs. One thread at a time.
class Subprocess {
 public:
  // Starts `argv`, where argv[0] is a path, or a name that is looked up in PATH. Throws
  // ProgramNotFound where there is no such program, Error where it cannot be started.
  explicit Subprocess(const std::vector<std::string>& argv, const SubprocessOptions& options = {});
  Subprocess(const Subprocess&) = delete;
  Subprocess& operator=(const Subprocess&) = delete;
  ~Subprocess();

  // Writes to the child's standard input, where the options gave none. Throws Error with what the
  // child said where nobody reads any more and SIGPIPE is ignored.
  void Send(std::string_view text);

  // argv[0].
  const std::string& program() const { return program_; }

  // The file descriptor to poll for reading; -1 once the child has closed its output.
  int output_fd() const { return output_fd_; }

  // Takes what can be read without waiting and returns the complete lines in it.
  std::vector<std::string> ReadLines();

  // Waits, without using the processor, for the next line; none once the output is closed.
  std::optional<std::string> ReadLine();

  // Waits until the child closes its output and returns all that was not read before.
  std::string ReadAll();

  // The child's process id; -1 once it was waited for.
  int pid() const { return pid_; }

  // What the child has done until now; nothing where the system does not say.
  std::optional<ProcessUse> Use() const;

  // Sends `signal` to the child, where it still runs.
  void Signal(int signal);

  // Waits for the child to end and returns a text that says how: "" for exit status 0, else e.g.
  // "exit status 1" or "killed by signal 9 (Killed)". Once.
  std::string Wait();

  // Once it was waited for: the signal that killed it, 0 for none, and the time of the processor
  // that it took, in seconds.
  int killed_by() const { return killed_by_; }
  double cpu_seconds() const { return cpu_seconds_; }

  // The last 2,000 letters of what it wrote to standard error.
  std::string ErrorOutput() const;

 private:
  // Takes what is there; false where there is nothing, for now or for ever.
  bool ReadSome();
  void WaitForOutput() const;
  // The next line in unread_: also what stands after the last line's end, once the output is
  // closed.
  std::optional<std::string> PopLine();

  std::string program_;
  int pid_ = -1;
  int killed_by_ = 0;
  double cpu_seconds_ = 0;
  int input_fd_ = -1;
  int output_fd_ = -1;
  int error_file_ = -1;  // a file in memory, as is the input that is given at the start: neither
                         // side ever waits for the other there
  std::string unread_;
};

}  // namespace initbias

#endif  // INITBIAS_LIB_PROCESS_SUBPROCESS_H_
