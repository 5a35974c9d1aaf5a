#include "lib/run/message.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/small_runs.h"

namespace initbias {
namespace {

TEST(MessageTest, RoundTrip) {
  const Message message{.kind = "progress",
                        .fields = {{"step", "12"}, {"memory", "3.25"}, {"empty", ""}}};
  const Message parsed = ParseMessage(FormatMessage(message));
  EXPECT_EQ(parsed.kind, "progress");
  EXPECT_EQ(parsed.fields, message.fields);
  EXPECT_EQ(parsed.Number("step"), 12);
  EXPECT_EQ(parsed.Number("memory"), 3.25);
  EXPECT_EQ(parsed.Number("nothing"), 0);
  EXPECT_EQ(parsed.Text("nothing"), "");
}

TEST(MessageTest, StaysOnOneLineWhateverItHolds) {
  const std::string line = FormatMessage({.kind = "error", .fields = {{"text", "a\nb\tc=d\r\ne"}}});
  EXPECT_EQ(line.find_first_of("\r\n"), std::string::npos);
  EXPECT_EQ(ParseMessage(line).Text("text"), "a b c=d  e");
}

TEST(MessageTest, StrayOutputBecomesANote) {
  for (const char* line : {"Warning: something", "", "progress\tgarbage", "\t\t", "unknown\ta=b"}) {
    const Message message = ParseMessage(line);
    EXPECT_EQ(message.kind, "note") << line;
    EXPECT_EQ(message.Text("text"), line);
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
