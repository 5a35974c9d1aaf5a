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
//   attention_by_key.layer<i>.<memory|reasoning>                                     [P, L]
//   score_parts.layer<i>.<memory|reasoning>                                          [4, P, L]
//                                the same of the probed sequences of that kind alone
//   key_patch.layer<i>           does block i's attention carry the key to the last  [trained
//                                position? Of the probed sequences of each set that  sets, 3]
//                                is trained on, the shares whose prediction
//                                  0: is the label;
//                                  1: becomes that for the partner, and
//                                  2: stays what it was,
//                                where what block i's attention adds at the last
//                                position is replaced by what it adds there for the
//                                partner: the same sequence with another key (activation
//                                patching)
//   outputs.argmax               share of sequences by predicted label               [sets, V]
//   outputs.probability          mean probability of each label                      [sets, V]
//   accuracy.clean               mean loss, nats, and accuracy of the labels          [sets, 2]
//   accuracy.without_positions   the same with all position embeddings zero          [sets, 2]
//   accuracy.shuffled_positions  the same where position j has the embedding of      [sets, 2]
//                                position j + 1, the last one that of the first
// Of GPT-2 on text, <corpus> being prontoqa or tinystories, n tokens that occur in it alone (the
// most frequent ones, text.corpus_tokens of them or fewer):
//   own_tokens.<corpus>          them, as GPT-2's vocabulary numbers them               [n]
//   own_counts.<corpus>          how often each of them occurs in the training sequences  [n]
//   own_rows.<corpus>            them, as rows of the token embedding                  [n]
//   own_embedding.<corpus>       their embeddings                                      [n, d]
//   used_tokens                  distinct tokens that occur                           [1]
//   unigram_entropy.<corpus>     entropy of the distribution of the corpus's labels,    [1]
//                                nats
// P = L - q positions where a key can stand; NaN for one at which no probed sequence has it.
// A partner's key is the key 8 further on among the n keys, cyclically; n - 1 further where n < 9.
//
// The sequences probed: the evaluation sets that are trained on, all together (gradient), the first
// 250 of each of them (attention, scores, key_patch), every evaluation set by itself, in the order
// of TrainingData::evaluation (outputs; accuracy: the first 250 of each). Losses are those of the
// labels, whatever train.target is. A probe draws no random number and leaves every parameter as it
// was: a run with more probes trains to the same parameters.
#ifndef INITBIAS_LIB_TRAIN_PROBES_H_
#define INITBIAS_LIB_TRAIN_PROBES_H_

#include <string>
#include <vector>

#include "lib/model/torch/model.h"
#include "lib/result/run_result.h"
#include "lib/train/training_data.h"

namespace initbias {

// The values of the probes `names`, in their order. Throws Error for a name that the model has no
// quantity for. The model's gradients are zero afterwards where a gradient was probed.
std::vector<NamedArray> ComputeProbes(const std::vector<std::string>& names,
                                      const RunConfig& config, Model& model,
                                      const TrainingData& data);

// Throws what ComputeProbes would, at little cost.
void CheckProbes(const std::vector<std::string>& names, const RunConfig& config, Model& model,
                 const TrainingData& data);

}  // namespace initbias

#endif  // INITBIAS_LIB_TRAIN_PROBES_H_
