#include "figures/plot/convert.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "gtest/gtest.h"
#include "lib/base/error.h"

namespace initbias::plot {
namespace {

namespace fs = std::filesystem;

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

// A folder with stand-ins for fc-match and rsvg-convert, alone in PATH but for the shell.
class FontWarningTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) / "fonts";
    fs::create_directories(folder_);
    fs::remove(folder_ / "fc-match");
    fs::remove(folder_ / "rsvg-convert");
    path_ = std::getenv("PATH");
    setenv("PATH", folder_.c_str(), 1);
  }
  void TearDown() override { setenv("PATH", path_.c_str(), 1); }

  void Answer(const std::string& family, const char* program = "fc-match") const {
    std::ofstream(folder_ / program) << "#!/bin/sh\nprintf %s '" << family << "'\n";
    fs::permissions(folder_ / program, fs::perms::owner_all);
  }

 private:
  fs::path folder_;
  std::string path_;
};

TEST_F(FontWarningTest, NamesWhatIsMissing) {
  Answer("DejaVu Sans");
  EXPECT_EQ(FontWarning(), "");
  Answer("Nimbus Sans");
  EXPECT_EQ(
      FontWarning(),
      "warning: the font DejaVu Sans is not installed: the PDF and PNG pictures are set in Nimbus "
      "Sans; on Debian or Ubuntu: sudo apt-get install fonts-dejavu-core");
  Answer("");
  EXPECT_EQ(
      FontWarning(),
      "warning: the font DejaVu Sans is not installed: the PDF and PNG pictures are set in none, and "
      "have no text; on Debian or Ubuntu: sudo apt-get install fonts-dejavu-core");
}

TEST_F(FontWarningTest, NobodyToAskIsToldWhereThereArePictures) {
  EXPECT_EQ(FontWarning(), "") << "no program makes PDF and PNG pictures";
  Answer("rsvg-convert version 2.50.0", "rsvg-convert");
  EXPECT_EQ(FontWarning(),
            "note: the fonts could not be looked up (fc-match is not installed); on Debian or "
            "Ubuntu: sudo apt-get install fontconfig");
}

TEST(ConvertTest, WhatIsNoSvgIsRefusedWithTheConvertersWords) {
  try {
    SvgToPdf("<svg");
    FAIL();
  } catch (const Error& error) {
    EXPECT_TRUE(std::string(error.what()).starts_with("rsvg-convert failed, exit status 1: "))
        << error.what();
  }
}

}  // namespace
}  // namespace initbias::plot
