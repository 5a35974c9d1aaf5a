// Worker processes: whatever the number of workers, and whenever they are stopped or killed, the
// runs end in the same bits.
#include "lib/run/worker_pool.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <thread>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/file_access.h"
#include "lib/process/subprocess.h"
#include "lib/result/run_result.h"
#include "lib/run/training.h"
#include "lib/store/results.h"
#include "lib/store/run_file.h"
#include "tests/small_runs.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using Outcome = RunReport::Outcome;

fs::path Worker() { return fs::absolute("lib/run/worker"); }

class WorkerPoolTest : public testing::Test {
 protected:
  WorkerPoolTest()
      : root_(fs::path(testing::TempDir()) /
              testing::UnitTest::GetInstance()->current_test_info()->name()) {
    fs::remove_all(root_);
  }

  PoolOptions Options(const std::string& sub = "a", int64_t jobs = 2) const {
    return {.worker = Worker(),
            .results_root = root_ / sub,
            .profile = "smoke",
            .device = "cpu",
            .jobs = jobs};
  }

  ResultsFolder Folder(const std::string& sub = "a") const { return {root_ / sub, "smoke"}; }

  std::string Digest(const RunConfig& config, const std::string& sub = "a") const {
    return ReadRunFile(Folder(sub).Run(RunId(config)), config).parameters_digest;
  }

  fs::path root_;
};

// A run of some seconds, to be stopped on its way.
RunConfig LongRun() {
  RunConfig config = SmallTransformerRun();
  config.train.epochs = 200;
  config.train.eval_every = 100;
  return config;
}

std::vector<RunConfig> FourRuns() {
  std::vector<RunConfig> runs = {SmallTransformerRun(), SmallEmbMlpRun(), SmallTransformerRun(),
                                 SmallEmbMlpRun()};
  runs[2].init.gamma = 0.8;
  runs[3].init.gamma = 0.8;
  return runs;
}

TEST_F(WorkerPoolTest, OneJobAndTwoJobsGiveTheSameDigests) {
  for (const auto& [sub, jobs] : {std::pair("one", 1), std::pair("two", 2)}) {
    for (const RunReport& report : RunAll(FourRuns(), Options(sub, jobs))) {
      EXPECT_EQ(report.outcome, Outcome::kFinished) << report.error;
    }
  }
  for (const RunConfig& config : FourRuns()) {
    EXPECT_EQ(Digest(config, "one"), Digest(config, "two"));
    EXPECT_FALSE(fs::exists(Folder("one").Checkpoint(RunId(config))));
  }
}

// What is begun ahead where a worker would be idle is nobody's report; what it does not finish goes
// on later, to the same bits.
TEST_F(WorkerPoolTest, AheadRunsUseIdleWorkersAndStopWithTheOthers) {
  const RunConfig planned = LongRun();
  const RunConfig small = SmallEmbMlpRun();
  RunConfig large = planned;
  large.seed = 77;
  large.train.epochs *= 3;
  PoolOptions options = Options();
  options.ahead = {small, large};
  const std::vector<RunReport> reports = RunAll({planned}, options);
  ASSERT_EQ(reports.size(), 1);
  EXPECT_EQ(reports[0].outcome, Outcome::kFinished);
  EXPECT_EQ(RunId(reports[0].config), RunId(planned));
  EXPECT_TRUE(fs::exists(Folder().Run(RunId(small)))) << "the first of them is short";
  EXPECT_FALSE(fs::exists(Folder().Run(RunId(large)))) << "it was waited for";
  RunAll({large}, Options());
  RunAll({small, large}, Options("b"));
  EXPECT_EQ(Digest(small), Digest(small, "b"));
  EXPECT_EQ(Digest(large), Digest(large, "b"));
}

TEST_F(WorkerPoolTest, AFailureAheadIsTheOtherProgramsToTell) {
  RunConfig broken = SmallGpt2Run();
  broken.text.tinystories = "no such file";
  PoolOptions options = Options();
  options.ahead = {broken};
  const RunConfig planned = LongRun();
  const std::vector<RunReport> reports = RunAll({planned}, options);
  ASSERT_EQ(reports.size(), 1);
  EXPECT_EQ(reports[0].outcome, Outcome::kFinished);
  EXPECT_TRUE(reports[0].error.empty());
}

