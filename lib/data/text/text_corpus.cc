#include "lib/data/text/text_corpus.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/file_access.h"
#include "lib/base/sha256.h"
#include "lib/base/text.h"
#include "lib/config/set_names.h"
#include "lib/data/text/bpe.h"
#include "lib/data/text/prontoqa.h"
#include "lib/data/text/prontoqa_generator.h"
#include "lib/data/text/prontoqa_proof.h"
#include "lib/data/text/tinystories.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;

using Tokens = std::vector<int32_t>;

constexpr int32_t kEndOfText = BpeTokenizer::kEndOfText;

// Gives PrOntoQA examples of chosen numbers of hops, from a generator or a file.
class ExampleSource {
 public:
  ExampleSource(const RunConfig& config, const DataFolders& folders, std::string_view stream)
      : config_(config.text), generator_(config.seed, stream) {
    if (config_.prontoqa != "generated") {
      path_ = ExamplesPath(config_, folders);
      stored_ = ReadExamplesByHops(path_);
      for (const auto& [hops, examples] : stored_) {
        for (const ProntoQaExample& example : examples) {
          ++total_;
          unanswered_ += example.answer.empty() ? 1 : 0;
          unproved_ += example.answer.empty() || Proves(example) ? 0 : 1;
        }
      }
    }
  }

  // What of a file is of no use or doubtful, a sentence each.
  std::vector<std::string> Notes() const {
    std::vector<std::string> notes;
    int64_t of_other_hops = 0;
    for (const auto& [hops, examples] : stored_) {
      if (std::ranges::find(config_.hops, hops) == config_.hops.end()) {
        of_other_hops += static_cast<int64_t>(examples.size());
      }
    }
    if (of_other_hops > 0) {
      notes.push_back(
          fmt::format("{}: {} of {} examples have other numbers of hops than text.hops "
                      "and were left out",
                      path_.string(), of_other_hops, total_));
    }
    if (unanswered_ > 0) {
      notes.push_back(
          fmt::format("{}: {} of {} examples are proofs without an answer: they may be trained on "
                      "and are not asked, and the proof is taken as it is",
                      path_.string(), unanswered_, total_));
    }
    if (unproved_ > 0) {
      notes.push_back(
          fmt::format("{}: the chain of thought of {} of {} examples does not prove the "
                      "answer, or is not of the fictional ontology",
                      path_.string(), unproved_, total_));
    }
    return notes;
  }

  ProntoQaExample Next(int64_t hops) {
    if (config_.prontoqa == "generated") {
      return generator_.Make(hops);
    }
    const std::vector<ProntoQaExample>& examples = stored_[hops];
    size_t& next = next_[hops];
    if (next == examples.size()) {
      throw TooFewExamples(config_, path_, stored_, hops);
    }
    return examples[next++];
  }

  // Whether any example of so many hops has an answer.
  bool Asks(int64_t hops) {
    return config_.prontoqa == "generated" || CountAnswered(stored_[hops]) > 0;
  }

  // The next one that has an answer.
  ProntoQaExample NextAnswered(int64_t hops) {
    ProntoQaExample example = Next(hops);
    while (example.answer.empty()) {
      example = Next(hops);
    }
    return example;
  }

 private:
  static bool Proves(const ProntoQaExample& example) {
    try {
      ProveProntoQa(example);
      return true;
    } catch (const Error&) {
      return false;
    }
  }

  const TextConfig& config_;
  ProntoQaGenerator generator_;
  fs::path path_;
  int64_t total_ = 0;
  int64_t unanswered_ = 0;
  int64_t unproved_ = 0;  // of those with an answer
  ExamplesByHops stored_;
  std::map<int64_t, size_t> next_;
};

// Puts texts into sequences of up to context + 1 or, where they are padded, padded_length tokens.
class Packer {
 public:
  Packer() = default;
  Packer(const RunConfig& config, int64_t wanted)
      : limit_(config.text.padded_length > 0
                   ? fmt::format("text.padded_length = {}", config.text.padded_length)
                   : fmt::format("gpt2.context = {}", config.gpt2.context)),
        most_(static_cast<size_t>(config.text.padded_length > 0 ? config.text.padded_length
                                                                : config.gpt2.context + 1)),
        packed_(config.text.packed),
        // Padding that is no label has no effect on a causal network's loss, and is left out.
        padded_(config.text.padded_length > 0 && config.text.padding_labels),
        wanted_(wanted) {}

