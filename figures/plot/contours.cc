#include "figures/plot/contours.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "lib/base/error.h"

namespace initbias::plot {
namespace {

// The sides of the squares, by number: of the two that begin at each value, the one to the right
// is even, the one downwards odd.
using Side = size_t;

// What is found on one level: where it crosses sides, and which crossings a line joins.
struct Crossings {
  std::map<Side, Point> at;
  std::map<Side, std::vector<Side>> joined;  // one or two each: a side belongs to two squares

  void Join(Side a, Side b) {
    joined[a].push_back(b);
    joined[b].push_back(a);
  }
};

class Table {
 public:
  Table(int rows, int columns, const std::vector<double>& values, double level)
      : rows_(static_cast<size_t>(rows)),
        columns_(static_cast<size_t>(columns)),
        values_(values),
        level_(level) {
    INITBIAS_CHECK(rows >= 0 && columns >= 0 && values.size() == rows_ * columns_);
  }

  Crossings Find() const {
    Crossings found;
    for (size_t row = 0; row + 1 < rows_; ++row) {
      for (size_t column = 0; column + 1 < columns_; ++column) {
        AddSquare(row, column, &found);
      }
    }
    return found;
  }

 private:
  double Value(size_t row, size_t column) const { return values_[row * columns_ + column]; }

  // The square whose upper left corner is this value.
  void AddSquare(size_t row, size_t column, Crossings* found) const {
    const double corners[] = {Value(row, column), Value(row, column + 1),
                              Value(row + 1, column + 1), Value(row + 1, column)};  // clockwise
    if (!std::ranges::all_of(corners, [](double value) { return std::isfinite(value); })) {
      return;
    }
    const auto x = static_cast<double>(column) + 0.5;
    const auto y = static_cast<double>(row) + 0.5;
    const Point places[] = {{x, y}, {x + 1, y}, {x + 1, y + 1}, {x, y + 1}};
    const Side first = 2 * (row * columns_ + column);
    const Side sides[] = {first, first + 3, first + 2 * columns_,
                          first + 1};  // from each corner on
    std::vector<size_t> crossed;
    for (size_t i = 0; i < 4; ++i) {
      const size_t next = (i + 1) % 4;
      if (Above(corners[i]) == Above(corners[next])) {
        continue;
      }
      const double share = (level_ - corners[i]) / (corners[next] - corners[i]);
      found->at[sides[i]] = {places[i].x + share * (places[next].x - places[i].x),
                             places[i].y + share * (places[next].y - places[i].y)};
      crossed.push_back(i);
    }
    if (crossed.size() == 2) {
      found->Join(sides[crossed[0]], sides[crossed[1]]);
    } else if (crossed.size() == 4) {
      // Two opposite corners are cut off: those on the other side of the level than the middle.
      const double middle = (corners[0] + corners[1] + corners[2] + corners[3]) / 4;
      const bool first_is_cut = Above(corners[0]) != Above(middle);
      found->Join(sides[0], sides[first_is_cut ? 3 : 1]);
      found->Join(sides[2], sides[first_is_cut ? 1 : 3]);
    }
  }

  bool Above(double value) const { return value >= level_; }

  size_t rows_;
  size_t columns_;
  const std::vector<double>& values_;
  double level_;
};

// Whether a line goes anywhere: where one value is at the level and its neighbours are below, it
// does not.
bool HasLength(const ContourLine& line) {
  return std::ranges::any_of(line, [&line](const Point& point) {
    return point.x != line.front().x || point.y != line.front().y;
  });
}

// The line from `side` on, whose joints are used up.
ContourLine Follow(Side side, Crossings* found) {
  ContourLine line = {found->at.at(side)};
  while (!found->joined[side].empty()) {
    const Side next = found->joined[side].back();
    found->joined[side].pop_back();
    std::vector<Side>& back = found->joined[next];
    back.erase(std::ranges::find(back, side));
    line.push_back(found->at.at(next));
    side = next;
  }
  return line;
}

}  // namespace

std::vector<ContourLine> ContourLines(int rows, int columns, const std::vector<double>& values,
                                      double level) {
  Crossings found = Table(rows, columns, values, level).Find();
  std::vector<ContourLine> lines;
  // Lines with ends first, each from its first end; what is left is closed.
  for (const bool ends : {true, false}) {
    for (const auto& [side, place] : found.at) {
      if (found.joined[side].size() == (ends ? 1 : 2)) {
        lines.push_back(Follow(side, &found));
      }
    }
  }
  std::erase_if(lines, [](const ContourLine& line) { return !HasLength(line); });
  return lines;
}

std::vector<double> RoundLevels(const std::vector<double>& values, size_t most) {
  double lo = std::numeric_limits<double>::infinity();
  double hi = -lo;
  for (const double value : values) {
    if (std::isfinite(value)) {
      lo = std::min(lo, value);
      hi = std::max(hi, value);
    }
  }
  if (!(lo < hi) || most == 0) {
    return {};
  }
  // At a step of this size or larger no more than `most` multiples fit.
  const double power = std::pow(10, std::floor(std::log10((hi - lo) / static_cast<double>(most))));
  for (const double factor : {1, 2, 5, 10, 20}) {
    const double step = factor * power;
    const double from = std::ceil(lo / step);
    const double to = std::floor(hi / step);
    if (to - from + 1 > static_cast<double>(most)) {
      continue;
    }
    std::vector<double> levels;
    for (double i = from; i <= to; ++i) {
      levels.push_back(i * step + 0.0);  // no negative zero
    }
    return levels;
  }
  return {};
}

}  // namespace initbias::plot
