// What a worker says and is told: any line is a message, and one that was read is written and read
// as the same; an order is refused or goes both ways.
#include <algorithm>
#include <string>
#include <string_view>

#include "lib/config/run_config.h"
#include "lib/run/message.h"
#include "tests/fuzz/properties.h"
#include "tests/fuzz/target.h"
#include "tests/small_runs.h"

namespace initbias::fuzz {
namespace {

// As FormatMessage writes a value.
std::string Flat(std::string text) {
  std::ranges::replace_if(
      text, [](char c) { return c == '\t' || c == '\n' || c == '\r'; }, ' ');
  return text;
}

void CheckLine(std::string_view line) {
  Message message = ParseMessage(line);
  for (auto& [name, value] : message.fields) {
    Hold(message.Text(name) == value, "a field is found by its name");
    (void)message.Number(name);
    value = Flat(value);
  }
  const std::string written = FormatMessage(message);
  Hold(written.find('\n') == std::string::npos, "a message is one line");
  const Message again = ParseMessage(written);
  Hold(again.kind == message.kind && again.fields == message.fields, "a message goes both ways");
}

void CheckOrder(std::string_view text) {
  WorkerOrder order;
  if (RefusalOf([&] { order = ParseOrder(text); })) {
    return;
  }
  const std::string written = FormatOrder(order);
  WorkerOrder again;
  Hold(!RefusalOf([&] { again = ParseOrder(written); }), "an order that was read can be written");
  Hold(FormatOrder(again) == written, "an order goes both ways");
  Hold(RunId(again.config) == RunId(order.config), "an order keeps the run");
  Hold(again.argv == order.argv, "an order keeps the command");
}

void CheckInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  CheckLine(text.substr(0, text.find('\n')));
  CheckOrder(text);
}

}  // namespace

Corpus MakeCorpus() {
  RunConfig named = SmallGpt2Run();
  named.text.tinystories = "/one/stories.txt";
  named.text.prontoqa = "examples.json";
  return {.seeds = {"started\tdevice=cpu\tremark=\ttorch=2.11.0\tcapability=AVX2",
                    "progress\tstep=12\ttotal=36\trate=3.25\tmemory=0.5\treasoning_test=5.1",
                    "note\ttext=Warning: a=b", "measured\tsetup=0.5\tstep_seconds=1e-3\tmemory=3e8",
                    "finished\tseconds=1.5\tmemory=3e8", "stopped\tstep=7",
                    "error\ttext=a disk is full",
                    FormatOrder({.config = SmallEmbMlpRun(), .argv = "fig3 -- --jobs=2"}),
                    FormatOrder({.config = SmallTransformerRun(), .argv = ""}),
                    FormatOrder({.config = named, .argv = "fig1"})},
          .words = {"\t", "=", "\r", std::string(1, '\0'), "progress\t", "text=", "nan", "-inf",
                    "1e999", "revision = 5\n", "model = gpt2\n"}};
}

}  // namespace initbias::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  initbias::fuzz::CheckInput(data, size);
  return 0;
}
