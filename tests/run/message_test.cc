#include "lib/run/message.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace initbias
