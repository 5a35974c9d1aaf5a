#include "figures/plot/layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <utility>
#include <variant>

#include "figures/plot/extents.h"
#include "figures/plot/panel_ticks.h"
#include "figures/plot/text.h"
#include "figures/plot/token_strip.h"
#include "lib/base/error.h"

namespace initbias::plot {
namespace {

// Distances in points.
constexpr double kPageMargin = 2.0;
constexpr double kColumnGap = 9.0;
constexpr double kRowGap = 7.0;
constexpr double kTitleGap = 3.0;        // Between axes and title.
constexpr double kXTitleGap = 1.5;       // Between tick labels and the x axis' title.
constexpr double kHeadingHeight = 12.5;  // The line of letter and heading.
constexpr double kBarGap = 5.0;          // Between axes and colour bar.
constexpr double kLegendGap = 5.0;
constexpr double kNoteGap = 4.0;
constexpr double kAlignWithin = 12.0;    // Titles of y axes further apart are not aligned.
constexpr double kLeastAxes = 16.0;      // Narrower axes are refused.
constexpr double kYTickEvery = 15.0;     // Least distance of tick labels, line below line.
constexpr double kCellLine = 7.4;        // As kYTickEvery, of labels that name every cell.
constexpr double kCellPadding = 1.5;     // Left and right of a cell's label, at least.
constexpr double kDefaultAspect = 0.75;  // Height of axes by width.
constexpr double kLeastHeight = 50.0;
constexpr double kMostHeight = 140.0;

// Tick labels decide on widths, widths on the number of ticks: a few rounds settle it.
constexpr int kRounds = 4;

constexpr double kRounding = 1e-6;  // Of a size that is as large as it must be, points.

double LabelWidth(const std::string& label) { return TextWidth(label, kFontSizePt, true); }

// Room that a panel needs around its axes, points.
struct Insets {
  double left = 0;
  double right = 0;
  double top = 0;
  double bottom = 0;
  // What stands right of the axes at their height, one behind the other (tick labels of the x axis
  // that reach over the end do not: they are lower).
  double side = 0;
  double bar_offset = 0;     // From the axes to the colour bar,
  double legend_offset = 0;  // and to the legend, where it stands on the right.
};

// Solves for the geometry in the order of Solve(). What holds after which step, of panel i where it
// is per panel:
//
//   constructor      place; guesses of inner_width_ and inner_height_
//   ResolveRanges    range of both axes, colors, color_bar
//   ResolveShares    labelled of both axes
//   MeasurePanel     ticks, titles, upright, label_extent, bar_ticks, legend_below, legend_right,
//                    insets_, for axes of the size that inner_width_ and inner_height_ give
//   ShareOutWidth    column_left_, column_right_, inner_width_
//   ChooseHeights    row_top_, row_bottom_, inner_height_
//   PlaceAll         the page's height, legend_y, note_y, and with PlacePanel all that PanelLayout
//                    has in points of the page
//
// The three from MeasurePanel on depend on each other and are repeated. Until PlaceAll nothing has
// a place on the page: lengths only.
class Solver {
 public:
  explicit Solver(const Figure& figure) : figure_(figure) {
    const std::vector<Place> places = PlacePanels(figure);
    rows_ = static_cast<size_t>(CountRows(places));
    columns_ = static_cast<size_t>(figure.columns);
    layout_.width = std::round(figure.width_in * 72.0);
    layout_.panels.resize(places.size());
    for (size_t i = 0; i < places.size(); ++i) {
      layout_.panels[i].place = places[i];
    }
    insets_.resize(places.size());
    column_left_.assign(columns_, 0);
    column_right_.assign(columns_, 0);
    row_top_.assign(rows_, 0);
    row_bottom_.assign(rows_, 0);
    inner_width_ = 0.8 * layout_.width / static_cast<double>(columns_);
    inner_height_.assign(rows_, kDefaultAspect * inner_width_);
  }

