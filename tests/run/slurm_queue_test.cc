// What Slurm's programs print.
#include "lib/run/slurm_queue.h"

#include <gtest/gtest.h>

namespace initbias {
namespace {

TEST(SlurmQueueTest, TasksAndJobsAreRead) {
  const auto tasks = ParseQueue(
      "fig3-1a.0|17|3|RUNNING|n1|None\n"
      "fig3-1a.0|17|4|PENDING||Resources\n"
      "squeue: a remark\n"
      "fig3-1a.collect|18|N/A|PENDING||Dependency\n");
  ASSERT_EQ(tasks.size(), 3u);
  EXPECT_EQ(tasks[0].name, "fig3-1a.0");
  EXPECT_EQ(tasks[0].job, "17");
  EXPECT_EQ(tasks[0].task, 3);
  EXPECT_EQ(tasks[0].node, "n1");
  EXPECT_EQ(tasks[0].reason, "");
  EXPECT_TRUE(tasks[0].IsRunning());
  EXPECT_EQ(tasks[1].reason, "Resources");
  EXPECT_FALSE(tasks[1].IsRunning());
  EXPECT_EQ(tasks[2].task, -1);
  EXPECT_TRUE(ParseQueue("").empty());
}

TEST(SlurmQueueTest, TheLargestArrayIsFound) {
  EXPECT_EQ(ParseMaxArraySize("MailProg = /bin/mail\nMaxArraySize            = 4001\n"), 4001);
  EXPECT_EQ(ParseMaxArraySize("MaxArraySize = 0\n"), std::nullopt);  // arrays are switched off
  EXPECT_EQ(ParseMaxArraySize("MaxJobCount = 10000\n"), std::nullopt);
}

TEST(SlurmQueueTest, TheSubmittedJobsNumberIsTheLastLines) {
  EXPECT_EQ(ParseSubmitted("17\n"), "17");
  EXPECT_EQ(ParseSubmitted("17;cluster\n"), "17");
  EXPECT_EQ(ParseSubmitted("your project has 3 hours left\n17\n"), "17");
  EXPECT_EQ(ParseSubmitted(""), "");
}

}  // namespace
}  // namespace initbias
