#include "tests/bench/contender.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <thread>
#include <utility>

#include "tests/bench/answers.h"

namespace initbias {
namespace {

using Clock = std::chrono::steady_clock;

// The threads of OpenMP keep looking for work for some milliseconds after the last they had.
constexpr std::chrono::milliseconds kSettle(20);

}  // namespace

Contender::Contender(ContenderPlan plan) : plan_(std::move(plan)) {
  for (int64_t i = 0; i < plan_.processes; ++i) {
    processes_.push_back(std::make_unique<Subprocess>(
        plan_.argv, SubprocessOptions{.environment = plan_.environment}));
  }
}

void Contender::WaitUntilReady() {
  for (const auto& process : processes_) {
    process->Send(plan_.input);
  }
  for (const auto& process : processes_) {
    software_ = AwaitAnswer(*process, "ready");
  }
}

double Contender::Run(int64_t steps) {
  std::this_thread::sleep_for(kSettle);
  const Clock::time_point start = Clock::now();
  for (const auto& process : processes_) {
    process->Send(fmt::format("go {}\n", steps));
  }
  std::vector<std::string> replies;
  for (const auto& process : processes_) {
    replies.push_back(AwaitAnswer(*process, "done"));
  }
  const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
  for (const std::string& reply : replies) {
    peak_memory_ = std::max(peak_memory_, NumberOf(reply, "memory"));
  }
  return seconds;
}

int64_t Contender::StepsThatTake(double seconds) {
  constexpr double kEnough = 0.5;  // of `seconds`, to know how long a step takes
  constexpr int64_t kGrowth = 10;
  Run(1);  // takes the memory
  for (int64_t steps = 1;;) {
    const double measured = Run(steps);
    const double suited = static_cast<double>(steps) * seconds / measured;
    if (measured >= kEnough * seconds) {
      return std::max<int64_t>(1, std::llround(suited));
    }
    steps = std::clamp<int64_t>(std::llround(suited), steps + 1, kGrowth * steps);
  }
}

void Contender::Stop() {
  for (auto& process : processes_) {
    if (plan_.name == "ours") {
      process->Send("stop\n");
      shares_.push_back(AwaitAnswer(*process, "shares"));
    }
    process.reset();
  }
  processes_.clear();
}

double Contender::Share(const std::string& part) const {
  double sum = 0;
  for (const std::string& shares : shares_) {
    sum += NumberOf(shares, part);
  }
  return shares_.empty() ? 0 : sum / static_cast<double>(shares_.size());
}

}  // namespace initbias