TEST_F(WorkerPoolTest, TheLogTellsWhatHappened) {
  std::vector<RunConfig> runs = {SmallTransformerRun(), SmallEmbMlpRun()};
  runs[1].optimizer.learning_rate = 1e38;
  runs[1].optimizer.weight_decay = 0;
  PoolOptions options = Options();
  options.log = true;
  RunAll(runs, options);
  std::vector<std::string> events;
  nlohmann::json progress;
  std::ifstream log(Folder().Log());
  for (std::string text; std::getline(log, text);) {
    const nlohmann::json line = nlohmann::json::parse(text);
    if (line["run"] == RunId(runs[1])) {
      if (line["event"] == "failed") {
        EXPECT_THAT(line["error"].get<std::string>(), HasSubstr("not finite"));
        events.emplace_back("other failed");
      }
    } else if (line["event"] == "progress") {
      progress = line;
    } else {
      events.push_back(line["event"]);
    }
  }
  EXPECT_THAT(events, testing::UnorderedElementsAre("started", "finished", "other failed"));
  const RunResult result = ReadRunFile(Folder().Run(RunId(runs[0])), runs[0]);
  EXPECT_EQ(progress["step"], TotalSteps(runs[0]));
  EXPECT_EQ(progress["epoch"], result.epoch.back());
  EXPECT_NEAR(progress["loss"]["memory"].get<double>(), result.Get("memory").loss.back(), 1e-4);
}

TEST_F(WorkerPoolTest, AFailingRunDoesNotStopTheOthers) {
  std::vector<RunConfig> runs = FourRuns();
  runs[1].optimizer.learning_rate = 1e38;
  runs[1].optimizer.weight_decay = 0;
  const std::vector<RunReport> reports = RunAll(runs, Options());
  ASSERT_EQ(reports.size(), 4u);
  EXPECT_EQ(reports[1].outcome, Outcome::kFailed);
  EXPECT_THAT(reports[1].error, HasSubstr("not finite"));
  for (const size_t i : {0u, 2u, 3u}) {
    EXPECT_EQ(RunId(reports[i].config), RunId(runs[i]));
    EXPECT_EQ(reports[i].outcome, Outcome::kFinished) << reports[i].error;
    EXPECT_TRUE(fs::exists(Folder().Run(RunId(runs[i]))));
  }
  EXPECT_FALSE(fs::exists(Folder().Run(RunId(runs[1]))));
}

// Starts a worker on `config` that checkpoints all the time and waits until a checkpoint is there.
std::unique_ptr<Subprocess> StartAndAwaitCheckpoint(const RunConfig& config, const fs::path& root) {
  const std::string input = CanonicalForm(config);
  ResultsFolder(root, "smoke").MakeForTraining();
  auto worker = std::make_unique<Subprocess>(
      std::vector<std::string>{Worker(), "--results=" + root.string(), "--profile=smoke",
                               "--device=cpu", "--checkpoint-seconds=0.05"},
      SubprocessOptions{.input = input, .own_group = true});
  const fs::path checkpoint = ResultsFolder(root, "smoke").Checkpoint(RunId(config));
  while (worker->output_fd() >= 0 && !fs::exists(checkpoint)) {
    pollfd fd{.fd = worker->output_fd(), .events = POLLIN, .revents = 0};
    poll(&fd, 1, 10);
    worker->ReadLines();
  }
  return worker;
}

void Drain(Subprocess& process) {
  while (process.output_fd() >= 0) {
    pollfd fd{.fd = process.output_fd(), .events = POLLIN, .revents = 0};
    poll(&fd, 1, -1);
    process.ReadLines();
  }
}

TEST(KilledHintTest, TellsALimitOfProcessorTimeFromWantOfMemory) {
  const auto hint = [](int signal, double seconds, rlim_t soft, rlim_t hard) {
    return KilledHint(signal, seconds, rlimit{.rlim_cur = soft, .rlim_max = hard});
  };
  constexpr rlim_t kNone = RLIM_INFINITY;
  EXPECT_THAT(hint(SIGXCPU, 2.01, 2, kNone),
              testing::AllOf(HasSubstr("SIGXCPU"), HasSubstr("had computed for 2.0 s"),
                             HasSubstr("(`ulimit -t`) is 2 s"), HasSubstr("where there is one")));
  EXPECT_THAT(hint(SIGXCPU, 2, kNone, kNone), HasSubstr("SIGXCPU"));
  EXPECT_THAT(hint(SIGKILL, 59.9, 60, 60),
              testing::AllOf(HasSubstr("(`ulimit -t`) is 60 s"), testing::Not(HasSubstr("memory")),
                             testing::Not(HasSubstr("SIGXCPU"))));
  for (const std::string& memory :
       {hint(SIGKILL, 59.9, kNone, kNone), hint(SIGKILL, 20, 60, 60), hint(SIGKILL, 60, 60, 600)}) {
    EXPECT_THAT(memory, testing::AllOf(HasSubstr("where memory runs out"),
                                       testing::Not(HasSubstr("ulimit"))));
  }
  EXPECT_EQ(hint(SIGSEGV, 60, 60, 60), "");
  EXPECT_EQ(hint(0, 60, 60, 60), "");
}

