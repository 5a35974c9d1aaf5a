#include "lib/run/slurm_queue.h"

#include "lib/base/text.h"

namespace initbias {

bool QueuedTask::IsRunning() const {
  return state == "RUNNING" || state == "COMPLETING" || state == "SUSPENDED" ||
         state == "STAGE_OUT" || state == "SIGNALING";
}

std::vector<QueuedTask> ParseQueue(std::string_view text) {
  constexpr size_t kFields = 6;
  std::vector<QueuedTask> tasks;
  for (const std::string& line : Split(text, '\n')) {
    const std::vector<std::string> fields = Split(Trim(line), '|');
    if (fields.size() != kFields || !ParseInt(fields[1])) {
      continue;
    }
    QueuedTask task{.name = fields[0],
                    .job = fields[1],
                    .task = ParseInt(fields[2]).value_or(-1),
                    .state = fields[3],
                    .node = fields[4]};
    if (fields[5] != "None") {
      task.reason = fields[5];
    }
    tasks.push_back(task);
  }
  return tasks;
}

std::optional<int64_t> ParseMaxArraySize(std::string_view text) {
  for (const std::string& line : Split(text, '\n')) {
    const size_t equals = line.find('=');
    if (equals != std::string::npos &&
        Trim(std::string_view(line).substr(0, equals)) == "MaxArraySize") {
      const std::optional<int64_t> size = ParseInt(Trim(std::string_view(line).substr(equals + 1)));
      return size && *size >= 1 ? size : std::nullopt;
    }
  }
  return std::nullopt;
}

std::string ParseSubmitted(std::string_view text) {
  // The last line: what a site's submission filter says comes before.
  const std::vector<std::string> lines = Split(Trim(text), '\n');
  const std::string number = Split(lines.back(), ';')[0];
  return ParseInt(number) ? number : "";
}

}  // namespace initbias
