// GPT-2's tokenizer in one thread, in bytes of text a second.
//
//   bazel run //tests/bench:bpe -- /absolute/path/to/tinystories.txt
//
// Without a file the text is tokens drawn at random, which is harder than English. There is no
// cache of pieces: a text twice as long takes twice as long. tests/oracle/time_tiktoken.py times
// tiktoken on the same file.
#include "lib/data/text/bpe.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <exception>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/file_access.h"
#include "lib/rng/stream.h"

namespace initbias {
namespace {

constexpr char kMergesPath[] = "data/gpt2/merges.txt";

// About a megabyte of tokens that are ASCII, the earlier ones more often.
std::string RandomText(const BpeTokenizer& tokenizer) {
  Stream stream(1, "bench/bpe");
  std::string text;
  while (text.size() < 1'000'000) {
    const double u = stream.Uniform();
    const auto token = static_cast<int32_t>(u * u * u * BpeTokenizer::kEndOfText);
    const std::string_view bytes = tokenizer.TokenBytes(token);
    if (std::ranges::all_of(bytes, [](char byte) { return (byte & 0x80) == 0; })) {
      text += bytes;
    }
  }
  return text;
}

void Encode(benchmark::State& state, const BpeTokenizer& tokenizer, const std::string& text) {
  std::vector<int32_t> tokens;
  for (auto _ : state) {
    tokens = tokenizer.Encode(text);
    benchmark::DoNotOptimize(tokens.data());
  }
  if (tokenizer.Decode(tokens) != text) {
    state.SkipWithError("the tokens are not those of the text");
  }
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(text.size()));
  state.counters["tokens"] = static_cast<double>(tokens.size());
}

void Decode(benchmark::State& state, const BpeTokenizer& tokenizer, const std::string& text) {
  const std::vector<int32_t> tokens = tokenizer.Encode(text);
  for (auto _ : state) {
    benchmark::DoNotOptimize(tokenizer.Decode(tokens).data());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(text.size()));
}

void BM_Load(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(BpeTokenizer(kMergesPath).TokenBytes(0).data());
  }
}
BENCHMARK(BM_Load)->Unit(benchmark::kMillisecond);

void Run(int argc, char** argv) {
  const BpeTokenizer tokenizer(kMergesPath);
  const std::string text = argc > 1 ? ReadFile(argv[1]) : RandomText(tokenizer);
  const std::string letters(1'000'000, 'a');
  const std::string spaces(1'000'000, ' ');
  const auto add = [&tokenizer](const char* name, const auto& function, const std::string& what) {
    benchmark::RegisterBenchmark(name, [&](benchmark::State& state) {
      function(state, tokenizer, what);
    })->Unit(benchmark::kMillisecond);
  };
  add("BM_Encode", Encode, text);
  add("BM_Decode", Decode, text);
  add("BM_EncodeMillionLetters", Encode, letters);
  add("BM_EncodeMillionSpaces", Encode, spaces);
  benchmark::RunSpecifiedBenchmarks();
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (argc > 2 && benchmark::ReportUnrecognizedArguments(argc, argv)) {
    return 1;
  }
  try {
    initbias::Run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
  benchmark::Shutdown();
  return 0;
}
