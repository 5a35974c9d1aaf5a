// A child process that is told what to do, and answers, in lines.
#ifndef INITBIAS_TESTS_BENCH_CHILD_PROCESS_H_
#define INITBIAS_TESTS_BENCH_CHILD_PROCESS_H_

#include <cstdio>
#include <string>
#include <vector>

namespace initbias {

// A started child. Its destructor kills and reaps it. One thread at a time.
class ChildProcess {
 public:
  // Starts `argv` (argv[0] is the program's path) with the variables "NAME=value" of `environment`
  // set. Its standard error is kept for messages. Throws Error when it cannot be started.
  ChildProcess(const std::vector<std::string>& argv, const std::vector<std::string>& environment);
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ~ChildProcess();

  // Writes to its standard input. Throws Error where nobody reads it any more.
  void Send(const std::string& text);

  // Waits, without using the processor, for the next line of its standard output that begins with
  // the word `kind`, and returns the rest of it; other lines are left out. Throws Error with what
  // it wrote to standard error where it ends before.
  std::string ReadLine(const std::string& kind);

 private:
  std::string ErrorOutput() const;

  std::string program_;
  int pid_ = -1;
  int input_fd_ = -1;
  std::FILE* output_ = nullptr;
  int error_file_ = -1;  // a file in memory
};

// The value of `name` in a text of "name=value" words. Throws Error where there is none.
std::string FieldOf(const std::string& text, const std::string& name);

// The same as a number.
double NumberOf(const std::string& text, const std::string& name);

}  // namespace initbias

#endif  // INITBIAS_TESTS_BENCH_CHILD_PROCESS_H_
