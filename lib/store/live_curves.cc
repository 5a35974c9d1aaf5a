#include "lib/store/live_curves.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/file_access.h"
#include "lib/base/text.h"
#include "lib/config/run_config.h"
#include "lib/config/run_labels.h"
#include "lib/store/catalog.h"
#include "lib/store/run_file.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 8> kBlocks = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr double kHighest = 7;
constexpr std::array<std::string_view, 8> kLetters = {"_", ".", ":", "-", "=", "+", "*", "#"};

// Of the sets, in their order; Okabe and Ito's, and ANSI's nearest.
constexpr std::array<std::string_view, 6> kColors = {"#0072b2", "#d55e00", "#009e73",
                                                     "#cc79a7", "#e69f00", "#56b4e9"};
constexpr std::array<int, 6> kAnsi = {34, 31, 32, 35, 33, 36};

double LargestLoss(const RunResult& run) {
  double largest = 0;
  for (const LearningCurve& curve : run.curves) {
    for (const double loss : curve.loss) {
      largest = std::isfinite(loss) ? std::max(largest, loss) : largest;
    }
  }
  return largest;
}

std::string Progress(const LiveRun& run) {
  return fmt::format("{:.4g} of {}{}", run.run.epoch.empty() ? 0 : run.run.epoch.back(),
                     Counted(run.run.config.train.epochs, "epoch"),
                     run.finished ? ", finished" : "");
}

// The losses of a run, an SVG element.
std::string RunPicture(const LiveRun& live) {
  constexpr double kWidth = 320;
  constexpr double kHeight = 150;
  constexpr double kLeft = 36;
  constexpr double kBottom = 18;
  const RunResult& run = live.run;
  const auto epochs = static_cast<double>(std::max<int64_t>(1, run.config.train.epochs));
  const double largest = std::max(LargestLoss(run), 1e-9);
  const auto x = [&](double epoch) { return kLeft + epoch / epochs * kWidth; };
  const auto y = [&](double loss) { return 6 + (1 - loss / largest) * kHeight; };
  std::string svg = fmt::format(
      "<svg viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\">"
      "<path d=\"M{2} 6V{3}H{4}\" fill=\"none\" stroke=\"#666\"/>"
      "<text x=\"0\" y=\"12\">{5:.3g}</text><text x=\"20\" y=\"{3}\">0</text>"
      "<text x=\"{2}\" y=\"{6}\">0</text>"
      "<text x=\"{4}\" y=\"{6}\" text-anchor=\"end\">epoch {7}</text>\n",
      kLeft + kWidth + 8, kHeight + kBottom + 6, kLeft, 6 + kHeight, kLeft + kWidth, largest,
      kHeight + kBottom, run.config.train.epochs);
  for (size_t i = 0; i < run.curves.size(); ++i) {
    std::string points;
    for (size_t at = 0; at < run.epoch.size(); ++at) {
      const double loss = run.curves[i].loss[at];
      if (std::isfinite(loss)) {
        points += fmt::format("{:.1f},{:.1f} ", x(run.epoch[at]), y(loss));
      }
    }
    svg +=
        fmt::format("<polyline points=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.5\"/>\n",
                    points, kColors[i % kColors.size()]);
  }
  return svg + "</svg>\n";
}

}  // namespace

std::vector<LiveRun> LiveRuns::Read() {
  std::vector<CatalogFile> files;
  try {
    files = ListFiles(folder_);
  } catch (const FileRefused&) {
    throw;  // it is there, and there may be runs in it
  } catch (const Error&) {
    // Not there yet, or taken away.
  }
  std::set<fs::path> present;
  std::set<fs::path> finished;
  std::vector<LiveRun> runs;
  for (const CatalogFile& file : files) {  // runs before checkpoints
    const bool whole = file.kind == FileKind::kRun;
    const fs::path of_run = file.path.parent_path().parent_path() / file.path.stem();
    if ((!whole && file.kind != FileKind::kCheckpoint) || finished.contains(of_run)) {
      continue;
    }
    present.insert(file.path);
    Known& known = files_[file.path];
    std::error_code status;
    const fs::file_time_type changed = fs::last_write_time(folder_ / file.path, status);
    const uintmax_t bytes = status ? 0 : fs::file_size(folder_ / file.path, status);
    if (!status && (changed != known.changed || bytes != known.bytes)) {
      known.changed = changed;
      known.bytes = bytes;
      known.current = false;
      try {
        // Of a checkpoint, which is written anew each minute, the curves alone.
        const fs::path path = folder_ / file.path;
        known.run = {.run = whole ? ReadCheckedCurves(path).run : ReadCurves(path),
                     .finished = whole,
                     .changed = changed};
        known.wrong_name = WrongName(path, known.run.run.config);
        known.readable = known.wrong_name.empty();
        known.current = true;
      } catch (const FileRefused&) {
        known.changed = {};  // it may be whole, and is read again
      } catch (const Error&) {
        // Damaged, or gone just now: it is read again when it changes.
      }
    }
    if (known.readable) {
      runs.push_back(known.run);
      if (whole) {
        finished.insert(of_run);
      }
    }
  }
  std::erase_if(files_, [&](const auto& item) { return !present.contains(item.first); });
  unread_.clear();
  misnamed_.clear();
  for (const auto& [path, known] : files_) {
    std::error_code status;
    if (!known.current && fs::exists(folder_ / path, status)) {
      unread_.push_back(path);
    } else if (known.current && !known.wrong_name.empty()) {
      misnamed_.push_back(known.wrong_name);
    }
  }
  std::ranges::stable_sort(runs, [](const LiveRun& a, const LiveRun& b) {
    return a.finished != b.finished ? b.finished : a.changed > b.changed;
  });
  std::vector<RunConfig> configs;
  for (const LiveRun& live : runs) {
    configs.push_back(live.run.config);
  }
  const std::vector<std::string> labels = DistinctLabels(configs);
  for (size_t i = 0; i < runs.size(); ++i) {
    runs[i].label = labels[i];
  }
  return runs;
}

