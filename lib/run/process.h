// A child process that talks to us in lines on its standard output.
#ifndef INITBIAS_LIB_RUN_PROCESS_H_
#define INITBIAS_LIB_RUN_PROCESS_H_

#include <string>
#include <string_view>
#include <vector>

namespace initbias {

// A started child, in a process group of its own. Its destructor kills and reaps one that still
// runs. One thread at a time.
class Process {
 public:
  // Starts `argv` (argv[0] is the program's path) with `input` on its standard input; its standard
  // error is caught too. Throws Error when it cannot be started.
  Process(const std::vector<std::string>& argv, std::string_view input);
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();

  // The file descriptor to poll for reading; -1 once the child has closed its output.
  int output_fd() const { return output_fd_; }

  // Takes what can be read without waiting and returns the complete lines in it.
  std::vector<std::string> ReadLines();

  // Sends `signal` to the child, where it still runs.
  void Signal(int signal);

  // Waits for the child to end and returns a text that says how: "" for exit status 0, else e.g.
  // "exit status 1" or "killed by signal 9 (Killed)".
  std::string Wait();

  // The last 2,000 letters of what it wrote to standard error.
  std::string ErrorOutput() const;

 private:
  int pid_ = -1;
  int output_fd_ = -1;
  int error_file_ = -1;  // a file in memory
  std::string partial_line_;
};

}  // namespace initbias

#endif  // INITBIAS_LIB_RUN_PROCESS_H_
