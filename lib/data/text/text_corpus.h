// The text that GPT-2 is trained on, as numbers: PrOntoQA examples and TinyStories, tokenised, cut
// or packed into sequences, with what is to be predicted. Their files: text_files.h.
#ifndef INITBIAS_LIB_DATA_TEXT_TEXT_CORPUS_H_
#define INITBIAS_LIB_DATA_TEXT_TEXT_CORPUS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "lib/config/run_config.h"
#include "lib/data/text/text_files.h"

namespace initbias {

// In place of a label where nothing is to be predicted: what cross entropy leaves out.
inline constexpr int32_t kNoLabel = -100;

// Sequences of unequal length, padded at the end to the longest one.
struct TextSequences {
  int64_t length = 0;            // L, at most the model's context
  std::vector<int32_t> tokens;   // [n, L]; after a sequence's end: <|endoftext|>
  std::vector<int32_t> labels;   // [n, L]: what is to be predicted at each position, or kNoLabel
  std::vector<int64_t> lengths;  // [n]: 1 + the last position with a label

  int64_t size() const { return static_cast<int64_t>(lengths.size()); }
};

// One of the two corpora.
struct TextCorpus {
  std::string name;            // "prontoqa" or "tinystories"
  TextSequences sequences;     // for training
  double unigram_entropy = 0;  // of the labels' distribution, nats: what the best guess without any
                               // context costs a token
  // The most frequent tokens that occur in this corpus and not in the other, most frequent first:
  // as rows of the token embedding, and as GPT-2 numbers them.
  std::vector<int32_t> own_tokens;
  std::vector<int32_t> own_gpt2_tokens;
  std::vector<int32_t> own_counts;  // how often each of them occurs in `sequences`
};

// PrOntoQA examples that are not trained on; only the answer, "True" or "False", is to be
// predicted, from question, query and (right) chain of thought.
struct AnswerSet {
  int64_t hops = 0;
  TextSequences sequences;
};

struct TextData {
  TextCorpus prontoqa;
  TextCorpus tinystories;
  std::vector<AnswerSet> answers;      // for each of text.hops that a file has answers for
  std::vector<int32_t> answer_tokens;  // " True" and " False" as rows of the token embedding
  int64_t used_tokens = 0;  // distinct tokens of all of the above, <|endoftext|>, True and False
  std::vector<std::string> notes;  // what was skipped or cut, a sentence each
};

// Throws the Errors that MakeTextData would throw - a vocabulary or a context that is too small for
// the texts, too few of them - of no more than kMostCheckedTokens, some seconds of work. Of larger
// texts it checks as many of the first sequences, and how many stories a file of the user has,
// up to 256 MB of them: a vocabulary that only later texts leave is seen by training alone. So is
// all of the TinyStories files before they are downloaded. The files that the user named must be
// there.
inline constexpr int64_t kMostCheckedTokens = 12'000'000;
void CheckTexts(const RunConfig& config, const DataFolders& folders);

// Makes the text of a run. A PrOntoQA text is "Q: <question> <query>\nA: <chain of thought>
// <answer>", without the answer where a file has none; examples of text.hops take turns. Texts are
// taken in the order of their files. Each ends with <|endoftext|>. A text longer than gpt2.context
// + 1 tokens is cut there.
//
// With text.padded_length, a text is cut to that many tokens instead and, with padding_labels,
// <|endoftext|> follows up to there, which is then to be predicted and counted as any other token.
// Padding without labels has no effect on a causal network and is left out. Examples whose answer
// is tested are neither cut so nor padded: they may have up to gpt2.context + 1 tokens, beyond the
// positions that are trained.
//
// With gpt2.vocabulary below 50,257, tokens are numbered anew, from 0, by how often they occur.
//
// Throws Error for a file that is not what it should be or not the one that the run was planned
// with, too few texts, a vocabulary that is too small (naming the one that suffices), and where no
// example fits whose answer is to be tested.
TextData MakeTextData(const RunConfig& config, const DataFolders& folders);

// SHA-256 of all tokens and labels, 64 hexadecimal digits.
std::string DataDigest(const TextData& data);

}  // namespace initbias

#endif  // INITBIAS_LIB_DATA_TEXT_TEXT_CORPUS_H_
