#include "lib/run/message.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "lib/base/text.h"
#include "tests/error_of.h"
#include "tests/small_runs.h"

namespace initbias {
namespace {

using testing::HasSubstr;

// One of each kind, in the order of Message, with every field set to something of its own.
std::vector<Message> OneOfEach() {
  return {
      StartedMessage{.device = "cuda:0 (a GPU)",
                     .remark = "it is slow: γ = 0.3\nand hot",
                     .torch = "2.11.0",
                     .capability = "AVX2"},
      NoteMessage{.text = " blanks, a\ttab,\r\n\\n, a=b and 'ü' "},
      ProgressMessage{.step = 12,
                      .total = 3'000'000'000,
                      .rate = 1.0 / 3,
                      .losses = {{"memory", 4.5}, {"a set=\t", -1e-300}, {"", 0.1}}},
      MeasuredMessage{.setup = 0.25,
                      .evaluation = 1e-9,
                      .snapshot = 7,
                      .flops_per_second = 2.0e11 / 3,
                      .memory = 3e8},
      FinishedMessage{.seconds = 86'400.125, .evaluation = 3.5, .storage = 0.7, .memory = 4e9},
      FoundMessage{},
      StoppedMessage{.step = -7},
      FailedMessage{.error = "a disk is full\n  of\xff what?", .refused = 28},
  };
}

TEST(MessageTest, EveryKindGoesBothWays) {
  const std::vector<Message> messages = OneOfEach();
  ASSERT_EQ(messages.size(), std::variant_size_v<Message>);
  for (size_t i = 0; i < messages.size(); ++i) {
    ASSERT_EQ(messages[i].index(), i);
    const std::string line = FormatMessage(messages[i]);
    EXPECT_EQ(line.find_first_of("\r\n"), std::string::npos) << line;
    EXPECT_EQ(line.substr(0, line.find('\t')), KindOf(messages[i]));
    const std::optional<Message> parsed = ParseMessage(line);
    ASSERT_TRUE(parsed.has_value()) << line;
    EXPECT_TRUE(*parsed == messages[i]) << line << '\n' << FormatMessage(*parsed);
  }
}

TEST(MessageTest, AFieldThatIsMissingIsRefused) {
  for (const Message& message : OneOfEach()) {
    const std::vector<std::string> parts = Split(FormatMessage(message), '\t');
    for (size_t left_out = 1; left_out < parts.size(); ++left_out) {
      if (parts[left_out].starts_with("loss=")) {
        continue;  // there may be any number of them
      }
      std::string line = parts[0];
      for (size_t i = 1; i < parts.size(); ++i) {
        line += i == left_out ? "" : "\t" + parts[i];
      }
      EXPECT_THAT(ErrorOf([&] { ParseMessage(line); }),
                  HasSubstr("'" + parts[left_out].substr(0, parts[left_out].find('=')) + "'"))
          << line;
    }
  }
}

TEST(MessageTest, AFieldThatIsMalformedIsRefused) {
  for (const std::string line : {
           "stopped\tstep",
           "stopped\tstep=",
           "stopped\tstep=1.5",
           "stopped\tstep=seven",
           "stopped\tstep=7 ",
           "stopped\tstep=99999999999999999999",
           "stopped\tstep=7\tstep=8",
           "stopped\tstep=7\tsteps=8",
           "stopped\tStep=7",
           "finished\tseconds=1\tevaluation=\tstorage=3\tmemory=4",
           "progress\tstep=1\ttotal=2\trate=3\tloss=memory",
           "progress\tstep=1\ttotal=2\trate=3\tloss=low memory",
           "progress\tstep=1\ttotal=2\trate=3\tloss=4 memory\tloss=5 memory",
           "failed\terror=a\\",
           "failed\terror=\\x",
           "failed\terror=a\trefused=No space left on device",
           "found\tseconds=0",
       }) {
    EXPECT_THAT(ErrorOf([&] { ParseMessage(line); }),
                HasSubstr("message '" + line.substr(0, line.find('\t')) + "' cannot be read"))
        << line;
  }
}

TEST(MessageTest, WhatIsOfNoKindIsNoMessage) {
  for (const char* line : {"Warning: something", "", "\t\t", "unknown\ta=b", "stopped step=7",
                           "Stopped\tstep=7", " stopped\tstep=7"}) {
    EXPECT_FALSE(ParseMessage(line).has_value()) << line;
  }
}

TEST(WorkerOrderTest, RoundTripOfAnyLength) {
  for (const std::string& argv :
       {std::string(), std::string("fig3 -- --jobs=2\nline = 2"), std::string(1'000'000, 'x')}) {
    const WorkerOrder order =
        ParseOrder(FormatOrder({.config = SmallTransformerRun(), .argv = argv}));
    EXPECT_EQ(CanonicalForm(order.config), CanonicalForm(SmallTransformerRun()));
    EXPECT_EQ(order.argv, argv);
  }
}

// No part of the canonical form, but needed to train.
TEST(WorkerOrderTest, HasThePathsOfTheTexts) {
  RunConfig config = SmallGpt2Run();
  config.text.tinystories = "/one/stories.txt";
  config.text.prontoqa = "/one/examples.json";
  const RunConfig read = ParseOrder(FormatOrder({.config = config, .argv = "fig1"})).config;
  EXPECT_EQ(read.text.tinystories, config.text.tinystories);
  EXPECT_EQ(read.text.prontoqa, config.text.prontoqa);
  EXPECT_EQ(RunId(read), RunId(config));
}

TEST(WorkerOrderTest, ACanonicalFormAloneIsOne) {
  const WorkerOrder order = ParseOrder(CanonicalForm(SmallEmbMlpRun()));
  EXPECT_EQ(RunId(order.config), RunId(SmallEmbMlpRun()));
  EXPECT_EQ(order.argv, "");
}

}  // namespace
}  // namespace initbias