TEST_F(WorkerPoolTest, KilledAndStartedAgainGivesTheSameDigest) {
  const RunConfig config = LongRun();
  ASSERT_EQ(RunAll({config}, Options("unbroken"))[0].outcome, Outcome::kFinished);
  const auto worker = StartAndAwaitCheckpoint(config, root_ / "killed");
  worker->Signal(SIGKILL);
  Drain(*worker);
  ASSERT_THAT(worker->Wait(), HasSubstr("killed by signal 9"));
  ASSERT_TRUE(fs::exists(Folder("killed").Checkpoint(RunId(config))));
  ASSERT_FALSE(fs::exists(Folder("killed").Run(RunId(config))));
  ASSERT_EQ(RunAll({config}, Options("killed"))[0].outcome, Outcome::kFinished);
  const RunResult result = ReadRunFile(Folder("killed").Run(RunId(config)), config);
  EXPECT_EQ(result.parameters_digest, Digest(config, "unbroken"));
  EXPECT_EQ(result.provenance.resumed, 1);
}

// Waits until all of `files` are there, which are to appear in `folder`, or nobody has the writing
// end of the pipe `end` any more. Returns false in the second case.
bool AwaitFiles(const fs::path& folder, const std::vector<fs::path>& files, int end) {
  fs::create_directories(folder);
  const int changes = inotify_init1(IN_CLOEXEC);
  EXPECT_GE(inotify_add_watch(changes, folder.c_str(), IN_CREATE | IN_MOVED_TO), 0);
  const auto all_there = [&] {
    return std::ranges::all_of(files, [](const fs::path& file) { return fs::exists(file); });
  };
  bool ended = false;
  while (!ended && !all_there()) {
    std::array<pollfd, 2> fds{{{.fd = changes, .events = POLLIN, .revents = 0},
                               {.fd = end, .events = POLLIN, .revents = 0}}};
    poll(fds.data(), fds.size(), -1);
    ended = fds[1].revents != 0;
    if (fds[0].revents != 0) {
      std::array<char, 4096> names{};
      EXPECT_GT(read(changes, names.data(), names.size()), 0);
    }
  }
  close(changes);
  return !ended;
}

TEST_F(WorkerPoolTest, CtrlCWritesCheckpointsAndTheNextCallGoesOn) {
  RunConfig other = LongRun();
  other.init.gamma = 0.8;
  const std::vector<RunConfig> runs = {LongRun(), other};
  std::array<int, 2> end{};
  ASSERT_EQ(pipe2(end.data(), O_CLOEXEC), 0);
  std::thread ctrl_c([&] {
    // Both workers have made checkpoints: they are in the middle of their runs.
    const std::vector<fs::path> files = {Folder().Checkpoint(RunId(runs[0])),
                                         Folder().Checkpoint(RunId(runs[1]))};
    if (AwaitFiles(files[0].parent_path(), files, end[0])) {
      raise(SIGINT);
    }
  });
  PoolOptions options = Options();
  options.checkpoint_seconds = 0.05;
  const std::vector<RunReport> stopped = RunAll(runs, options);
  close(end[1]);
  ctrl_c.join();
  close(end[0]);
  EXPECT_EQ(StopStatus(), 130);
  for (const RunReport& report : stopped) {
    EXPECT_EQ(report.outcome, Outcome::kStopped);
    EXPECT_FALSE(fs::exists(Folder().Run(RunId(report.config))));
  }
  for (const RunReport& report : RunAll(runs, Options())) {
    EXPECT_EQ(report.outcome, Outcome::kFinished) << report.error;
  }
  ASSERT_EQ(RunAll({other}, Options("unbroken"))[0].outcome, Outcome::kFinished);
  EXPECT_EQ(Digest(other), Digest(other, "unbroken"));
}

TEST_F(WorkerPoolTest, EachStopSignalHasItsExitStatus) {
  const RunConfig run = LongRun();
  const fs::path checkpoint = Folder().Checkpoint(RunId(run));
  PoolOptions options = Options();
  options.checkpoint_seconds = 0.05;
  for (const auto& [number, status] :
       {std::pair{SIGTERM, 143}, std::pair{SIGHUP, 129}, std::pair{SIGXCPU, 152}}) {
    fs::remove(checkpoint);
    std::array<int, 2> end{};
    ASSERT_EQ(pipe2(end.data(), O_CLOEXEC), 0);
    std::thread stop([&, number = number] {
      if (AwaitFiles(checkpoint.parent_path(), {checkpoint}, end[0])) {
        raise(number);
      }
    });
    EXPECT_EQ(RunAll({run}, options)[0].outcome, Outcome::kStopped);
    EXPECT_EQ(StopStatus(), status);
    close(end[1]);
    stop.join();
    close(end[0]);
    EXPECT_TRUE(fs::exists(checkpoint));
  }
}