  FigureLayout Solve() {
    ResolveRanges();
    ResolveShares();
    for (int round = 0; round < kRounds; ++round) {
      for (size_t i = 0; i < layout_.panels.size(); ++i) {
        MeasurePanel(i);
      }
      ShareOutWidth();
      ChooseHeights();
    }
    for (size_t i = 0; i < layout_.panels.size(); ++i) {
      CheckCellLabels(i);
    }
    layout_.legend = FlowEntries(FigureEntries(figure_), layout_.width - 2 * kPageMargin);
    if (!figure_.note.empty()) {
      layout_.note =
          BreakLines(Literal(figure_.note), layout_.width - 2 * kPageMargin, kFontSizePt, true);
    }
    PlaceAll();
    return std::move(layout_);
  }

 private:
  const Panel& PanelAt(size_t i) const { return figure_.panels[i]; }
  size_t Column(size_t i) const { return static_cast<size_t>(layout_.panels[i].place.column); }
  size_t Row(size_t i) const { return static_cast<size_t>(layout_.panels[i].place.row); }
  size_t LastColumn(size_t i) const {
    return Column(i) + static_cast<size_t>(layout_.panels[i].place.column_span) - 1;
  }
  template <typename Content>
  const Content* As(size_t i) const {
    return std::get_if<Content>(&PanelAt(i).content);
  }

  void ResolveRanges() {
    std::map<std::string, Extents> shared_x;
    std::map<std::string, Extents> shared_y;
    std::vector<Extents> extents;
    for (const Panel& panel : figure_.panels) {
      extents.push_back(PanelExtents(panel));
      Extents& x = shared_x[panel.x_axis.share];
      x.x.Add(extents.back().x);
      x.x_padding = std::max(x.x_padding, extents.back().x_padding);
      Extents& y = shared_y[panel.y_axis.share];
      y.y.Add(extents.back().y);
      y.y_padding = std::max(y.y_padding, extents.back().y_padding);
    }
    for (size_t i = 0; i < layout_.panels.size(); ++i) {
      const Panel& panel = PanelAt(i);
      PanelLayout& out = layout_.panels[i];
      const Extents& x = panel.x_axis.share.empty() ? extents[i] : shared_x[panel.x_axis.share];
      const Extents& y = panel.y_axis.share.empty() ? extents[i] : shared_y[panel.y_axis.share];
      out.x.range = ResolveRange(panel.x_axis, x.x, x.x_padding);
      out.y.range = ResolveRange(panel.y_axis, y.y, y.y_padding);
      if (const auto* map = As<HeatMap>(i)) {
        out.x.range = {.min = 0, .max = static_cast<double>(map->columns)};
        out.y.range = {.min = 0, .max = static_cast<double>(map->rows)};
      }
      ResolveColors(i, extents[i].color);
    }
  }

  void ResolveColors(size_t i, const Extent& values) {
    const ColorScale* scale = ScaleOf(PanelAt(i));
    if (scale == nullptr || !values.min) {
      return;
    }
    layout_.panels[i].colors = ResolveScale(*scale, values);
    layout_.panels[i].color_bar = scale->bar;
  }

  // Of neighbours that share an axis only the leftmost and the lowest have labels.
  void ResolveShares() {
    for (size_t i = 0; i < layout_.panels.size(); ++i) {
      const Place& place = layout_.panels[i].place;
      for (size_t j = 0; j < layout_.panels.size(); ++j) {
        const Place& other = layout_.panels[j].place;
        const std::string& x = PanelAt(i).x_axis.share;
        const std::string& y = PanelAt(i).y_axis.share;
        if (!y.empty() && y == PanelAt(j).y_axis.share && other.row == place.row &&
            other.column + other.column_span == place.column) {
          layout_.panels[i].y.labelled = false;
        }
        if (!x.empty() && x == PanelAt(j).x_axis.share && other.column == place.column &&
            other.column_span == place.column_span && other.row == place.row + 1) {
          layout_.panels[i].x.labelled = false;
        }
      }
    }
  }

