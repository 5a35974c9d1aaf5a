// The palette must hold for readers who see fewer colours and for grey-scale print.
#include "figures/plot/style.h"

#include <set>
#include <utility>

#include "gtest/gtest.h"
#include "tests/figures/plot/color_vision.h"

namespace initbias::plot {
namespace {

TEST(StyleTest, PaletteIsApartInEveryVision) {
  EXPECT_GT(SmallestDistance({Hue::kBlack, Hue::kOrange, Hue::kSkyBlue, Hue::kGreen, Hue::kBlue,
                              Hue::kVermillion, Hue::kPurple}),
            8);
}

TEST(StyleTest, IndexLooksRepeatAfter28) {
  std::set<std::pair<Hue, Dash>> pairs;
  for (int i = 0; i < 28; ++i) {
    pairs.emplace(IndexLook(i).hue, IndexLook(i).dash);
  }
  EXPECT_EQ(pairs.size(), 28U);
  EXPECT_EQ(IndexLook(0).hue, IndexLook(28).hue);
}

TEST(StyleTest, SequentialMapRisesEvenly) {
  for (int i = 1; i <= 100; ++i) {
    const double step = Lightness(MapColor(ColorMap::kSequential, i / 100.0)) -
                        Lightness(MapColor(ColorMap::kSequential, (i - 1) / 100.0));
    EXPECT_GT(step, 0.2) << i;
    EXPECT_LT(step, 1.6) << i;
  }
}

TEST(StyleTest, DivergingMapFallsEquallyToBothSides) {
  for (int i = 0; i <= 50; ++i) {
    const double below = Lightness(MapColor(ColorMap::kDiverging, (50 - i) / 100.0));
    const double above = Lightness(MapColor(ColorMap::kDiverging, (50 + i) / 100.0));
    EXPECT_NEAR(below, above, 1.0) << i;
    EXPECT_NEAR(above, 97 - (97.0 - 38.0) * i / 50, 1.0) << i;
  }
  const Rgb middle = MapColor(ColorMap::kDiverging, 0.5);
  EXPECT_EQ(middle.red, middle.green);
  EXPECT_EQ(middle.green, middle.blue);
}

TEST(StyleTest, MapsGolden) {
  EXPECT_EQ(MapColor(ColorMap::kSequential, 0), (Rgb{0x44, 0x01, 0x54}));
  EXPECT_EQ(MapColor(ColorMap::kSequential, 1), (Rgb{0xfd, 0xe7, 0x25}));
  EXPECT_EQ(MapColor(ColorMap::kSequential, 7), (Rgb{0xfd, 0xe7, 0x25}));
  EXPECT_EQ(MapColor(ColorMap::kSequential, -1), (Rgb{0x44, 0x01, 0x54}));
  EXPECT_LT(Lightness(MapInkColor(ColorMap::kSequential, 1)), 85);
  EXPECT_EQ(Lighten({0, 100, 200}, 0.5), (Rgb{128, 178, 228}));
}

}  // namespace
}  // namespace initbias::plot