  // False once all sequences are there; the text was then not needed.
  bool Add(Tokens text) {
    text.push_back(kEndOfText);
    if (text.size() > most_) {
      ++cut_;
    }
    if (text.size() > most_ || padded_) {
      text.resize(most_, kEndOfText);
    }
    const bool joins =
        packed_ && !sequences_.empty() && sequences_.back().size() + text.size() <= most_;
    if (joins) {
      sequences_.back().insert(sequences_.back().end(), text.begin(), text.end());
    } else if (static_cast<int64_t>(sequences_.size()) < wanted_) {
      sequences_.push_back(std::move(text));
    } else {
      return false;
    }
    return true;
  }

  // Whether no further text could be added, whatever its length.
  bool Full() const { return !packed_ && static_cast<int64_t>(sequences_.size()) == wanted_; }

  const std::vector<Tokens>& sequences() const { return sequences_; }

  // Tells how many of the texts, called `what`, were cut; nothing where none was.
  void NoteCut(std::string_view what, std::vector<std::string>* notes) const {
    if (cut_ > 0) {
      notes->push_back(fmt::format("{} {} are longer than {} and were cut", cut_, what, limit_));
    }
  }

 private:
  std::string limit_;  // the field that cuts, with its value
  size_t most_ = 0;
  bool packed_ = false;
  bool padded_ = false;
  int64_t wanted_ = 0;
  int64_t cut_ = 0;
  std::vector<Tokens> sequences_;
};

// Sequences in which every token but the first is to be predicted.
TextSequences NextTokenSequences(const std::vector<Tokens>& texts) {
  TextSequences out;
  for (const Tokens& text : texts) {
    out.lengths.push_back(static_cast<int64_t>(text.size()) - 1);
  }
  out.length = std::ranges::max(out.lengths);
  const size_t length = static_cast<size_t>(out.length);
  out.tokens.assign(texts.size() * length, kEndOfText);
  out.labels.assign(texts.size() * length, kNoLabel);
  for (size_t i = 0; i < texts.size(); ++i) {
    const auto row = static_cast<std::ptrdiff_t>(i * length);
    std::copy(texts[i].begin(), texts[i].end() - 1, out.tokens.begin() + row);
    std::copy(texts[i].begin() + 1, texts[i].end(), out.labels.begin() + row);
  }
  return out;
}

// Keeps the last label of each sequence only.
void KeepLastLabels(TextSequences* sequences) {
  for (size_t i = 0; i < sequences->lengths.size(); ++i) {
    const size_t row = i * static_cast<size_t>(sequences->length);
    const size_t last = row + static_cast<size_t>(sequences->lengths[i]) - 1;
    std::fill(sequences->labels.begin() + static_cast<std::ptrdiff_t>(row),
              sequences->labels.begin() + static_cast<std::ptrdiff_t>(last), kNoLabel);
  }
}

using Counts = std::map<int32_t, int64_t>;

// Counts each token of each sequence; the last one of a sequence is a label only.
void CountTokens(const TextSequences& sequences, Counts* counts) {
  const auto length = static_cast<size_t>(sequences.length);
  for (size_t i = 0; i < sequences.lengths.size(); ++i) {
    const auto used = static_cast<size_t>(sequences.lengths[i]);
    for (size_t j = 0; j < used; ++j) {
      ++(*counts)[sequences.tokens[i * length + j]];
    }
    ++(*counts)[sequences.labels[i * length + used - 1]];
  }
}

double UnigramEntropy(const TextSequences& sequences) {
  Counts counts;
  int64_t total = 0;
  for (const int32_t label : sequences.labels) {
    if (label != kNoLabel) {
      ++counts[label];
      ++total;
    }
  }
  double entropy = 0;
  for (const auto& [token, count] : counts) {
    const double p = static_cast<double>(count) / static_cast<double>(total);
    entropy -= p * std::log(p);
  }
  return entropy;
}