  double CellWidth(size_t i) const {
    double width = 0;
    for (size_t c = Column(i); c <= LastColumn(i); ++c) {
      width += inner_width_;
      width += c > Column(i) ? column_left_[c] + kColumnGap : 0;
      width += c < LastColumn(i) ? column_right_[c] : 0;
    }
    return width;
  }

  // Size of the axes in their cell of the grid: all of it, but for square cells.
  std::pair<double, double> AxesSize(size_t i) const {
    double width = CellWidth(i);
    double height = inner_height_[Row(i)];
    const auto* map = As<HeatMap>(i);
    if (map != nullptr && map->square) {
      const double cell = std::min(width / map->columns, height / map->rows);
      width = cell * map->columns;
      height = cell * map->rows;
    }
    return {width, height};
  }

  void MakePanelTicks(size_t i, double width, double height) {
    PanelLayout& out = layout_.panels[i];
    if (As<TokenStrip>(i) != nullptr) {
      return;
    }
    if (const auto* map = As<HeatMap>(i)) {
      const CellAxis columns = MakeCellAxis(map->column_labels, map->columns, map->column_start);
      const CellAxis rows = MakeCellAxis(map->row_labels, map->rows, map->row_start);
      const double cell = width / map->columns;
      const double widest = WidestLabel(CellTicks(columns, cell, 0));
      constexpr double kShort = 14.0;  // Such labels are thinned out; longer ones are turned.
      out.x.upright = map->vertical_column_labels || (columns.numbers.empty() && widest > kShort &&
                                                      widest + kLabelDistancePt > cell);
      out.x.ticks = CellTicks(columns, cell, out.x.upright ? kCellLine : widest + kLabelDistancePt);
      out.y.ticks = CellTicks(rows, height / map->rows, kCellLine);
      for (Tick& tick : out.y.ticks) {
        tick.at = map->rows - tick.at;  // Row 0 is on top.
      }
      return;
    }
    out.y.ticks = MakeTicks(out.y.range, static_cast<int>(height / kYTickEvery));
    out.x.ticks = FittingXTicks(out.x.range, width);
  }

  void MeasurePanel(size_t i) {
    const Panel& panel = PanelAt(i);
    PanelLayout& out = layout_.panels[i];
    Insets& insets = insets_[i];
    insets = {};
    const auto [width, height] = AxesSize(i);
    MakePanelTicks(i, width, height);
    MeasureYAxis(i, height);
    MeasureXAxis(i, width);
    MeasureReferences(i);
    if (out.color_bar) {
      MeasureColorBar(i, height);
    }
    MeasureLegend(i, width);
    insets.right = std::max(insets.right, insets.side);
    out.title.clear();
    if (!panel.title.empty()) {
      out.title = BreakLines(panel.title, width + 2 * kTitleGap, kFontSizePt, true);
      insets.top =
          std::max(insets.top, kTitleGap) + kLinePt * static_cast<double>(out.title.size());
    }
    if (!panel.heading.empty() || !panel.letter.empty()) {
      insets.left = std::max(insets.left, panel.heading.empty() ? kLetterSizePt : 0.0);
    }
  }

  void MeasureYAxis(size_t i, double height) {
    PanelLayout& out = layout_.panels[i];
    Insets& insets = insets_[i];
    out.y.title.clear();
    if (As<TokenStrip>(i) != nullptr) {
      return;
    }
    const double tick = As<HeatMap>(i) != nullptr ? 0 : kTickLengthPt;
    insets.left = tick;
    if (!out.y.labelled) {
      return;
    }
    out.y.label_extent = WidestLabel(out.y.ticks);
    insets.left += out.y.ticks.empty() ? 0 : kTickGapPt + out.y.label_extent;
    for (const Tick& t : out.y.ticks) {
      const double position = Position(out.y.range, t.at);
      const double over = kFontSizePt / 2 - (1 - position) * height;
      insets.top = std::max(insets.top, t.label.empty() ? 0 : over);
    }
    const std::string title = AxisTitle(PanelAt(i).y_axis);
    if (!title.empty()) {
      out.y.title = BreakLines(title, height + 2 * kLinePt, kFontSizePt, true);
      insets.left += kYTitleGapPt + kLinePt * static_cast<double>(out.y.title.size());
    }
  }

