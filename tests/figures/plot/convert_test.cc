#include "figures/plot/convert.h"

#include <string>

#include "gtest/gtest.h"
#include "lib/base/error.h"

namespace initbias::plot {
namespace {

TEST(ConvertTest, PngDeclaresItsResolution) {
  const std::string start("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0crc!",
                          33);
  const std::string png = WithResolution(start + "rest");
  EXPECT_EQ(png.substr(0, 33), start);
  // 0x2e23 = 11811 pixels a metre = 300 an inch.
  EXPECT_EQ(png.substr(33, 17), std::string("\0\0\0\x09pHYs\0\0\x2e\x23\0\0\x2e\x23\x01", 17));
  EXPECT_EQ(png.substr(33 + 21), "rest");
  EXPECT_THROW(WithResolution("GIF89a"), Error);
  EXPECT_THROW(WithResolution(""), Error);
}

TEST(ConvertTest, WhatIsNoSvgIsRefusedWithTheConvertersWords) {
  try {
    SvgToPdf("<svg");
    FAIL();
  } catch (const Error& error) {
    EXPECT_TRUE(std::string(error.what()).starts_with("rsvg-convert failed with exit status 1: "))
        << error.what();
  }
}

}  // namespace
}  // namespace initbias::plot
