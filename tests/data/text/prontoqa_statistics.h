// What PrOntoQA examples are like, in numbers, to hold ours against the authors'.
#ifndef INITBIAS_TESTS_DATA_TEXT_PRONTOQA_STATISTICS_H_
#define INITBIAS_TESTS_DATA_TEXT_PRONTOQA_STATISTICS_H_

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "lib/data/text/prontoqa.h"

namespace initbias {

// Mean and standard deviation of something that each example has.
struct Moments {
  int64_t n = 0;
  double mean = 0;
  double deviation = 0;
};

struct ProntoQaStatistics {
  int64_t examples = 0;
  Moments words;                     // of an example's text, parted by white space
  std::set<std::string> vocabulary;  // the words, without punctuation
  // How often each feature ("answer") has each of its values ("True").
  std::map<std::string, std::map<std::string, int64_t>> counts;
};

// Throws Error, quoting the question, unless each example has the form that the head of
// lib/data/text/prontoqa_generator.h describes, with a chain of thought of `hops` hops.
ProntoQaStatistics DescribeProntoQa(std::span<const ProntoQaExample> examples, int64_t hops);

// How far apart two samples are, in standard deviations of what chance alone would do.
struct Difference {
  std::string feature;
  double sigmas = 0;
};

// For each feature that has more than one value in `a` and `b` together, in alphabetical order, the
// chi-square statistic of homogeneity as a nearly standard normal variate (Wilson and Hilferty,
// 1931), large where the shares differ; then "words", the difference of the means over its standard
// error, without its sign. Counts are taken as independent: of properties, of which an example has
// each at most once, the statistic is a little too small.
std::vector<Difference> Compare(const ProntoQaStatistics& a, const ProntoQaStatistics& b);

}  // namespace initbias

#endif  // INITBIAS_TESTS_DATA_TEXT_PRONTOQA_STATISTICS_H_
