#include "lib/run/executor.h"

#include <fmt/format.h>

#include <utility>

#include "lib/base/terminal.h"
#include "lib/base/text.h"
#include "lib/config/run_labels.h"
#include "lib/run/status.h"
#include "lib/run/training.h"

namespace initbias {
namespace {

class LocalExecutor : public Executor {
 public:
  explicit LocalExecutor(PoolOptions pool) : pool_(std::move(pool)) {}

  std::optional<int> Train(const std::vector<RunConfig>& missing) override {
    const int status = TrainMissing(missing, pool_);
    return status == 0 ? std::nullopt : std::optional(status);
  }
  bool IsHere() const override { return true; }
  std::string Describe(const std::vector<RunConfig>& /*missing*/) const override { return ""; }

 private:
  PoolOptions pool_;
};

class NoExecutor : public Executor {
 public:
  explicit NoExecutor(ResultsFolder folder) : folder_(std::move(folder)) {}

  std::optional<int> Train(const std::vector<RunConfig>& missing) override {
    Tell(stderr, "{} missing, and --executor=none trains none:\n",
         Counted(missing.size(), "run is", "runs are"));
    const std::vector<std::string> labels = DistinctLabels(missing);
    for (size_t i = 0; i < missing.size(); ++i) {
      TellItem(stderr, fmt::format("{} ({})", labels[i], folder_.Run(RunId(missing[i])).string()));
    }
    return kFailed;
  }
  bool IsHere() const override { return false; }
  std::string Describe(const std::vector<RunConfig>& /*missing*/) const override { return ""; }

 private:
  ResultsFolder folder_;
};

}  // namespace

std::unique_ptr<Executor> MakeLocalExecutor(const PoolOptions& pool) {
  return std::make_unique<LocalExecutor>(pool);
}

std::unique_ptr<Executor> MakeNoExecutor(const ResultsFolder& folder) {
  return std::make_unique<NoExecutor>(folder);
}

}  // namespace initbias
