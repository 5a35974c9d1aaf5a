#include "figures/plot/grid.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace initbias::plot {

bool Overlap(const Place& a, const Place& b) {
  return a.row == b.row && a.column < b.column + b.column_span &&
         b.column < a.column + a.column_span;
}

std::vector<Place> PlacePanels(const Figure& figure) {
  std::vector<Place> places;
  std::vector<bool> placed;
  std::string letter;
  for (const Panel& panel : figure.panels) {
    letter = panel.letter.empty() ? letter : panel.letter;
    places.push_back({.row = panel.row,
                      .column = panel.column,
                      .column_span = panel.column_span,
                      .letter = letter});
    placed.push_back(panel.row >= 0 || panel.column >= 0);
  }
  for (size_t i = 0; i < places.size(); ++i) {
    Place& place = places[i];
    if (placed[i]) {
      continue;
    }
    place.row = 0;
    place.column = 0;
    const auto taken = [&] {
      for (size_t j = 0; j < places.size(); ++j) {
        if (placed[j] && Overlap(place, places[j])) {
          return true;
        }
      }
      return false;
    };
    // A panel wider than the grid fits nowhere; it is left in column 0 for CheckFigure to find.
    while (taken() || (place.column > 0 && place.column + place.column_span > figure.columns)) {
      ++place.column;
      if (place.column + place.column_span > figure.columns) {
        place.column = 0;
        ++place.row;
      }
    }
    placed[i] = true;
  }
  return places;
}

int CountRows(const std::vector<Place>& places) {
  int rows = 1;
  for (const Place& place : places) {
    rows = std::max(rows, place.row + 1);
  }
  return rows;
}

std::string DescribePlace(const Place& place) {
  return fmt::format("panel{}{} (row {}, column {})", place.letter.empty() ? "" : " ", place.letter,
                     place.row + 1, place.column + 1);
}

}  // namespace initbias::plot