std::string UnreadText(const std::vector<fs::path>& unread) {
  return unread.empty()
             ? ""
             : fmt::format("{} cannot be read{}: {}",
                           Counted(unread.size(), "file of runs", "files of runs"),
                           unread.size() > 1 ? ", the first" : "", unread.front().string());
}

std::string MisnamedText(const std::vector<std::string>& misnamed) {
  return misnamed.empty()
             ? ""
             : misnamed.front() + (misnamed.size() == 1
                                       ? ""
                                       : fmt::format(" (so it is with {} files)", misnamed.size()));
}

std::string Sparkline(std::span<const double> x, std::span<const double> y, double x_end,
                      double y_end, size_t columns, bool ascii) {
  const auto& levels = ascii ? kLetters : kBlocks;
  std::string line;
  size_t next = 0;  // the first point that no column has passed
  for (size_t column = 0; column < columns; ++column) {
    const double end = x_end * static_cast<double>(column + 1) / static_cast<double>(columns);
    const bool last = column + 1 == columns;
    const size_t before = next;
    while (next < x.size() && (x[next] < end || last)) {
      ++next;
    }
    const bool known = next > 0 && (next > before || next < x.size());
    const double value = known ? y[next - 1] : 0;
    if (!known || std::isnan(value)) {
      line += ' ';
      continue;
    }
    const double height = y_end > 0 ? std::clamp(value / y_end, 0.0, 1.0) : 0;
    line += levels[static_cast<size_t>(std::lround(height * kHighest))];
  }
  return line;
}

std::vector<std::string> RunLines(const LiveRun& live, const TextStyle& style) {
  constexpr size_t kName = 16;
  constexpr size_t kNumbers = 28;  // "  loss 4.1234  accuracy 0.123"
  const RunResult& run = live.run;
  const std::string progress = Progress(live);
  const size_t room = style.columns - std::min(style.columns, progress.size() + 2);
  std::vector<std::string> lines;
  if (live.label.size() <= room) {
    lines = {fmt::format("{:<{}}  {}", live.label, room, progress)};
  } else {
    const bool fits = live.label.size() <= style.columns;
    const size_t shown = style.columns - std::min<size_t>(style.columns, 3);
    lines = {fits ? live.label : live.label.substr(0, shown) + "...",
             fmt::format("{:>{}}", progress, style.columns)};
  }
  const double largest = LargestLoss(run);
  const size_t columns =
      style.columns > kName + kNumbers + 14 ? style.columns - kName - kNumbers - 4 : 10;
  for (size_t i = 0; i < run.curves.size(); ++i) {
    const LearningCurve& curve = run.curves[i];
    std::string drawn =
        Sparkline(run.epoch, curve.loss, static_cast<double>(run.config.train.epochs), largest,
                  columns, style.ascii);
    if (style.color) {
      drawn = fmt::format("\x1b[{}m{}\x1b[0m", kAnsi[i % kAnsi.size()], drawn);
    }
    lines.push_back(fmt::format("  {:<{}} {}  {}", curve.group.substr(0, kName), kName, drawn,
                                curve.loss.empty()
                                    ? ""
                                    : fmt::format("loss {:.3f} accuracy {:.2f}", curve.loss.back(),
                                                  curve.accuracy.back())));
  }
  return lines;
}

std::string CurvesPage(const std::vector<LiveRun>& runs, const std::string& title,
                       const std::string& now, double seconds,
                       const std::vector<std::string>& notes) {
  const auto unfinished = std::ranges::count(runs, false, &LiveRun::finished);
  std::string page = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>\n"
      "<meta http-equiv=\"refresh\" content=\"{}\"/>\n<title>{}</title>\n"
      "<style>body {{ font: 14px sans-serif; margin: 1em }} svg {{ font-size: 10px }} "
      "section {{ display: inline-block; margin: 0 1.5em 1.5em 0; vertical-align: top }} "
      "h2 {{ font-size: 14px; margin: 0 }} p {{ margin: 0.2em 0 }}</style></head>\n"
      "<body><h1>{}</h1>\n<p>{}, {} of them unfinished; {}. Loss in nats.</p>\n",
      std::max(1.0, std::ceil(seconds)), XmlEscape(title), XmlEscape(title),
      Counted(runs.size(), "run"), unfinished, XmlEscape(now));
  for (const std::string& note : notes) {
    page += note.empty() ? "" : fmt::format("<p>{}</p>\n", XmlEscape(note));
  }
  for (const LiveRun& live : runs) {
    page += fmt::format("<section><h2>{}</h2>\n<p>{}</p>\n{}<p>", XmlEscape(live.label),
                        Progress(live), RunPicture(live));
    for (size_t i = 0; i < live.run.curves.size(); ++i) {
      const LearningCurve& curve = live.run.curves[i];
      page += fmt::format("<span style=\"color:{}\">{} {}</span> ", kColors[i % kColors.size()],
                          XmlEscape(curve.group),
                          curve.loss.empty() ? "" : fmt::format("{:.3f}", curve.loss.back()));
    }
    page += "</p></section>\n";
  }
  return page + "</body></html>\n";
}

}  // namespace initbias