// The tokens of `counts`, the most frequent first, the smaller number first among equals.
Tokens ByFrequency(const Counts& counts) {
  std::vector<std::pair<int64_t, int32_t>> by_count;
  for (const auto& [token, count] : counts) {
    by_count.emplace_back(-count, token);
  }
  std::ranges::sort(by_count);
  Tokens tokens;
  for (const auto& [count, token] : by_count) {
    tokens.push_back(token);
  }
  return tokens;
}

// The first `most` of ByFrequency that `other` has not.
Tokens OwnTokens(const Counts& counts, const Counts& other, int64_t most) {
  Tokens tokens = ByFrequency(counts);
  std::erase_if(tokens, [&other](int32_t token) { return other.contains(token); });
  tokens.resize(std::min(tokens.size(), static_cast<size_t>(most)));
  return tokens;
}

// Numbers tokens anew, by how often they occur.
class VocabularyCut {
 public:
  explicit VocabularyCut(const Counts& counts) {
    for (const int32_t token : ByFrequency(counts)) {
      row_of_.emplace(token, static_cast<int32_t>(row_of_.size()));
    }
  }

  void Apply(Tokens* tokens) const {
    for (int32_t& token : *tokens) {
      token = token == kNoLabel ? kNoLabel : row_of_.at(token);
    }
  }

  void Apply(TextSequences* sequences) const {
    Apply(&sequences->tokens);
    Apply(&sequences->labels);
  }

 private:
  std::map<int32_t, int32_t> row_of_;
};

// " True" and " False".
Tokens AnswerTokens(const BpeTokenizer& tokenizer) {
  Tokens tokens;
  for (const char* answer : {" True", " False"}) {
    const Tokens encoded = tokenizer.Encode(answer);
    INITBIAS_CHECK(encoded.size() == 1);
    tokens.push_back(encoded[0]);
  }
  return tokens;
}

// How much of a run's texts is made: all, or as much as a check of them takes.
struct TextNeeds {
  int64_t prontoqa_sequences = 0;
  int64_t tinystories_sequences = 0;
  bool answers = true;
};

TextSequences MakeProntoQa(const RunConfig& config, const DataFolders& folders,
                           const TextNeeds& needs, const BpeTokenizer& tokenizer, TextData* data) {
  const TextConfig& text = config.text;
  ExampleSource source(config, folders, "data/prontoqa");
  Packer packer(config, needs.prontoqa_sequences);
  bool added = true;
  for (size_t i = 0; added && !packer.Full(); ++i) {
    const int64_t hops = text.hops[i % text.hops.size()];
    added = packer.Add(tokenizer.Encode(ProntoQaText(source.Next(hops))));
  }
  packer.NoteCut("PrOntoQA examples", &data->notes);
  for (std::string& note : source.Notes()) {
    data->notes.push_back(std::move(note));
  }
  // Where stored examples are used, those that follow are the untrained ones.
  ExampleSource untrained = text.prontoqa == "generated"
                                ? ExampleSource(config, folders, "data/prontoqa_answers")
                                : std::move(source);
  for (const int64_t hops : text.hops) {
    if (!needs.answers || !untrained.Asks(hops)) {
      continue;
    }
    std::vector<Tokens> examples;
    constexpr int64_t kMaxTries = 20;  // for each example
    for (int64_t tries = 0; static_cast<int64_t>(examples.size()) < text.answer_samples; ++tries) {
      if (tries == kMaxTries * text.answer_samples) {
        throw Error(
            fmt::format("gpt2.context = {} is too short for PrOntoQA examples of {}: "
                        "in {} tries {} fitted, text.answer_samples = {}",
                        config.gpt2.context, Counted(hops, "hop"), tries, examples.size(),
                        text.answer_samples));
      }
      Tokens tokens = tokenizer.Encode(ProntoQaText(untrained.NextAnswered(hops)));
      if (static_cast<int64_t>(tokens.size()) <= config.gpt2.context + 1) {
        examples.push_back(std::move(tokens));
      }
    }
    TextSequences sequences = NextTokenSequences(examples);
    KeepLastLabels(&sequences);  // "True" and "False" are a token each
    data->answers.push_back({.hops = hops, .sequences = std::move(sequences)});
  }
  return NextTokenSequences(packer.sequences());
}