  void MeasureXAxis(size_t i, double width) {
    PanelLayout& out = layout_.panels[i];
    Insets& insets = insets_[i];
    out.x.title.clear();
    if (As<TokenStrip>(i) != nullptr) {
      return;
    }
    insets.bottom = As<HeatMap>(i) == nullptr ? kTickLengthPt : 0;
    if (!out.x.labelled) {
      return;
    }
    out.x.label_extent = out.x.ticks.empty() ? 0
                         : out.x.upright     ? WidestLabel(out.x.ticks)
                                             : kLinePt;
    insets.bottom += out.x.ticks.empty() ? 0 : kTickGapPt + out.x.label_extent;
    for (const Tick& tick : out.x.ticks) {
      const double half = out.x.upright ? kLinePt / 2 : LabelWidth(tick.label) / 2;
      const double middle = Position(out.x.range, tick.at) * width;
      insets.left = std::max(insets.left, half - middle);
      insets.right = std::max(insets.right, half - (width - middle));
    }
    const std::string title = AxisTitle(PanelAt(i).x_axis);
    if (!title.empty()) {
      out.x.title = BreakLines(title, width + insets.left, kFontSizePt, true);
      insets.bottom += kXTitleGap + kLinePt * static_cast<double>(out.x.title.size());
    }
  }

  void MeasureReferences(size_t i) {
    for (const ReferenceLine& line : PanelAt(i).references) {
      if (line.label.empty()) {
        continue;
      }
      if (line.direction == ReferenceLine::Direction::kHorizontal) {
        insets_[i].side = std::max(insets_[i].side, kReferenceGapPt + LabelWidth(line.label));
      } else {
        insets_[i].top = std::max(insets_[i].top, kLinePt);
      }
    }
  }

  void MeasureColorBar(size_t i, double height) {
    PanelLayout& out = layout_.panels[i];
    const ColorScale* scale = ScaleOf(PanelAt(i));
    const AxisRange range{.min = out.colors->min, .max = out.colors->max};
    out.bar_ticks = MakeTicks(range, static_cast<int>(height / kYTickEvery));
    insets_[i].bar_offset = insets_[i].side + kBarGap;
    insets_[i].side = insets_[i].bar_offset + kColorBarPt + kTickLengthPt + kTickGapPt +
                      WidestLabel(out.bar_ticks) +
                      (scale->label.empty() ? 0 : kYTitleGapPt + kLinePt);
  }

  void MeasureLegend(size_t i, double width) {
    PanelLayout& out = layout_.panels[i];
    Insets& insets = insets_[i];
    const LegendPlace place = PanelAt(i).legend;
    if (place == LegendPlace::kBelow) {
      out.legend_below = FlowEntries(PanelEntries(PanelAt(i)),
                                     insets.left + width + std::max(insets.right, insets.side));
      if (!out.legend_below.empty()) {
        insets.bottom += kLegendGap + kLegendLinePt * static_cast<double>(out.legend_below.size());
      }
    } else if (place == LegendPlace::kRight) {
      out.legend_right = PanelEntries(PanelAt(i));
      double widest = 0;
      for (const LegendEntry& entry : out.legend_right) {
        widest = std::max(widest, EntriesWidth({entry}));
      }
      insets.legend_offset = insets.side + kLegendGap;
      insets.side += widest > 0 ? kLegendGap + widest : 0;
    }
  }

