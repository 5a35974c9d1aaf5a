// Probes: named quantities of a model that a run snapshots at chosen steps.
//
// Names, with the shape of what they give:
//   parameter.<name>             the parameter, e.g. "parameter.embedding.token"     its shape
//   gradient.<name>              of the mean loss on the probed sequences, by the    its shape
//                                parameter
//   attention.layer<i>           block i's attention, mean over sequences            [H, L, L]
//   attention_deviation.layer<i> |A_jk j - 1| (A: attention of a sequence and head,  [2, L]
//                                j from 1), over k <= j: mean and largest of row j
//   attention_by_key.layer<i>    the last position's attention, mean over heads and  [P, L]
//                                the sequences whose key stands at position p
//   score_parts.layer<i>         the last position's scores (before softmax), mean   [4, P, L]
//                                as above, in four parts that add up: token-token,
//                                token-position, position-token, position-position
//                                (query first), where the position part of a query
//                                or key is its mean over sequences
//   outputs.argmax               share of sequences by predicted label               [sets, V]
//   outputs.probability          mean probability of each label                      [sets, V]
// Of GPT-2 on text, <corpus> being prontoqa or tinystories, n tokens that occur in it alone (the
// most frequent ones, text.corpus_tokens of them or fewer):
//   own_tokens.<corpus>          them, as GPT-2's vocabulary numbers them               [n]
//   own_rows.<corpus>            them, as rows of the token embedding                  [n]
//   own_embedding.<corpus>       their embeddings                                      [n, d]
//   used_tokens                  distinct tokens that occur                           [1]
//   unigram_entropy.<corpus>     entropy of the distribution of the corpus's labels,    [1]
//                                nats
// P = L - q positions where a key can stand; NaN for one at which no probed sequence has it.
//
// The sequences probed: the evaluation sets that are trained on, all together (gradient), the first
// 250 of each of them (attention, scores), every evaluation set by itself (outputs).
// A probe draws no random number and changes nothing: a run with more probes trains to the same
// parameters.
#ifndef INITBIAS_LIB_TRAIN_PROBES_H_
#define INITBIAS_LIB_TRAIN_PROBES_H_

#include <string>
#include <vector>

#include "lib/model/model.h"
#include "lib/store/run_file.h"
#include "lib/train/training_data.h"

namespace initbias {

// The values of the probes `names`, in their order. Throws Error for a name that the model has no
// quantity for. The model's gradients are zero afterwards where a gradient was probed.
std::vector<NamedArray> TakeProbes(const std::vector<std::string>& names, const RunConfig& config,
                                   Model& model, const TrainingData& data);

// Throws what TakeProbes would, at little cost.
void CheckProbes(const std::vector<std::string>& names, const RunConfig& config, Model& model,
                 const TrainingData& data);

}  // namespace initbias

#endif  // INITBIAS_LIB_TRAIN_PROBES_H_
