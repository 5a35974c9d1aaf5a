#include "lib/run/run_log.h"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <nlohmann/json.hpp>
#include <variant>

#include "lib/base/file_access.h"

namespace initbias {
namespace {

// "2026-01-02T03:04:05.678Z".
std::string Now() {
  const auto now = std::chrono::system_clock::now();
  const auto milliseconds =
      std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000;
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(now)), milliseconds);
}

}  // namespace

std::string LogLine(const std::string& time, const RunConfig& config, const Message& message) {
  const bool found = std::holds_alternative<FoundMessage>(message);
  nlohmann::ordered_json line = {{"time", time},
                                 {"event", found ? FinishedMessage::kKind : KindOf(message)},
                                 {"run", RunId(config)},
                                 {"label", RunLabel(config)},
                                 {"model", FormatValue(config.model)},
                                 {"gamma", config.init.gamma},
                                 {"seed", config.seed}};
  if (const auto* progress = std::get_if<ProgressMessage>(&message)) {
    const int64_t total = std::max<int64_t>(1, progress->total);
    line["step"] = progress->step;
    line["total"] = total;
    line["epoch"] = static_cast<double>(progress->step) * static_cast<double>(config.train.epochs) /
                    static_cast<double>(total);
    line["rate"] = progress->rate;
    line["loss"] = progress->losses;
  } else if (const auto* started = std::get_if<StartedMessage>(&message)) {
    line["device"] = started->device;
  } else if (const auto* stopped = std::get_if<StoppedMessage>(&message)) {
    line["step"] = stopped->step;
  } else if (const auto* failed = std::get_if<FailedMessage>(&message)) {
    line["error"] = failed->error;
  } else if (const auto* finished = std::get_if<FinishedMessage>(&message)) {
    line["seconds"] = finished->seconds;
    line["memory"] = finished->memory;
  } else if (found) {
    line["seconds"] = 0.0;
  }
  // A text that is not UTF-8 (a path in an error, say) does not end the log.
  return line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

RunLog::RunLog(const std::filesystem::path& path) {
  MakeFolders(path.parent_path());
  constexpr mode_t kMode = 0666;
  descriptor_ = open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, kMode);
  if (descriptor_ < 0) {
    throw Refused("write", path, errno);
  }
}

RunLog::~RunLog() { close(descriptor_); }

bool RunLog::Write(const RunConfig& config, const Message& message) {
  const std::string line = LogLine(Now(), config, message) + "\n";
  return write(descriptor_, line.data(), line.size()) == static_cast<ssize_t>(line.size());
}

}  // namespace initbias