  void ShareOutWidth() {
    std::fill(column_left_.begin(), column_left_.end(), 0);
    std::fill(column_right_.begin(), column_right_.end(), 0);
    for (size_t i = 0; i < insets_.size(); ++i) {
      column_left_[Column(i)] = std::max(column_left_[Column(i)], insets_[i].left);
      column_right_[LastColumn(i)] = std::max(column_right_[LastColumn(i)], insets_[i].right);
    }
    double room = layout_.width - 2 * kPageMargin - kColumnGap * static_cast<double>(columns_ - 1);
    for (size_t c = 0; c < columns_; ++c) {
      room -= column_left_[c] + column_right_[c];
    }
    inner_width_ = room / static_cast<double>(columns_);
    if (inner_width_ < kLeastAxes) {
      throw Error(fmt::format(
          "{} columns and their labels leave {:.0f} points for the axes of each at width_in = {}: "
          "use fewer columns, a wider figure, or shared axes",
          columns_, inner_width_, figure_.width_in));
    }
    for (size_t i = 0; i < insets_.size(); ++i) {
      const auto* strip = As<TokenStrip>(i);
      if (strip != nullptr && TokenStripWidth(*strip) > CellWidth(i)) {
        throw Error(fmt::format(
            "{}: the token strip is {:.2f} inches wide and has {:.2f}: use fewer tokens or shorter "
            "texts",
            DescribePlace(layout_.panels[i].place), TokenStripWidth(*strip) / 72,
            CellWidth(i) / 72));
      }
    }
  }

  void ChooseHeights() {
    std::fill(row_top_.begin(), row_top_.end(), 0);
    std::fill(row_bottom_.begin(), row_bottom_.end(), 0);
    for (size_t i = 0; i < insets_.size(); ++i) {
      const Panel& panel = PanelAt(i);
      const bool lettered = !panel.letter.empty() || !panel.heading.empty();
      const double least =
          panel.heading.empty() && lettered && !RowHasHeading(Row(i)) ? kHeadingHeight : 0;
      const double top = std::max(least, insets_[i].top);
      row_top_[Row(i)] = std::max(row_top_[Row(i)], top);
      row_bottom_[Row(i)] = std::max(row_bottom_[Row(i)], insets_[i].bottom);
    }
    for (size_t r = 0; r < rows_; ++r) {
      row_top_[r] += RowHasHeading(r) ? kHeadingHeight : 0;
      const double fixed = figure_.row_heights_in.empty() ? 0 : figure_.row_heights_in[r] * 72;
      inner_height_[r] = fixed > 0 ? fixed : NaturalHeight(r);
    }
  }

  bool RowHasHeading(size_t row) const {
    for (size_t i = 0; i < insets_.size(); ++i) {
      if (Row(i) == row && !PanelAt(i).heading.empty()) {
        return true;
      }
    }
    return false;
  }

  // The height that the row's panels ask for: matrices and diagrams insist, curves adapt. Labelled
  // cells are at least a line high.
  double NaturalHeight(size_t row) const {
    double least = 0;
    double insisted = 0;
    double adaptable = 0;
    for (size_t i = 0; i < insets_.size(); ++i) {
      if (Row(i) != row) {
        continue;
      }
      if (const auto* map = As<HeatMap>(i); map != nullptr && !map->cell_labels.empty()) {
        least = std::max(least, kLinePt * map->rows);
      }
      if (const auto* strip = As<TokenStrip>(i)) {
        insisted = std::max(insisted, TokenStripHeight(*strip));
      } else if (const auto* map = As<HeatMap>(i); map != nullptr && map->square) {
        insisted = std::max(insisted, CellWidth(i) * map->rows / map->columns);
      } else {
        const double wish = std::clamp(kDefaultAspect * CellWidth(i), kLeastHeight, kMostHeight);
        adaptable = adaptable > 0 ? std::min(adaptable, wish) : wish;
      }
    }
    return std::max(least, insisted > 0 ? insisted : adaptable > 0 ? adaptable : kLeastHeight);
  }

  // Refuses labels that would reach over their cells.
  void CheckCellLabels(size_t i) const {
    const auto* map = As<HeatMap>(i);
    if (map == nullptr) {
      return;
    }
    std::string widest;
    double needed = 0;
    for (const std::string& label : map->cell_labels) {
      const double width = TextWidth(label, kFontSizePt, false) + 2 * kCellPadding;
      if (!label.empty() && width > needed) {
        widest = label;
        needed = width;
      }
    }
    const auto [width, height] = AxesSize(i);
    const double cell_width = width / map->columns;
    const double cell_height = height / map->rows;
    if (needed > 0 && (needed > cell_width + kRounding || kLinePt > cell_height + kRounding)) {
      throw Error(fmt::format(
          "{}: a label does not fit its cell: \"{}\" needs {:.1f} x {:.1f} points and has {:.1f} x "
          "{:.1f}: use shorter labels, fewer cells or a larger panel",
          DescribePlace(layout_.panels[i].place), widest, needed, kLinePt, cell_width,
          cell_height));
    }
  }