// The system sends it each second; to the others a third one is the end.
TEST_F(WorkerPoolTest, TheLimitOnProcessorTimeKillsNoWorker) {
  const RunConfig run = LongRun();
  const fs::path checkpoint = Folder().Checkpoint(RunId(run));
  PoolOptions options = Options();
  options.checkpoint_seconds = 0.05;
  std::array<int, 2> end{};
  ASSERT_EQ(pipe2(end.data(), O_CLOEXEC), 0);
  std::thread stop([&] {
    if (AwaitFiles(checkpoint.parent_path(), {checkpoint}, end[0])) {
      for (int i = 0; i < 5; ++i) {
        raise(SIGXCPU);
      }
    }
  });
  testing::internal::CaptureStderr();
  EXPECT_EQ(RunAll({run}, options)[0].outcome, Outcome::kStopped);
  const std::string told = testing::internal::GetCapturedStderr();
  EXPECT_THAT(told, HasSubstr("the limit on processor time (`ulimit -t`) is reached"));
  EXPECT_THAT(told, Not(HasSubstr("signal 9")));
  close(end[1]);
  stop.join();
  close(end[0]);
}

TEST_F(WorkerPoolTest, AWorkerThatHasNoMoreProcessorTimeWritesItsCheckpoint) {
  const RunConfig config = LongRun();
  const auto worker = StartAndAwaitCheckpoint(config, root_ / "a");
  worker->Signal(SIGXCPU);
  const std::string said = worker->ReadAll();
  EXPECT_EQ(worker->Wait(), "");
  EXPECT_THAT(said, HasSubstr("the limit on processor time of a process (`ulimit -t`) is reached"));
  EXPECT_THAT(said, HasSubstr("the same command goes on from step"));
  EXPECT_TRUE(fs::exists(Folder().Checkpoint(RunId(config))));
}

// How the results may go while runs are trained; the pool ends at once, and makes nothing again.
TEST_F(WorkerPoolTest, AFolderThatVanishesEndsAllAndIsNotMadeAgain) {
  const RunConfig run = LongRun();
  const fs::path root = root_ / "a";
  const fs::path checkpoint = Folder().Checkpoint(RunId(run));
  PoolOptions options = Options();
  options.checkpoint_seconds = 0.05;
  const std::vector<std::function<void()>> ways = {
      [&] { fs::rename(root, root_ / "elsewhere"); },
      [&] {
        fs::rename(root, root_ / "elsewhere");
        std::ofstream(root) << "a file";
      },
      [&] {  // another disk is mounted, say
        fs::rename(root, root_ / "elsewhere");
        fs::create_directories(checkpoint.parent_path());
        fs::create_directories(Folder().Run("x").parent_path());
      },
      [&] { fs::rename(checkpoint.parent_path(), root_ / "elsewhere"); }};
  for (size_t i = 0; i < ways.size(); ++i) {
    SCOPED_TRACE(i);
    fs::remove_all(root_);
    std::array<int, 2> end{};
    ASSERT_EQ(pipe2(end.data(), O_CLOEXEC), 0);
    Folder().MakeForTraining();
    std::thread vanish([&] {
      if (AwaitFiles(checkpoint.parent_path(), {checkpoint}, end[0])) {
        ways[i]();
      }
    });
    try {
      RunAll({run}, options);
      ADD_FAILURE() << "no error";
    } catch (const FolderGone& error) {
      EXPECT_THAT(error.what(), HasSubstr(Folder().folder().string()));
    }
    close(end[1]);
    vanish.join();
    close(end[0]);
    int files = 0;
    if (fs::is_directory(root)) {
      for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root)) {
        files += entry.is_regular_file() ? 1 : 0;
      }
    }
    EXPECT_EQ(files, 0);
    EXPECT_FALSE(i == 3 && fs::exists(checkpoint.parent_path()));
    EXPECT_FALSE(i == 0 && fs::exists(root));
  }
}

// By itself, too, where nobody watches it.
TEST_F(WorkerPoolTest, AWorkerWhoseFolderVanishesEndsWithItsName) {
  const RunConfig config = LongRun();
  const fs::path root = root_ / "a";
  const auto worker = StartAndAwaitCheckpoint(config, root);
  fs::rename(root, root_ / "elsewhere");
  const std::string said = worker->ReadAll();
  EXPECT_EQ(worker->Wait(), "exit status 1");
  EXPECT_THAT(said, HasSubstr("is gone: it was removed or renamed"));
  EXPECT_THAT(said, HasSubstr(Folder().folder().string()));
  EXPECT_FALSE(fs::exists(root));
}