Error TooFewStories(const TextConfig& config, const fs::path& path, int64_t sequences,
                    const StoryFile& file) {
  return Error(fmt::format("{} has texts for {} only, text.tinystories_sequences = {} ({})",
                           path.string(), Counted(sequences, "sequence"),
                           config.tinystories_sequences, Summary(file)));
}

TextSequences MakeTinyStories(const RunConfig& config, const DataFolders& folders,
                              const TextNeeds& needs, const BpeTokenizer& tokenizer,
                              TextData* data) {
  const int64_t wanted = needs.tinystories_sequences;
  const fs::path path = StoriesPath(config.text, folders);
  StoryFile file;
  Packer packer;
  // Twice as many stories each time, so that a large file is read no further than needed.
  for (int64_t most = 2 * wanted;; most *= 2) {
    file = ReadStories(path, most);
    if (config.text.tinystories == "full" && file.format != StoryFormat::kEndMarkers) {
      throw Error(
          fmt::format("{} is not the official file: <|endoftext|> ends no story", path.string()));
    }
    packer = Packer(config, wanted);
    bool added = true;
    for (size_t i = 0; added && !packer.Full() && i < file.stories.size(); ++i) {
      added = packer.Add(tokenizer.Encode(file.stories[i]));
    }
    if (!added || packer.Full() || static_cast<int64_t>(file.stories.size()) < most) {
      break;
    }
  }
  const auto made = static_cast<int64_t>(packer.sequences().size());
  if (made < wanted) {
    throw TooFewStories(config.text, path, made, file);
  }
  packer.NoteCut("stories", &data->notes);
  // Of a file of the user, how it was understood, too.
  const bool known = config.text.tinystories == "full" || config.text.tinystories == "excerpt";
  if (!known || file.skipped_empty + file.skipped_unfinished > 0) {
    data->notes.push_back(fmt::format("{}: {}", path.string(), Summary(file)));
  }
  return NextTokenSequences(packer.sequences());
}

void Digest(const TextSequences& sequences, Sha256* sha) {
  sha->Update(sequences.tokens.data(), sequences.tokens.size() * sizeof(int32_t));
  sha->Update(sequences.labels.data(), sequences.labels.size() * sizeof(int32_t));
}

// Both corpora and, where they are needed, answers; tokens numbered as GPT-2 does.
TextData MakeSequences(const RunConfig& config, const DataFolders& folders,
                       const TextNeeds& needs) {
  const BpeTokenizer tokenizer(folders.shipped / "gpt2" / "merges.txt");
  TextData data;
  data.prontoqa.name = kProntoQa;
  data.tinystories.name = kTinyStories;
  data.prontoqa.sequences = MakeProntoQa(config, folders, needs, tokenizer, &data);
  data.tinystories.sequences = MakeTinyStories(config, folders, needs, tokenizer, &data);
  data.answer_tokens = AnswerTokens(tokenizer);
  return data;
}

// Adds to the counts of both corpora's sequences what else a run has rows for.
void CountOtherTokens(const TextData& data, Counts* all) {
  all->emplace(kEndOfText, 0);
  for (const int32_t answer : data.answer_tokens) {
    all->emplace(answer, 0);
  }
  for (const AnswerSet& answers : data.answers) {
    CountTokens(answers.sequences, all);
  }
}