  void PlaceAll() {
    std::vector<double> inner_left(columns_);
    double x = kPageMargin;
    for (size_t c = 0; c < columns_; ++c) {
      inner_left[c] = x + column_left_[c];
      x = inner_left[c] + inner_width_ + column_right_[c] + kColumnGap;
    }
    double height = 2 * kPageMargin + kRowGap * static_cast<double>(rows_ - 1);
    for (size_t r = 0; r < rows_; ++r) {
      height += row_top_[r] + inner_height_[r] + row_bottom_[r];
    }
    if (!layout_.legend.empty()) {
      height += kLegendGap + kLegendLinePt * static_cast<double>(layout_.legend.size());
    }
    const double above_note = height;
    if (!layout_.note.empty()) {
      height += kNoteGap + kLinePt * static_cast<double>(layout_.note.size());
    }
    layout_.height = std::ceil(height);
    std::vector<double> inner_top(rows_);
    double y = layout_.height - kPageMargin;
    for (size_t r = 0; r < rows_; ++r) {
      inner_top[r] = y - row_top_[r];
      y = inner_top[r] - inner_height_[r] - row_bottom_[r] - kRowGap;
    }
    layout_.legend_y = y + kRowGap - kLegendGap - kLegendLinePt / 2;
    layout_.note_y = layout_.height - (above_note - kPageMargin) - kNoteGap - kLinePt / 2;
    for (size_t i = 0; i < layout_.panels.size(); ++i) {
      PlacePanel(i, inner_left[Column(i)], inner_top[Row(i)]);
    }
  }

  void PlacePanel(size_t i, double left, double top) {
    PanelLayout& out = layout_.panels[i];
    const auto [width, height] = AxesSize(i);
    const double cell_left = left - column_left_[Column(i)];
    // Matrices smaller than their cell stand in its middle, and at its top, where titles are.
    left += (CellWidth(i) - width) / 2;
    out.axes = {.left = left, .bottom = top - height, .right = left + width, .top = top};
    out.title_y = top + insets_[i].top - kLinePt / 2;
    out.outer_left = left - insets_[i].left;
    out.outer_right = left + width + insets_[i].right;
    out.letter = {cell_left, top + row_top_[Row(i)] - kHeadingHeight / 2};
    double below = out.axes.bottom - (As<HeatMap>(i) == nullptr ? kTickLengthPt : 0) -
                   (out.x.ticks.empty() ? 0 : kTickGapPt + out.x.label_extent);
    out.x_title_y = below - kXTitleGap - kLinePt / 2;
    below -=
        out.x.title.empty() ? 0 : kXTitleGap + kLinePt * static_cast<double>(out.x.title.size());
    out.legend_y = below - kLegendGap - kLegendLinePt / 2;
    const bool align = column_left_[Column(i)] - insets_[i].left <= kAlignWithin;
    out.y_title_x = left - (align ? column_left_[Column(i)] : insets_[i].left) + kLinePt / 2;
    out.bar_left = out.axes.right + insets_[i].bar_offset;
    out.legend_left = out.axes.right + insets_[i].legend_offset;
  }

  const Figure& figure_;
  FigureLayout layout_;
  size_t rows_ = 1;
  size_t columns_ = 1;
  std::vector<Insets> insets_;
  std::vector<double> column_left_;
  std::vector<double> column_right_;
  std::vector<double> row_top_;
  std::vector<double> row_bottom_;
  double inner_width_ = 0;  // Of the axes in one column.
  std::vector<double> inner_height_;
};

}  // namespace

FigureLayout LayOut(const Figure& figure) { return Solver(figure).Solve(); }

}  // namespace initbias::plot
