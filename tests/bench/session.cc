#include "tests/bench/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <limits>
#include <utility>

#include "lib/analysis/statistics.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/config/field_list.h"
#include "lib/model/spec/parameter_spec.h"
#include "lib/run/message.h"

namespace initbias {
namespace {

// The sizes of the workload's model as the flags of bench_loop.py.
std::vector<std::string> PythonFlags(const RunConfig& config, const BatchShape& batch) {
  std::vector<std::string> flags;
  const auto add = [&flags](const char* name, const auto& value) {
    flags.push_back(fmt::format("--{}={}", name, value));
  };
  add("vocabulary", Vocabulary(config));
  add("length", batch.longest);
  add("batch", batch.sequences);
  add("samples", TrainingSamples(config));
  add("parameters", ParameterCount(ParameterSpecs(config)));
  add("gamma", config.init.gamma);
  add("learning_rate", config.optimizer.learning_rate);
  add("weight_decay", config.optimizer.weight_decay);
  add("clip_norm", config.optimizer.clip_norm);
  switch (config.model) {
    case ModelKind::kEmbMlp:
      add("model", "emb_mlp");
      add("d_model", config.emb_mlp.d_model);
      add("d_ff", config.emb_mlp.d_ff);
      break;
    case ModelKind::kTransformer:
      add("model", "transformer");
      add("context", config.task.length);
      add("layers", config.transformer.layers);
      add("heads", config.transformer.heads);
      add("d_model", config.transformer.d_model);
      add("d_ff", config.transformer.d_ff);
      add("d_head", config.transformer.d_head);
      add("norm", FormatValue(config.transformer.norm));
      break;
    case ModelKind::kGpt2:
      add("model", "gpt2");
      add("context", config.gpt2.context);
      add("layers", config.gpt2.layers);
      add("heads", config.gpt2.heads);
      add("d_model", config.gpt2.d_model);
      break;
  }
  return flags;
}

// The last line of an error, where Python says what went wrong.
std::string LastLine(const std::string& text) {
  std::string last;
  for (const std::string& line : Split(text, '\n')) {
    if (!Trim(line).empty()) {
      last = Trim(line);
    }
  }
  return last;
}

}  // namespace

bool IsPython(const std::string& name) { return name != kOurProgram && name != kLimit; }

bool TakesPart(const std::string& name, const RunConfig& config) {
  return !name.ends_with("_pruned") || config.model == ModelKind::kTransformer;
}

ContenderPlan PlanOf(const std::string& name, const Workload& workload, const BatchShape& batch,
                     const SessionOptions& options) {
  ContenderPlan plan{.name = name, .processes = options.processes};
  if (IsPython(name)) {
    const bool jax = name == kJax || name == kJaxPruned;
    plan.argv = {options.python, (jax ? options.plain_jax : options.plain_pytorch).string()};
    const std::vector<std::string> flags = PythonFlags(workload.config, batch);
    plan.argv.insert(plan.argv.end(), flags.begin(), flags.end());
    if (name.ends_with("_pruned")) {
      plan.argv.emplace_back("--pruned");
    }
    if (name == kPytorchDefault) {
      plan.processes = 1;
      return plan;
    }
    plan.environment = {"OMP_NUM_THREADS=1"};
    if (jax) {
      plan.environment.emplace_back("JAX_PLATFORMS=cpu");
      plan.environment.emplace_back("NPROC=1");  // threads of XLA
      plan.environment.emplace_back("XLA_FLAGS=--xla_cpu_multi_thread_eigen=false");
      return plan;
    }
    plan.argv.emplace_back("--threads=1");
    if (name == kTorchCompile || name == kTorchCompilePruned) {
      plan.argv.emplace_back("--compile");
      plan.environment.emplace_back("TORCHINDUCTOR_COMPILE_THREADS=1");
    }
    return plan;
  }
  plan.input = FormatOrder({.config = workload.config}) + "\n\n";
  if (name == kOurProgram) {
    plan.argv = {options.timed_loop.string(), "ours", options.data_folder.string()};
  } else {
    plan.argv = {options.timed_loop.string(), "limit", fmt::format("{}", batch.length),
                 fmt::format("{}", batch.labels)};
  }
  return plan;
}

double MemoryOf(const std::string& name, const Workload& workload, int64_t processes) {
  // Bytes a parameter: itself, its gradient and two moments; of the limit the first two. What else
  // a process holds is small where the sum matters.
  constexpr double kTraining = 16;
  constexpr double kProducts = 8;
  constexpr double kActivations = 1.4;  // and workspace, of a large model, in units of the above
  return (name == kLimit ? kProducts : kTraining) *
         (name == kPytorchDefault ? 1.0 : static_cast<double>(processes)) * kActivations *
         static_cast<double>(ParameterCount(ParameterSpecs(workload.config)));
}

double Measurement::StepsPerSecond(const std::string& contender) const {
  return Has(contender) ? Median(contenders.at(contender).steps_per_second)
                        : std::numeric_limits<double>::quiet_NaN();
}

double Measurement::Ratio(const std::string& above, const std::string& below) const {
  if (!Has(above) || !Has(below)) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  std::vector<double> ratios = contenders.at(above).steps_per_second;
  const std::vector<double>& units = contenders.at(below).steps_per_second;
  for (size_t i = 0; i < ratios.size(); ++i) {
    ratios[i] /= units.at(i);
  }
  return Median(ratios);
}

Session::Session(const Workload& workload, const std::vector<std::string>& names,
                 const SessionOptions& options)
    : measurement_{.workload = workload,
                   .batch = TypicalBatch(workload.config, {.shipped = options.data_folder})} {
  double room = options.memory;
  for (const std::string& name : names) {
    room -= IsPython(name) ? 0 : MemoryOf(name, workload, options.processes);
  }
  for (const std::string& name : names) {
    if (IsPython(name)) {
      const double needed = MemoryOf(name, workload, options.processes);
      if (needed > room) {
        measurement_.missing[name] = fmt::format("takes about {} of memory, {} are left",
                                                 FormatBytes(needed), FormatBytes(room));
        continue;
      }
      room -= needed;
    }
    // One contender after the other, so that what is timed next does not meet the set-up of others.
    Try(name, [&] {
      auto contender =
          std::make_unique<Contender>(PlanOf(name, workload, measurement_.batch, options));
      contender->WaitUntilReady();
      contenders_.push_back(std::move(contender));
    });
  }
  fmt::print(stderr, "{}: ready; steps in a round:", workload.name);
  std::vector<std::string> failed;
  for (const auto& contender : contenders_) {
    const std::string& name = contender->plan().name;
    Measurement::Rates& rates = measurement_.contenders[name];
    rates.processes = contender->plan().processes;
    rates.software = contender->software();
    if (Try(name, [&] { rates.steps = contender->StepsThatTake(options.round_seconds); })) {
      fmt::print(stderr, " {} {}x{}", name, rates.processes, rates.steps);
    } else {
      failed.push_back(name);
    }
  }
  Remove(failed);
  fmt::print(stderr, "\n");
}

template <typename F>
bool Session::Try(const std::string& contender, const F& f) {
  try {
    f();
    return true;
  } catch (const Error& error) {
    if (!IsPython(contender)) {
      throw;
    }
    measurement_.missing[contender] = LastLine(error.what());
    return false;
  }
}

void Session::Remove(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    measurement_.contenders.erase(name);
    std::erase_if(contenders_,
                  [&name](const auto& contender) { return contender->plan().name == name; });
  }
}

