// What a worker says and is told: a line is no message, or refused, or goes both ways, and so does
// a text as a note; an order is refused or goes both ways.
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "lib/config/run_config.h"
#include "lib/run/message.h"
#include "tests/fuzz/properties.h"
#include "tests/fuzz/target.h"
#include "tests/small_runs.h"

namespace initbias::fuzz {
namespace {

// Writes and reads `message`, and returns what was read.
Message Again(const Message& message) {
  const std::string written = FormatMessage(message);
  Hold(written.find_first_of("\r\n") == std::string::npos, "a message is one line");
  std::optional<Message> again;
  Hold(!RefusalOf([&] { again = ParseMessage(written); }), "what was written can be read");
  Hold(again.has_value(), "what was written is a message");
  // By their texts: NaN differs from itself.
  Hold(FormatMessage(*again) == written, "a message goes both ways");
  Hold(again->index() == message.index(), "a message keeps its kind");
  return *again;
}

void CheckLine(std::string_view line) {
  std::optional<Message> message;
  if (!RefusalOf([&] { message = ParseMessage(line); }) && message) {
    Again(*message);
  }
}

void CheckNote(std::string_view text) {
  const NoteMessage note{.text = std::string(text)};
  Hold(std::get<NoteMessage>(Again(note)).text == note.text, "a text is kept");
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
  CheckNote(text);
  CheckOrder(text);
}

}  // namespace

Corpus MakeCorpus() {
  RunConfig named = SmallGpt2Run();
  named.text.tinystories = "/one/stories.txt";
  named.text.prontoqa = "examples.json";
  return {
      .seeds = {"started\tdevice=cpu\tremark=\ttorch=2.11.0\tcapability=AVX2",
                "progress\tstep=12\ttotal=36\trate=3.25\tloss=0.5 memory\tloss=5.1 prontoqa",
                "note\ttext=Warning: a=b\\n\\tc",
                "measured\tsetup=1\tevaluation=2\tsnapshot=0\tflops_per_second=1e11\tmemory=3e8",
                "finished\tseconds=1.5\tevaluation=0.1\tstorage=0\tmemory=3e8", "found",
                "stopped\tstep=7", "failed\terror=a disk is full\trefused=28",
                FormatOrder({.config = SmallEmbMlpRun(), .argv = "fig3 -- --jobs=2"}),
                FormatOrder({.config = SmallTransformerRun(), .argv = ""}),
                FormatOrder({.config = named, .argv = "fig1"})},
      .words = {"\t", "=", "\r", std::string(1, '\0'), "progress\t", "text=", "loss=", "\\", "nan",
                "-inf", "1e999", "revision = 5\n", "model = gpt2\n"}};
}

}  // namespace initbias::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  initbias::fuzz::CheckInput(data, size);
  return 0;
}
