// The four files, whole: same bytes every time, no date, right sizes, and no text taken for a
// command. Needs rsvg-convert, as the library does.
#include "figures/plot/render.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "lib/base/error.h"
#include "tests/figures/plot/gallery.h"

namespace initbias::plot {
namespace {
namespace fs = std::filesystem;

constexpr std::array kExtensions = {".svg", ".pdf", ".png", ".csv"};

std::string ReadFile(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

// A fresh folder that goes with the test.
class Folder {
 public:
  Folder() {
    std::string name = (fs::path(testing::TempDir()) / "plot.XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

Figure SmallFigure() {
  return {.panels = {{.content = LinePlot{.series = {{.x = {0, 1}, .y = {0, 1}}}}}}};
}

uint32_t BigEndian(const std::string& bytes, size_t at) {
  uint32_t value = 0;
  for (size_t i = 0; i < 4; ++i) {
    value = (value << 8) | static_cast<uint8_t>(bytes[at + i]);
  }
  return value;
}

TEST(RenderTest, TwiceGivesTheSameBytes) {
  const Folder folder;
  for (const Sample& sample : Gallery()) {
    Render(sample.figure, folder.path() / "first" / sample.name);
  }
  // Under another name, in another place of the world; that a PDF holds no date of today has a test
  // of its own.
  setenv("TZ", "Asia/Tokyo", 1);
  setenv("LC_ALL", "de_DE.UTF-8", 1);
  for (const Sample& sample : Gallery()) {
    Render(sample.figure, folder.path() / "second" / ("other_" + sample.name));
  }
  unsetenv("TZ");
  unsetenv("LC_ALL");
  for (const Sample& sample : Gallery()) {
    for (const std::string extension : kExtensions) {
      const std::string first = ReadFile(folder.path() / "first" / (sample.name + extension));
      const std::string second =
          ReadFile(folder.path() / "second" / ("other_" + sample.name + extension));
      EXPECT_TRUE(first == second) << sample.name << extension;
      EXPECT_GT(first.size(), 100U) << sample.name << extension;
      EXPECT_EQ(first.find(folder.path().string()), std::string::npos) << sample.name << extension;
    }
  }
}

TEST(RenderTest, PdfHasAFixedDateAndPaperSize) {
  const Folder folder;
  Render(SmallFigure(), folder.path() / "fig");
  const std::string pdf = ReadFile(folder.path() / "fig.pdf");
  ASSERT_TRUE(pdf.starts_with("%PDF-1."));
  const std::time_t now = std::time(nullptr);
  std::array<char, 16> today{};
  ASSERT_GT(std::strftime(today.data(), today.size(), "%Y%m%d", std::gmtime(&now)), 0U);
  EXPECT_EQ(pdf.find(today.data()), std::string::npos);
  EXPECT_EQ(pdf.find("/ModDate"), std::string::npos);
  // Newer cairo compresses these two; then the test of equal bytes is what is left.
  if (const size_t at = pdf.find("/CreationDate"); at != std::string::npos) {
    EXPECT_NE(pdf.substr(at, 40).find("19700101"), std::string::npos);
  }
  if (pdf.find("/MediaBox") != std::string::npos) {
    EXPECT_NE(pdf.find("/MediaBox [ 0 0 486 "), std::string::npos) << "6.75 inches are 486 points";
  }
}

TEST(RenderTest, PngHas300DotsAnInchAtPaperWidth) {
  const Folder folder;
  Figure figure = SmallFigure();
  figure.row_heights_in = {1.0};
  for (const auto& [inches, pixels] : {std::pair{kTextWidthIn, 2025U}, {3.25, 975U}}) {
    figure.width_in = inches;
    Render(figure, folder.path() / "fig");
    const std::string png = ReadFile(folder.path() / "fig.png");
    ASSERT_EQ(png.substr(1, 3), "PNG");
    EXPECT_EQ(BigEndian(png, 16), pixels);
    EXPECT_GT(BigEndian(png, 20), 300U);
    EXPECT_LT(BigEndian(png, 20), 450U);
    EXPECT_EQ(png.substr(37, 4), "pHYs");
    EXPECT_EQ(png.find("tIME"), std::string::npos);
  }
}

TEST(RenderTest, SvgNamesTheFigure) {
  const Folder folder;
  Figure figure = SmallFigure();
  figure.title = "Loss & more";
  figure.caption = "What it shows";
  Render(figure, folder.path() / "fig");
  const std::string svg = ReadFile(folder.path() / "fig.svg");
  EXPECT_NE(svg.find("<title id=\"title\">Loss &amp; more</title>"), std::string::npos);
  EXPECT_NE(svg.find("<desc id=\"desc\">What it shows</desc>"), std::string::npos);
  EXPECT_NE(svg.find("width=\"6.7500in\""), std::string::npos);
}

TEST(RenderTest, ANoteIsInThePictureAndItsAbsenceLeavesTheBytes) {
  const Folder folder;
  Figure figure = SmallFigure();
  Render(figure, folder.path() / "without");
  figure.note = "Nothing is judged";
  Render(figure, folder.path() / "with");
  figure.note = "";
  Render(figure, folder.path() / "again");
  const std::string with = ReadFile(folder.path() / "with.svg");
  const std::string without = ReadFile(folder.path() / "without.svg");
  EXPECT_NE(with.find("Nothing is judged</"), std::string::npos);
  EXPECT_NE(with.find("fill=\"#666666\""), std::string::npos) << "in kNoteColor";
  EXPECT_EQ(without.find("Nothing is judged"), std::string::npos);
  EXPECT_EQ(without, ReadFile(folder.path() / "again.svg"));
  EXPECT_EQ(ReadFile(folder.path() / "with.csv"), ReadFile(folder.path() / "without.csv"));
}

// The text of an SVG as a reader sees it: tags out, entities back.
std::string VisibleText(const std::string& svg) {
  std::string text;
  bool in_tag = false;
  for (const char c : svg) {
    if (c == '<') {
      in_tag = true;
    } else if (in_tag) {
      in_tag = c != '>';
    } else {
      text += c;
    }
  }
  for (const auto& [entity, character] :
       {std::pair{"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&amp;", "&"}}) {
    for (size_t at = 0; (at = text.find(entity, at)) != std::string::npos; ++at) {
      text.replace(at, std::string(entity).size(), character);
    }
  }
  return text;
}

TEST(RenderTest, HostileTextIsDrawnAsItStands) {
  const Folder folder;
  const std::vector<std::string> attacks = {
      "'\"\n\\",         "@macro $d0 %d %% {}",
      "a_b^c{d}~e&f",    "]]></text><script>alert(1)</script>",
      "<!-- --><?xml?>", "&amp;&#65;",
      "γ é 数 ∑"};
  for (const std::string& attack : attacks) {
    // With and without sub- and superscripts, which are elements of their own.
    for (const std::string markup : {"", "_{s}"}) {
      Figure figure = SmallFigure();
      Panel& panel = figure.panels[0];
      panel.letter = attack;
      panel.heading = attack + markup;
      panel.x_axis.label = attack + markup;
      panel.y_axis.label = attack + markup;
      panel.references = {{.at = 0.5, .label = attack + markup}};
      std::get<LinePlot>(panel.content).series[0].label = attack + markup;
      ASSERT_NO_THROW(Render(figure, folder.path() / "fig")) << attack;
      const std::string text = VisibleText(ReadFile(folder.path() / "fig.svg"));
      std::string expected = attack;
      std::replace(expected.begin(), expected.end(), '\n', ' ');
      EXPECT_NE(text.find(expected), std::string::npos) << expected << "\n" << text;
    }
  }
}

TEST(RenderTest, ErrorsNameTheFigureAndLeaveNothing) {
  const Folder folder;
  Figure figure = SmallFigure();
  std::get<LinePlot>(figure.panels[0].content).series[0].y = {1};
  try {
    Render(figure, folder.path() / "fig7");
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "fig7: panel (row 1, column 1): series 1: y has 1 values, expected 2");
  }
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(RenderTest, WithoutTheConverterThereAreSvgAndCsv) {
  const Folder folder;
  const std::string path = getenv("PATH");
  EXPECT_EQ(Render(SmallFigure(), folder.path() / "fig"), "");
  setenv("PATH", folder.path().c_str(), 1);
  EXPECT_EQ(Render(SmallFigure(), folder.path() / "fig"),
            "fig.pdf and fig.png are left out: rsvg-convert is needed to draw figures and was not "
            "found in PATH; on Debian or Ubuntu: sudo apt-get install librsvg2-bin");
  setenv("PATH", path.c_str(), 1);
  EXPECT_TRUE(fs::exists(folder.path() / "fig.svg"));
  EXPECT_TRUE(fs::exists(folder.path() / "fig.csv"));
  EXPECT_FALSE(fs::exists(folder.path() / "fig.pdf"));
  EXPECT_FALSE(fs::exists(folder.path() / "fig.png"));
}

TEST(RenderTest, ExtremeNumbersAreDrawn) {
  const Folder folder;
  const double inf = std::numeric_limits<double>::infinity();
  const std::vector<std::vector<double>> values = {{0, 0},         {1e99, -1e99},   {1e-99, 2e-99},
                                                   {1, 1 + 1e-15}, {-5e-324, 0},    {inf, 3},
                                                   {-inf, 3, inf}, {1e15, 1e15 + 1}};
  for (const std::vector<double>& y : values) {
    Figure figure = SmallFigure();
    Series& series = std::get<LinePlot>(figure.panels[0].content).series[0];
    series.y = y;
    series.x.assign(y.size(), 2);
    EXPECT_NO_THROW(Render(figure, folder.path() / "fig")) << y[0];
  }
  // A curve far outside of fixed limits, in and out again.
  Figure figure = SmallFigure();
  figure.panels[0].y_axis = {.min = 0.0, .max = 1.0};
  std::get<LinePlot>(figure.panels[0].content).series[0] = {
      .x = {0, 1, 2}, .y = {-1e50, 1e50, 0.5}, .lo = {-1e60, 0, 0}, .hi = {0, 1e60, 1}};
  EXPECT_NO_THROW(Render(figure, folder.path() / "fig"));
}

}  // namespace
}  // namespace initbias::plot