// Each round begins with another contender.
void Session::PlayRound() {
  fmt::print(stderr, "{}: round {}, run-steps/s:", measurement_.workload.name, rounds_ + 1);
  std::vector<std::string> failed;
  for (size_t i = 0; i < contenders_.size(); ++i) {
    Contender& contender = *contenders_[(rounds_ + i) % contenders_.size()];
    Measurement::Rates& rates = measurement_.contenders.at(contender.plan().name);
    double seconds = 0;
    if (!Try(contender.plan().name, [&] { seconds = contender.Run(rates.steps); })) {
      failed.push_back(contender.plan().name);
      continue;
    }
    rates.steps_per_second.push_back(static_cast<double>(rates.steps * rates.processes) / seconds);
    rates.peak_memory = contender.peak_memory();
    fmt::print(stderr, " {} {:.4g}", contender.plan().name, rates.steps_per_second.back());
  }
  fmt::print(stderr, "\n");
  Remove(failed);
  ++rounds_;
}

std::optional<double> Session::Seconds(const std::string& name, size_t round) {
  while (rounds_ <= round) {
    PlayRound();
  }
  if (!measurement_.Has(name)) {
    return std::nullopt;
  }
  const Measurement::Rates& rates = measurement_.contenders.at(name);
  return static_cast<double>(rates.steps * rates.processes) / rates.steps_per_second[round];
}

std::string Session::WhyMissing(const std::string& name) const {
  const auto reason = measurement_.missing.find(name);
  return reason == measurement_.missing.end() ? "" : reason->second;
}

int64_t Session::RunSteps(const std::string& name) const {
  const Measurement::Rates& rates = measurement_.contenders.at(name);
  return rates.steps * rates.processes;
}

Measurement Session::Finish() {
  // Ours last: to stop it gathers its state, which takes memory.
  std::stable_partition(contenders_.begin(), contenders_.end(), [](const auto& contender) {
    return contender->plan().name != kOurProgram;
  });
  for (const auto& contender : contenders_) {
    contender->Stop();
    if (contender->plan().name == kOurProgram) {
      for (const char* part : kStepParts) {
        measurement_.shares[part] = contender->Share(part);
      }
    }
  }
  contenders_.clear();
  return measurement_;
}

}  // namespace initbias