TEST_F(WorkerPoolTest, NohupIsHeard) {
  const auto before = std::signal(SIGHUP, SIG_IGN);
  const RunConfig run = SmallEmbMlpRun();
  std::atomic<bool> done = false;
  std::thread hang_up([&] {
    while (!done) {
      raise(SIGHUP);
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  });
  EXPECT_EQ(RunAll({run}, Options())[0].outcome, Outcome::kFinished);
  done = true;
  hang_up.join();
  std::signal(SIGHUP, before);
}

TEST_F(WorkerPoolTest, ADamagedCheckpointIsLeftBehind) {
  const RunConfig config = SmallEmbMlpRun();
  fs::create_directories(Folder().Checkpoint(RunId(config)).parent_path());
  std::ofstream(Folder().Checkpoint(RunId(config))) << "not a checkpoint";
  ASSERT_EQ(RunAll({config}, Options())[0].outcome, Outcome::kFinished);
  ASSERT_EQ(RunAll({config}, Options("clean"))[0].outcome, Outcome::kFinished);
  EXPECT_EQ(Digest(config), Digest(config, "clean"));
}

TEST_F(WorkerPoolTest, ACheckpointOfAnotherLibTorchIsNotGoneOnFrom) {
  const RunConfig config = LongRun();
  const auto worker = StartAndAwaitCheckpoint(config, root_ / "a");
  worker->Signal(SIGKILL);
  Drain(*worker);
  worker->Wait();
  const fs::path path = Folder().Checkpoint(RunId(config));
  Checkpoint checkpoint = ReadCheckpoint(path);
  checkpoint.partial.provenance.torch_version = "1.0.0";
  WriteCheckpoint(path, checkpoint);
  testing::internal::CaptureStderr();
  const RunReport report = RunAll({config}, Options())[0];
  const std::string said = testing::internal::GetCapturedStderr();
  EXPECT_THAT(said, HasSubstr("LibTorch 1.0.0"));
  EXPECT_THAT(said,
              HasSubstr("starting anew; it is kept as " + path.filename().string() + ".aside"));
  EXPECT_EQ(report.outcome, Outcome::kFinished) << report.error;
  EXPECT_EQ(ReadRunFile(Folder().Run(RunId(config)), config).provenance.resumed, 0);
  EXPECT_EQ(ReadCheckpoint(path.string() + ".aside").step, checkpoint.step)
      << "whoever has that LibTorch may go on with it";
}

TEST_F(WorkerPoolTest, ACommandOfAnyLengthIsPassedOn) {
  const RunConfig config = SmallEmbMlpRun();
  PoolOptions options = Options();
  options.argv = "fig3 -- " + std::string(50'000, 'x') + " " + std::string(200'000, 'y');
  const RunReport report = RunAll({config}, options)[0];
  ASSERT_EQ(report.outcome, Outcome::kFinished) << report.error;
  EXPECT_EQ(ReadRunFile(Folder().Run(RunId(config)), config).provenance.argv, options.argv);
}

TEST_F(WorkerPoolTest, ALockedCheckpointStaysAndTheRunFails) {
  const RunConfig config = LongRun();
  const auto worker = StartAndAwaitCheckpoint(config, root_ / "a");
  worker->Signal(SIGKILL);
  Drain(*worker);
  worker->Wait();
  const fs::path checkpoint = Folder().Checkpoint(RunId(config));
  const int64_t step = ReadCheckpoint(checkpoint).step;
  const int holder = open(checkpoint.c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_EQ(flock(holder, LOCK_EX), 0);
  PoolOptions options = Options();
  options.checkpoint_seconds = 0.05;
  const RunReport report = RunAll({config}, options)[0];
  close(holder);
  EXPECT_EQ(report.outcome, Outcome::kFailed);
  EXPECT_THAT(report.error, HasSubstr(checkpoint.string() + ": it is locked"));
  EXPECT_EQ(ReadCheckpoint(checkpoint).step, step);
  EXPECT_FALSE(fs::exists(Folder().Run(RunId(config))));
}

// Whether one of two workers with the same run trained it: the one that waited found it stored.
bool OneTrained(const std::vector<RunReport>& reports) {
  return reports[0].trained.has_value() != reports[1].trained.has_value() &&
         (reports[0].trained ? reports[0] : reports[1]).trained->seconds > 0;
}

TEST_F(WorkerPoolTest, WithoutFlockTheSameRunTwiceAtOnceIsTrainedOnceToo) {
  const RunConfig config = SmallEmbMlpRun();
  setenv("LD_PRELOAD", fs::absolute("tests/no_locks.so").c_str(), /*replace=*/1);
  for (const char* number : {"37", "38", "95"}) {
    setenv("FLOCK_ERRNO", number, /*replace=*/1);
    testing::internal::CaptureStderr();
    const std::vector<RunReport> reports = RunAll({config, config}, Options(number));
    const std::string said = testing::internal::GetCapturedStderr();
    const size_t note = said.find("has no locks");
    EXPECT_NE(note, std::string::npos) << said;
    EXPECT_EQ(said.find("has no locks", note + 1), std::string::npos) << "told twice: " << said;
    for (const RunReport& report : reports) {
      EXPECT_EQ(report.outcome, Outcome::kFinished) << report.error;
    }
    EXPECT_TRUE(OneTrained(reports));
    EXPECT_FALSE(fs::exists(Folder(number).Lock(RunId(config)).replace_extension(".lease")));
  }
  unsetenv("LD_PRELOAD");
  unsetenv("FLOCK_ERRNO");
  EXPECT_EQ(Digest(config, "37"), Digest(config, "95"));
}

// A laptop that sleeps, or Ctrl-Z: another worker takes the run over, and the first one goes on in
// the middle of that.
TEST_F(WorkerPoolTest, AWorkerThatWasStoppedForLongWaitsForTheOneThatHasItsRun) {
  const RunConfig config = LongRun();
  Folder().MakeForTraining();
  const std::vector<std::string> command = {
      Worker(),       "--results=" + (root_ / "a").string(), "--profile=smoke",
      "--device=cpu", "--checkpoint-seconds=0.05",           "--stale-seconds=1"};
  const std::string order = FormatOrder({.config = config, .argv = "test"});
  const SubprocessOptions options{
      .input = order,
      .environment = {"LD_PRELOAD=" + fs::absolute("tests/no_locks.so").string(),
                      "FLOCK_ERRNO=37"}};
  // The kind of the last message; `until`: one of that kind is enough.
  std::string notes;
  const auto hear = [&notes](Subprocess& worker, std::string_view until) {
    std::string kind;
    while (const std::optional<std::string> line = worker.ReadLine()) {
      const Message message = ParseMessage(*line).value_or(NoteMessage{.text = *line});
      kind = KindOf(message);
      if (const auto* note = std::get_if<NoteMessage>(&message)) {
        notes += note->text + "\n";
      }
      if (kind == until) {
        break;
      }
    }
    return kind;
  };
  Subprocess first(command, options);
  const fs::path checkpoint = Folder().Checkpoint(RunId(config));
  for (int i = 0; i < 3000 && !fs::exists(checkpoint); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  ASSERT_TRUE(fs::exists(checkpoint));
  first.Signal(SIGSTOP);
  Subprocess second(command, options);
  EXPECT_EQ(hear(second, "progress"), "progress");
  first.Signal(SIGCONT);
  EXPECT_EQ(hear(first, ""), "found");
  EXPECT_EQ(first.Wait(), "");
  EXPECT_EQ(hear(second, ""), "finished");
  EXPECT_EQ(second.Wait(), "");
  EXPECT_THAT(notes, HasSubstr("is not this process's any more"));
  for (const auto& entry : fs::recursive_directory_iterator(root_)) {
    EXPECT_NE(entry.path().extension(), ".tmp") << entry.path();
    EXPECT_NE(entry.path().extension(), ".lease") << entry.path();
  }
  EXPECT_EQ(RunAll({config}, Options("b"))[0].outcome, Outcome::kFinished);
  EXPECT_EQ(Digest(config, "a"), Digest(config, "b"));
}

TEST_F(WorkerPoolTest, TheSameRunTwiceAtOnceIsTrainedOnce) {
  const RunConfig config = LongRun();
  const std::vector<RunReport> reports = RunAll({config, config}, Options());
  for (const RunReport& report : reports) {
    EXPECT_EQ(report.outcome, Outcome::kFinished) << report.error;
  }
  EXPECT_TRUE(OneTrained(reports));
}

// It may have been stored after this program looked.
TEST_F(WorkerPoolTest, ARunThatIsThereInAnotherModeIsNotTaken) {
  const RunConfig config = SmallEmbMlpRun();
  PoolOptions options = Options();
  options.numerics = "native";
  ASSERT_EQ(RunAll({config}, options)[0].outcome, Outcome::kFinished);
  EXPECT_EQ(RunAll({config}, options)[0].outcome, Outcome::kFinished);
  const RunReport report = RunAll({config}, Options())[0];
  EXPECT_EQ(report.outcome, Outcome::kFailed);
  EXPECT_THAT(report.error, testing::AllOf(HasSubstr(Folder().Run(RunId(config)).string()),
                                           HasSubstr("was made on cpu with native numerics"),
                                           HasSubstr("now it would be cpu with pinned numerics"),
                                           HasSubstr("a figure is not to mix them")));
  EXPECT_EQ(ReadRunFile(Folder().Run(RunId(config)), config).provenance.numerics, "native");
}

TEST_F(WorkerPoolTest, PlainKernelsAreSaidToBeSlowOnceAndGiveTheSameDigests) {
  const std::vector<RunConfig> configs = {SmallEmbMlpRun(), SmallTransformerRun()};
  RunAll(configs, Options("a"));
  setenv("INITBIAS_KERNELS", "generic", /*replace=*/1);
  testing::internal::CaptureStderr();
  RunAll(configs, Options("b"));
  const std::string said = testing::internal::GetCapturedStderr();
  unsetenv("INITBIAS_KERNELS");
  const size_t remark = said.find("50 times as long");
  EXPECT_NE(remark, std::string::npos) << said;
  EXPECT_EQ(said.find("50 times as long", remark + 1), std::string::npos) << said;
  for (const RunConfig& config : configs) {
    EXPECT_EQ(Digest(config, "b"), Digest(config, "a"));
  }
}

TEST_F(WorkerPoolTest, MeasuringStoresNothing) {
  PoolOptions options = Options();
  options.measure = true;
  const RunReport report = RunAll({LongRun()}, options)[0];
  ASSERT_EQ(report.outcome, Outcome::kFinished) << report.error;
  EXPECT_GT(report.measured.flops_per_second, 0);
  EXPECT_GT(report.measured.memory, 1e6);
  EXPECT_FALSE(fs::exists(root_));
}

TEST_F(WorkerPoolTest, AMeasurementThatIsStoppedIsNone) {
  PoolOptions options = Options();
  options.measure = true;
  RunAll({SmallEmbMlpRun()}, options);
  EXPECT_FALSE(StopWasAsked());
  RunConfig config = LongRun();
  config.train.epochs *= 100;
  std::thread stop([] {
    siginfo_t none{};
    while (waitid(P_ALL, 0, &none, WEXITED | WNOWAIT | WNOHANG) != 0) {
      std::this_thread::yield();  // until there is a worker
    }
    raise(SIGTERM);
  });
  const RunReport report = RunAll({config}, options)[0];
  stop.join();
  EXPECT_EQ(report.outcome, Outcome::kStopped) << report.error;
  EXPECT_EQ(report.measured.flops_per_second, 0);
  EXPECT_TRUE(StopWasAsked());
  EXPECT_EQ(StopStatus(), 143);
}

TEST_F(WorkerPoolTest, RunsWithoutSnapshotsAreMeasured) {
  PoolOptions options = Options();
  options.measure = true;
  RunConfig config = SmallEmbMlpRun();
  config.probe = {};
  const RunReport report = RunAll({config}, options)[0];
  ASSERT_EQ(report.outcome, Outcome::kFinished) << report.error;
  EXPECT_EQ(report.measured.snapshot, 0);
}

TEST_F(WorkerPoolTest, AnUnwritableResultsFolderIsAnError) {
  fs::create_directories(root_);
  std::ofstream(root_ / "a") << "a file where the folder should be";
  try {
    RunAll({SmallEmbMlpRun()}, Options());
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr((root_ / "a").string()));
  }
}

TEST_F(WorkerPoolTest, CudaAskedForWhereThereIsNoneIsAnError) {
  PoolOptions options = Options();
  options.device = "cuda";
  const RunReport report = RunAll({SmallEmbMlpRun()}, options)[0];
  if (report.outcome == Outcome::kFinished) {
    GTEST_SKIP() << "there is a GPU here";
  }
  EXPECT_EQ(report.outcome, Outcome::kFailed);
  EXPECT_THAT(report.error, HasSubstr("--device=cuda: "));
}

// A worker that trains nothing and writes down how many files this process has open, and its memory
// in kB. tests/e2e/soak.sh does the same with workers that train.
TEST_F(WorkerPoolTest, TwoHundredRunsLeaveNothingBehind) {
  fs::create_directories(root_);
  const fs::path samples = root_ / "samples";
  PoolOptions options = Options();
  options.jobs = 1;  // of two, whether the other has just ended would be chance
  options.worker = root_ / "worker";
  std::ofstream(options.worker) << fmt::format(
      "#!/bin/sh\n"
      "cat >/dev/null\n"
      "set -- /proc/$PPID/fd/*\n"
      "echo \"$# $(sed -n 's/^VmRSS:[^0-9]*\\([0-9]*\\) kB/\\1/p' /proc/$PPID/status)\" >>'{}'\n"
      "echo found\n",
      samples.string());
  fs::permissions(options.worker, fs::perms::owner_all);
  std::vector<RunConfig> runs(200, SmallEmbMlpRun());
  for (size_t i = 0; i < runs.size(); ++i) {
    runs[i].seed = static_cast<int64_t>(i);
  }
  for (const RunReport& report : RunAll(runs, options)) {
    EXPECT_EQ(report.outcome, Outcome::kFinished) << report.error;
  }
  std::vector<int64_t> files;
  std::vector<int64_t> memory;
  std::ifstream lines(samples);
  for (int64_t open = 0, kilobytes = 0; lines >> open >> kilobytes;) {
    files.push_back(open);
    memory.push_back(kilobytes);
  }
  ASSERT_EQ(files.size(), runs.size());
  // The least of each: a worker may count before the pool has closed the ends of the pipes that are
  // the worker's, which only adds; what is leaked stays in every later count.
  const auto least = [](const std::vector<int64_t>& values, int first, int last) {
    return *std::min_element(values.begin() + first, values.begin() + last);
  };
  EXPECT_GT(least(files, 25, 50), 3);
  EXPECT_LE(least(files, 175, 200), least(files, 25, 50));
#ifndef __SANITIZE_ADDRESS__  // which keeps what was freed for a while
  EXPECT_LE(least(memory, 175, 200), least(memory, 25, 50) + 1000);
#endif
}

// A worker that trains nothing and says `lines`.
fs::path TalkingWorker(const fs::path& folder, const std::string& lines) {
  fs::create_directories(folder);
  std::ofstream(folder / "lines") << lines;
  fs::path worker = folder / "worker";
  std::ofstream(worker) << fmt::format("#!/bin/sh\ncat >/dev/null\ncat '{}'\n",
                                       (folder / "lines").string());
  fs::permissions(worker, fs::perms::owner_all);
  return worker;
}

TEST_F(WorkerPoolTest, WhatIsNoMessageIsShown) {
  PoolOptions options = Options();
  options.worker = TalkingWorker(root_, "Warning: stray output\nfound\n");
  testing::internal::CaptureStderr();
  const RunReport report = RunAll({SmallEmbMlpRun()}, options)[0];
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("Warning: stray output"));
  EXPECT_EQ(report.outcome, Outcome::kFinished) << report.error;
}

TEST_F(WorkerPoolTest, AMessageThatCannotBeReadFailsTheRun) {
  PoolOptions options = Options();
  options.worker = TalkingWorker(root_, "progress\tstep=1\ttotal=2\nfound\n");
  const RunReport report = RunAll({SmallEmbMlpRun()}, options)[0];
  EXPECT_EQ(report.outcome, Outcome::kFailed);
  EXPECT_THAT(report.error, HasSubstr("has no field 'rate'"));
}

// Known by its number: the words are of whatever language the system speaks.
TEST_F(WorkerPoolTest, AFullDiskIsToldOfInWhateverLanguageItIs) {
  for (const int number : {ENOSPC, EDQUOT, EIO}) {
    PoolOptions options = Options();
    options.argv = "fig3 -- --jobs=2";
    options.worker = TalkingWorker(
        root_, fmt::format("failed\terror=kann nicht schreiben: voll\trefused={}\n", number));
    testing::internal::CaptureStderr();
    EXPECT_EQ(TrainMissing({SmallEmbMlpRun()}, options), 1);
    const std::string said = testing::internal::GetCapturedStderr();
    EXPECT_THAT(said, HasSubstr("kann nicht schreiben: voll"));
    EXPECT_EQ(said.find("is full: the runs that failed") != std::string::npos, number != EIO)
        << said;
  }
  // Nor do the words alone make a disk full.
  PoolOptions options = Options();
  options.worker = TalkingWorker(root_, "failed\terror=No space left on device\trefused=0\n");
  testing::internal::CaptureStderr();
  TrainMissing({SmallEmbMlpRun()}, options);
  EXPECT_THAT(testing::internal::GetCapturedStderr(), testing::Not(HasSubstr("is full")));
}

TEST_F(WorkerPoolTest, AMissingWorkerIsAnError) {
  PoolOptions options = Options();
  options.worker = "/no/such/worker";
  EXPECT_THROW(RunAll({SmallEmbMlpRun()}, options), Error);
}

}  // namespace
}  // namespace initbias
