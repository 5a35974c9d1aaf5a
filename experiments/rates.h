// Initialisation rates as one writes them.
#ifndef INITBIAS_EXPERIMENTS_RATES_H_
#define INITBIAS_EXPERIMENTS_RATES_H_

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace initbias {

// The numbers of a range "from:to:step" (both ends included), each rounded to nine decimals.
// Throws Error for any other text and for more than 100 numbers.
std::vector<double> ParseRange(std::string_view text);

// Throws Error where `list`, of real numbers, is whole numbers alone of which every other one is a
// 0, as "0,3" or "0,3,0,65": more likely it is 0.3 with a decimal comma than a list. The message
// has both as they are to be written, behind `option`: "--gamma=".
void RefuseDecimalCommas(std::string_view list, std::string_view option);

// The rates of "0.3,0.65" or of a range "0.2:1.2:0.1" (from, to, step; both ends included), rising,
// each once, as RoundedRate has them. Throws Error for any other text, decimal commas
// among them, a rate outside of 0 .. 5 and more than 100 of them.
std::vector<double> ParseRates(std::string_view text);

// What is wrong with `text` as `parse` says it by an Error; "" for nothing. For checks of options.
std::string ErrorText(const std::function<void(const std::string& text)>& parse,
                      const std::string& text);

// What is wrong with `text` as ParseRates says it; "" for nothing.
std::string CheckRates(const std::string& text);

}  // namespace initbias

#endif  // INITBIAS_EXPERIMENTS_RATES_H_
