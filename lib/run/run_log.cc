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
  nlohmann::ordered_json line = {{"time", time},
                                 {"event", message.kind == "error" ? "failed" : message.kind},
                                 {"run", RunId(config)},
                                 {"label", RunLabel(config)},
                                 {"model", FormatValue(config.model)},
                                 {"gamma", config.init.gamma},
                                 {"seed", config.seed}};
  const auto number = [&](const char* name) {
    if (message.fields.contains(name)) {
      line[name] = message.Number(name);
    }
  };
  if (message.kind == "progress") {
    const double total = std::max(1.0, message.Number("total"));
    line["step"] = static_cast<int64_t>(message.Number("step"));
    line["total"] = static_cast<int64_t>(total);
    line["epoch"] = message.Number("step") * static_cast<double>(config.train.epochs) / total;
    number("rate");
    nlohmann::ordered_json losses = nlohmann::ordered_json::object();
    for (const auto& [name, value] : message.fields) {
      if (name != "step" && name != "total" && name != "rate") {
        losses[name] = message.Number(name);
      }
    }
    line["loss"] = losses;
  } else if (message.kind == "started") {
    line["device"] = message.Text("device");
  } else if (message.kind == "stopped") {
    line["step"] = static_cast<int64_t>(message.Number("step"));
  } else if (message.kind == "error") {
    line["error"] = message.Text("text");
  } else {
    number("seconds");
    number("memory");
  }
  // A text that is not UTF-8 (a path in an error, say) does not end the log.
  return line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

RunLog::RunLog(const std::filesystem::path& path) {
  MakeFolders(path.parent_path());
  constexpr mode_t kMode = 0666;
  descriptor_ = open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, kMode);
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
