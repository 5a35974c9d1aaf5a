#include "figures/plot/point_labels.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>

namespace initbias::plot {
namespace {

// Sweeps over all labels; the later ones see where all others stand.
constexpr int kSweeps = 4;

// Distances of a label's box from its dot's middle, points; from the second on with a leader.
constexpr std::array kDistances = {2.6, 7.0, 13.0, 20.0};
constexpr int kDirections = 16;

struct Candidate {
  Text text;
  Box box;
  bool leader = false;
  Point end;        // Of the leader, at the box.
  double cost = 0;  // Of the place itself: near and to the right is best.
};

double OverlapArea(const Box& a, const Box& b) {
  const double width = std::min(a.right, b.right) - std::max(a.left, b.left);
  const double height = std::min(a.top, b.top) - std::max(a.bottom, b.bottom);
  return width > 0 && height > 0 ? width * height : 0;
}

Point Nearest(const Box& box, const Point& point) {
  return {std::clamp(point.x, box.left, box.right), std::clamp(point.y, box.bottom, box.top)};
}

// Whether the segment a-b enters `box` (Liang and Barsky's clipping).
bool Crosses(const Point& a, const Point& b, const Box& box) {
  double from = 0;
  double to = 1;
  const double dx = b.x - a.x;
  const double dy = b.y - a.y;
  const std::array<std::array<double, 2>, 4> sides = {
      {{-dx, a.x - box.left}, {dx, box.right - a.x}, {-dy, a.y - box.bottom}, {dy, box.top - a.y}}};
  for (const auto& [p, q] : sides) {
    if (p == 0) {
      if (q < 0) {
        return false;
      }
      continue;
    }
    const double t = q / p;
    if (p < 0) {
      from = std::max(from, t);
    } else {
      to = std::min(to, t);
    }
  }
  return from < to;
}

std::vector<Candidate> Candidates(const PointLabel& label) {
  std::vector<Candidate> candidates;
  for (size_t ring = 0; ring < kDistances.size(); ++ring) {
    for (int direction = 0; direction < kDirections; ++direction) {
      const double angle = 2 * std::numbers::pi * direction / kDirections;
      const double ux = std::cos(angle);
      const double uy = std::sin(angle);
      Candidate candidate;
      candidate.text = {.text = label.text, .at = label.at, .markup = false};
      const Box centred = TextBox(candidate.text);
      // The middle of the box stands as far off as puts its rim at the wanted distance.
      const double half_width = centred.width() / 2;
      const double half_height = centred.height() / 2;
      candidate.text.at.x += ux * (kDistances[ring] + half_width);
      candidate.text.at.y += uy * (kDistances[ring] + half_height);
      candidate.box = TextBox(candidate.text);
      candidate.leader = ring > 0;
      candidate.end = Nearest(candidate.box, label.at);
      candidate.cost = 4.0 * static_cast<double>(ring) + 0.5 * (1 - ux) + 0.2 * std::abs(uy);
      candidates.push_back(candidate);
    }
  }
  return candidates;
}

}  // namespace

std::vector<Text> PlacePointLabels(const std::vector<PointLabel>& labels,
                                   const std::vector<Point>& dots, double dot_size,
                                   const Box& bounds, std::vector<Polyline>& leaders) {
  std::vector<std::vector<Candidate>> candidates;
  for (const PointLabel& label : labels) {
    candidates.push_back(Candidates(label));
    // What does not change from sweep to sweep is added up once.
    for (Candidate& candidate : candidates.back()) {
      const double area = candidate.box.width() * candidate.box.height();
      candidate.cost += 20.0 * (area - OverlapArea(candidate.box, bounds));
      for (const Point& dot : dots) {
        const double half = dot_size / 2;
        const Box box{dot.x - half, dot.y - half, dot.x + half, dot.y + half};
        candidate.cost += 2.0 * OverlapArea(candidate.box, box);
        const bool own = dot.x == label.at.x && dot.y == label.at.y;
        if (candidate.leader && !own && Crosses(label.at, candidate.end, box)) {
          candidate.cost += 3.0;
        }
      }
    }
  }
  std::vector<size_t> chosen(labels.size(), std::numeric_limits<size_t>::max());
  for (int sweep = 0; sweep < kSweeps; ++sweep) {
    for (size_t i = 0; i < labels.size(); ++i) {
      double best = std::numeric_limits<double>::infinity();
      for (size_t c = 0; c < candidates[i].size(); ++c) {
        const Candidate& candidate = candidates[i][c];
        double cost = candidate.cost;
        for (size_t j = 0; j < labels.size() && cost < best; ++j) {
          if (j == i || chosen[j] == std::numeric_limits<size_t>::max()) {
            continue;
          }
          const Candidate& other = candidates[j][chosen[j]];
          cost += 10.0 * OverlapArea(candidate.box, other.box);
          if (candidate.leader && Crosses(labels[i].at, candidate.end, other.box)) {
            cost += 10.0;
          }
          if (other.leader && Crosses(labels[j].at, other.end, candidate.box)) {
            cost += 10.0;
          }
        }
        if (cost < best) {
          best = cost;
          chosen[i] = c;
        }
      }
    }
  }
  std::vector<Text> texts;
  for (size_t i = 0; i < labels.size(); ++i) {
    const Candidate& candidate = candidates[i][chosen[i]];
    texts.push_back(candidate.text);
    if (candidate.leader) {
      leaders.push_back(
          {.points = {labels[i].at, candidate.end}, .color = kReferenceColor, .width = 0.4});
    }
  }
  return texts;
}

}  // namespace initbias::plot