// As MakeTextData, of files that are there and as they were.
TextData MakeUncheckedTextData(const RunConfig& config, const DataFolders& folders) {
  TextData data = MakeSequences(config, folders,
                                {.prontoqa_sequences = config.text.prontoqa_sequences,
                                 .tinystories_sequences = config.text.tinystories_sequences});
  Counts prontoqa;
  Counts tinystories;
  CountTokens(data.prontoqa.sequences, &prontoqa);
  CountTokens(data.tinystories.sequences, &tinystories);
  Counts all = prontoqa;
  for (const auto& [token, count] : tinystories) {
    all[token] += count;
  }
  for (const auto& [corpus, counts, other] :
       {std::tuple(&data.prontoqa, &prontoqa, &tinystories),
        std::tuple(&data.tinystories, &tinystories, &prontoqa)}) {
    corpus->unigram_entropy = UnigramEntropy(corpus->sequences);
    corpus->own_gpt2_tokens = OwnTokens(*counts, *other, config.text.corpus_tokens);
    corpus->own_tokens = corpus->own_gpt2_tokens;
    for (const int32_t token : corpus->own_gpt2_tokens) {
      corpus->own_counts.push_back(static_cast<int32_t>(counts->at(token)));
    }
    if (corpus->own_tokens.size() < 2) {
      throw Error(fmt::format("{} tokens occur in {} alone: too few texts",
                              corpus->own_tokens.size(), corpus->name));
    }
  }
  CountOtherTokens(data, &all);
  data.used_tokens = static_cast<int64_t>(all.size());
  if (config.gpt2.vocabulary == kGpt2Vocabulary) {
    return data;
  }
  if (data.used_tokens > config.gpt2.vocabulary) {
    throw Error(fmt::format("{} distinct tokens occur, more than gpt2.vocabulary = {}",
                            data.used_tokens, config.gpt2.vocabulary));
  }
  const VocabularyCut cut(all);
  for (TextCorpus* corpus : {&data.prontoqa, &data.tinystories}) {
    cut.Apply(&corpus->sequences);
    cut.Apply(&corpus->own_tokens);
  }
  cut.Apply(&data.answer_tokens);
  for (AnswerSet& answers : data.answers) {
    cut.Apply(&answers.sequences);
  }
  return data;
}

// Throws what MakeTextData would throw because of the first `most` sequences, the answers of
// generated examples and, of a file that is not large, the number of its stories.
void CheckBeginning(const RunConfig& config, const DataFolders& folders, int64_t most) {
  const TextConfig& text = config.text;
  if (most < 2) {
    return;
  }
  const double share = static_cast<double>(most) /
                       static_cast<double>(text.prontoqa_sequences + text.tinystories_sequences);
  const auto part = [share](int64_t all) {
    return std::clamp<int64_t>(static_cast<int64_t>(share * static_cast<double>(all)), 1, all);
  };
  // In a file the examples that are queried are those after all that are trained on.
  const TextData data = MakeSequences(config, folders,
                                      {.prontoqa_sequences = part(text.prontoqa_sequences),
                                       .tinystories_sequences = part(text.tinystories_sequences),
                                       .answers = text.prontoqa == "generated"});
  Counts all;
  CountTokens(data.prontoqa.sequences, &all);
  CountTokens(data.tinystories.sequences, &all);
  CountOtherTokens(data, &all);
  if (static_cast<int64_t>(all.size()) > config.gpt2.vocabulary) {
    throw Error(
        fmt::format("{} distinct tokens occur in the first {} sequences alone, more than "
                    "gpt2.vocabulary = {}",
                    all.size(), most, config.gpt2.vocabulary));
  }
  constexpr int64_t kMostBytes = 256'000'000;
  const fs::path path = StoriesPath(text, folders);
  if (NamesStoryFile(text) && !text.packed && FileBytes(path) <= kMostBytes) {
    const StoryFile file = ReadStories(path, text.tinystories_sequences);
    if (std::ssize(file.stories) < text.tinystories_sequences) {
      throw TooFewStories(text, path, std::ssize(file.stories), file);
    }
  }
}

}  // namespace

TextData MakeTextData(const RunConfig& config, const DataFolders& folders) {
  CheckTextFiles(config.text, folders);
  CheckUnchanged(config.text, folders);
  return MakeUncheckedTextData(config, folders);
}

void CheckTexts(const RunConfig& config, const DataFolders& folders) {
  const TextConfig& text = config.text;
  const auto kinds = static_cast<int64_t>(text.hops.size());
  const int64_t sequences =
      text.prontoqa_sequences + text.tinystories_sequences + kinds * text.answer_samples;
  const int64_t most = kMostCheckedTokens / (config.gpt2.context + 1);
  if (text.tinystories == "full" && !FileExists(StoriesPath(text, folders))) {
    return;
  }
  if (sequences <= most) {
    MakeUncheckedTextData(config, folders);
  } else {
    CheckBeginning(config, folders, most - kinds * text.answer_samples);
  }
}

std::string DataDigest(const TextData& data) {
  Sha256 sha;
  Digest(data.prontoqa.sequences, &sha);
  Digest(data.tinystories.sequences, &sha);
  for (const AnswerSet& answers : data.answers) {
    Digest(answers.sequences, &sha);
  }
  return sha.HexDigest();
}

}  // namespace initbias
