#include "lib/store/figure_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "lib/base/build_info.h"
#include "lib/base/error.h"
#include "lib/claims/claim.h"
#include "lib/store/content_digest.h"
#include "lib/store/hdf5_file.h"
#include "tests/error_of.h"
#include "tests/store/sample_results.h"
#include "tests/test_files.h"

namespace initbias {
namespace {

using testing::AllOf;
using testing::AnyOf;
using testing::ContainsRegex;
using testing::ElementsAre;
using testing::HasSubstr;

void ExpectSame(const Interval& read, const Interval& written) {
  EXPECT_EQ(read.lo, written.lo);
  EXPECT_EQ(read.hi, written.hi);
  EXPECT_EQ(read.strict, written.strict);
}

void ExpectSame(const Claim& read, const Claim& written) {
  EXPECT_EQ(read.id, written.id);
  EXPECT_EQ(read.statement, written.statement);
  EXPECT_EQ(read.place, written.place);
  EXPECT_EQ(read.kind, written.kind);
  EXPECT_EQ(read.metric, written.metric);
  ExpectSame(read.expected, written.expected);
  EXPECT_EQ(read.rule, written.rule);
  EXPECT_EQ(read.threshold_reason, written.threshold_reason);
  EXPECT_EQ(read.amended, written.amended);
  EXPECT_EQ(read.registration, written.registration);
  EXPECT_EQ(read.values, written.values);
  EXPECT_EQ(read.seeds, written.seeds);
  EXPECT_EQ(read.reason, written.reason);
  EXPECT_EQ(read.verdict, written.verdict);
  EXPECT_EQ(read.mean, written.mean);
  EXPECT_EQ(read.lo, written.lo);
  EXPECT_EQ(read.hi, written.hi);
  EXPECT_EQ(read.why, written.why);
  ASSERT_EQ(read.preconditions.size(), written.preconditions.size());
  for (size_t i = 0; i < read.preconditions.size(); ++i) {
    EXPECT_EQ(read.preconditions[i].text, written.preconditions[i].text);
    ExpectSame(read.preconditions[i].expected, written.preconditions[i].expected);
    EXPECT_EQ(read.preconditions[i].values, written.preconditions[i].values);
    EXPECT_EQ(read.preconditions[i].for_holds_only, written.preconditions[i].for_holds_only);
  }
}

TEST(FigureFileTest, RoundTrip) {
  const FigureData written = SampleFigure();
  WriteFigureFile(Temporary("figure.h5"), written);
  const FigureData read = ReadFigureFile(Temporary("figure.h5"));
  EXPECT_EQ(read.figure, written.figure);
  EXPECT_EQ(read.caption, written.caption);
  EXPECT_EQ(read.profile, written.profile);
  EXPECT_EQ(read.scale, written.scale);
  EXPECT_EQ(read.not_judged, written.not_judged);
  EXPECT_EQ(read.first_run_start, written.first_run_start);
  EXPECT_EQ(read.overrides, written.overrides);
  ASSERT_EQ(read.arrays.size(), written.arrays.size());
  for (const FigureArray& array : written.arrays) {
    EXPECT_EQ(read.Get(array.path).shape, array.shape);
    EXPECT_EQ(read.Get(array.path).values, array.values);
    EXPECT_EQ(read.Get(array.path).units, array.units);
  }
  ASSERT_EQ(read.texts.size(), written.texts.size());
  for (const FigureTexts& texts : written.texts) {
    EXPECT_EQ(read.Texts(texts.path), texts.values);
  }
  EXPECT_THAT(read.Texts("B/rows"), ElementsAre("W^q", "", "γ = 0.3"));
  ASSERT_EQ(read.claims.size(), written.claims.size());
  for (size_t i = 0; i < read.claims.size(); ++i) {
    ExpectSame(read.claims[i], written.claims[i]);  // in the experiment's order
  }
  ASSERT_EQ(read.runs.size(), 1u);
  EXPECT_EQ(read.runs[0].id, "0123456789abcdef");
  EXPECT_EQ(read.runs[0].label, "transformer gamma=0.3 seed=1");
  EXPECT_THAT((std::vector{read.runs[0].config_digest, read.runs[0].data_digest,
                           read.runs[0].parameters_digest}),
              ElementsAre("c", "d", "p"));
  EXPECT_THAT(
      (std::vector{read.runs[0].config, read.runs[0].cpu, read.runs[0].device, read.runs[0].start}),
      ElementsAre("model = transformer\n", "EPYC", "cpu", "2026-11-26T03:04:47Z"));
}

// Figures of the theory alone have no runs.
TEST(FigureFileTest, WhatAKilledWriterLeftIsRemoved) {
  const std::filesystem::path file = Temporary("killed.h5");
  const std::filesystem::path left = file.string() + ".12-345-89abcdef-0123abcd.tmp";
  std::ofstream(left) << "half";
  std::filesystem::last_write_time(
      left, std::filesystem::file_time_type::clock::now() - std::chrono::hours(25));
  WriteFigureFile(file, SampleFigure());
  EXPECT_FALSE(std::filesystem::exists(left));
}

TEST(FigureFileTest, NoRunsRoundTrip) {
  FigureData written = SampleFigure();
  written.runs = {};
  WriteFigureFile(Temporary("no_runs.h5"), written);
  const FigureData read = ReadFigureFile(Temporary("no_runs.h5"));
  EXPECT_TRUE(read.runs.empty());
  EXPECT_EQ(read.arrays.size(), written.arrays.size());
  EXPECT_EQ(read.claims.size(), written.claims.size());
}

// Nor have studies without statements any claims.
TEST(FigureFileTest, NoClaimsRoundTrip) {
  FigureData written = SampleFigure();
  written.claims = {};
  WriteFigureFile(Temporary("no_claims.h5"), written);
  EXPECT_TRUE(ReadFigureFile(Temporary("no_claims.h5")).claims.empty());
}

// A claim measured without a number.
TEST(FigureFileTest, NanRoundTrips) {
  FigureData written = SampleFigure();
  written.claims[0].values = {0.5, std::nan("")};
  Judge("", &written.claims[0]);
  WriteFigureFile(Temporary("nan.h5"), written);
  const Claim read = ReadFigureFile(Temporary("nan.h5")).claims[0];
  EXPECT_EQ(read.values[0], 0.5);
  EXPECT_TRUE(std::isnan(read.values[1]));
  EXPECT_TRUE(std::isnan(read.mean));
  EXPECT_TRUE(std::isnan(read.lo));
  EXPECT_TRUE(std::isnan(read.hi));
  EXPECT_EQ(read.verdict, Verdict::kUndecided);
}

// A bit that flipped on the disk, in a number of a panel or of a claim, in a text, or in how a run
// was made.
TEST(FigureFileTest, AFlippedBitIsDamage) {
  FigureData figure = SampleFigure();
  figure.Add("A/planted", {123456.789}, "1");
  figure.claims[0].values = {987654.321, 0.5};
  figure.claims[0].statement = "a planted statement";
  ASSERT_FALSE(figure.runs.empty());
  figure.runs[0].cpu = "a planted processor";
  WriteFigureFile(Temporary("whole.h5"), figure);
  std::ifstream file(Temporary("whole.h5"), std::ios::binary);
  const std::string whole{std::istreambuf_iterator<char>(file), {}};
  const auto bytes = [](double value) {
    return std::string(reinterpret_cast<const char*>(&value), sizeof(value));
  };
  const std::vector<std::pair<std::string, std::string>> planted_at = {
      {bytes(123456.789), "/panels/A/planted"},
      {bytes(987654.321), "/claims/" + figure.claims[0].id},
      {"a planted statement", "/claims/" + figure.claims[0].id},
      {"a planted processor", "/provenance/runs"}};
  for (const auto& [planted, part] : planted_at) {
    SCOPED_TRACE(part);
    const size_t at = whole.find(planted);
    ASSERT_NE(at, std::string::npos);
    std::string flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ 1);
    std::ofstream(Temporary("flipped.h5"), std::ios::binary) << flipped;
    // Of text in attributes HDF5's own checksum says so first.
    EXPECT_THAT(ErrorOf([] { ReadFigureFile(Temporary("flipped.h5")); }),
                AllOf(HasSubstr(part), HasSubstr("flipped.h5"),
                      AnyOf(HasSubstr("is damaged: its content does not match its digest: " + part),
                            HasSubstr("is damaged: its /provenance/runs does not match"),
                            ContainsRegex("cannot (list|read) "))));
  }
}

// When the claims were registered is known beside when the first run began.
TEST(FigureFileTest, ProvenanceHasEachRegistration) {
  WriteFigureFile(Temporary("registered.h5"), SampleFigure());
  const Hdf5File file = Hdf5File::Open(Temporary("registered.h5"));
  const auto joined = [&file](const std::string& name) {
    return fmt::format("{}", fmt::join(file.ReadStringsAttribute("/provenance", name), " "));
  };
  EXPECT_EQ(joined("registered_commit"), kClaimsCommits);
  EXPECT_EQ(joined("registered_time"), kClaimsTimes);
  EXPECT_EQ(file.ReadStringsAttribute("/provenance", "registered_commit").size(),
            file.ReadStringsAttribute("/provenance", "registered_time").size());
  EXPECT_EQ(file.ReadStringAttribute("/provenance", "first_run_start"), "2026-01-02T03:04:05Z");
}

// Written and read, a claim is late by the registration that it names. No time is earlier than the
// year 1, and this binary knows of no registration 1000; whether it knows git depends on the build.
TEST(FigureFileTest, MarksClaimsThatWereRegisteredLate) {
  FigureData figure = SampleFigure();
  const auto late = [&figure] {
    MarkLateClaims(&figure);
    WriteFigureFile(Temporary("late.h5"), figure);
    const FigureData read = ReadFigureFile(Temporary("late.h5"));
    std::vector<bool> marks;
    for (size_t i = 0; i < figure.claims.size(); ++i) {
      EXPECT_EQ(figure.claims[i].registered_late, read.claims[i].registered_late) << i;
      marks.push_back(read.claims[i].registered_late);
    }
    return marks;
  };
  figure.first_run_start = "";
  EXPECT_THAT(late(), ElementsAre(false, false));
  figure.first_run_start = "0001-01-01T00:00:00Z";
  EXPECT_THAT(late(), ElementsAre(true, true));
  figure.first_run_start = "9999-01-01T00:00:00Z";
  figure.claims[0].registration = 1000;
  const bool unknown = std::string(kClaimsTimes).starts_with("unknown");
  EXPECT_THAT(late(), ElementsAre(true, unknown));
}

// Copies the attributes of `path`, but for those that files did not have when there was but one
// registration, and single texts as they were then. Those of claims whose name is `foreign` get
// that text.
void CopyOldAttributes(const Hdf5File& from, const std::string& path, Hdf5File* to,
                       const std::string& foreign) {
  for (const std::string& name : from.ListAttributes(path)) {
    if (name == "registration" || name == "for_holds_only" || name == "digest") {
      continue;
    }
    if (name == foreign && path.starts_with("/claims/")) {
      to->WriteAttribute(path, name, foreign);
      continue;
    }
    try {
      const std::vector<std::string> texts = from.ReadStringsAttribute(path, name);
      if (texts.size() == 1 || name.starts_with("registered_")) {
        to->WriteAttribute(path, name, texts.front());
      } else {
        to->WriteAttribute(path, name, texts);
      }
      continue;
    } catch (const Error&) {  // a number
    }
    try {
      to->WriteAttribute(path, name, from.ReadIntAttribute(path, name));
    } catch (const Error&) {
      to->WriteAttribute(path, name, from.ReadDoubleAttribute(path, name));
    }
  }
}

void CopyOld(const Hdf5File& from, const std::string& path, Hdf5File* to,
             const std::string& foreign = "") {
  CopyOldAttributes(from, path, to, foreign);
  for (const std::string& name : from.List(path)) {
    const std::string child = (path == "/" ? "" : path) + "/" + name;
    if (child == "/provenance/runs" || child == "/provenance/digests") {
      continue;  // younger than those
    }
    if (from.IsGroup(child)) {
      if (!to->Exists(child)) {
        to->MakeGroup(child);
      }
      CopyOld(from, child, to, foreign);
      continue;
    }
    if (to->Exists(child)) {
      continue;  // the test has made it
    }
    if (from.TypeOf(child) == Hdf5File::Type::kString) {
      to->Write(child, from.ReadStrings(child));
    } else if (from.TypeOf(child) == Hdf5File::Type::kInt) {
      to->Write(child, from.ReadInts(child), from.Shape(child));
    } else {
      to->Write(child, from.ReadDoubles(child), from.Shape(child));
    }
    CopyOldAttributes(from, child, to, foreign);
  }
}

// Files from before there was a second registration say neither which one a claim is of nor which
// preconditions are for holding only, and have a single text as the time.
TEST(FigureFileTest, ReadsFilesOfTheFirstRegistrationAlone) {
  FigureData figure = SampleFigure();
  figure.first_run_start = "9999-01-01T00:00:00Z";
  WriteFigureFile(Temporary("new.h5"), figure);
  {
    Hdf5File old = Hdf5File::Create(Temporary("old.h5"));
    CopyOld(Hdf5File::Open(Temporary("new.h5")), "/", &old);
    WriteContentDigest(old);
    old.Close();
  }
  ASSERT_FALSE(Hdf5File::Open(Temporary("old.h5")).HasAttribute("/claims/fig9.B", "registration"));
  const FigureData read = ReadFigureFile(Temporary("old.h5"));
  ASSERT_EQ(read.claims.size(), 2U);
  const bool unknown = std::string(kClaimsTimes).starts_with("unknown");
  for (const Claim& claim : read.claims) {
    EXPECT_EQ(claim.registration, 1);
    EXPECT_EQ(claim.registered_late, unknown);
  }
  ASSERT_EQ(read.claims[0].preconditions.size(), 2U);
  EXPECT_FALSE(read.claims[0].preconditions[1].for_holds_only);
  EXPECT_EQ(read.claims[0].values, figure.claims[0].values);
  ASSERT_EQ(read.runs.size(), 1u);
  EXPECT_EQ(read.runs[0].config_digest, "c");
  EXPECT_EQ(read.runs[0].cpu, "");
}

// A shorter column would make runs of parts of runs.
TEST(FigureFileTest, ColumnsOfTheRunsAreOfOneLength) {
  WriteFigureFile(Temporary("whole.h5"), SampleFigure());
  for (const std::string column : {"id", "label", "parameters_digest"}) {
    {
      Hdf5File changed = Hdf5File::Create(Temporary("columns.h5"));
      changed.Write("/runs/" + column, std::vector<std::string>{"0123456789abcdef", "another"});
      CopyOld(Hdf5File::Open(Temporary("whole.h5")), "/", &changed);
      WriteContentDigest(changed);
      changed.Close();
    }
    EXPECT_THAT(ErrorOf([] { ReadFigureFile(Temporary("columns.h5")); }),
                AllOf(HasSubstr("columns.h5 is damaged: /runs/"), HasSubstr("rows")))
        << column;
  }
}

// A file that a later version of the program wrote, say.
TEST(FigureFileTest, WordsThatAreNoneAreToldWithFileAndPlace) {
  WriteFigureFile(Temporary("whole.h5"), SampleFigure());
  for (const std::string name : {"verdict", "kind", "rule"}) {
    {
      Hdf5File changed = Hdf5File::Create(Temporary("foreign.h5"));
      const Hdf5File whole = Hdf5File::Open(Temporary("whole.h5"));
      CopyOld(whole, "/", &changed, name);
      WriteContentDigest(changed);
      changed.Close();
    }
    EXPECT_THAT(ErrorOf([] { ReadFigureFile(Temporary("foreign.h5")); }),
                AllOf(HasSubstr("foreign.h5 is damaged"), HasSubstr(name)))
        << name;
  }
}

TEST(FigureFileTest, SameFigureSameBytes) {
  WriteFigureFile(Temporary("one.h5"), SampleFigure());
  WriteFigureFile(Temporary("two.h5"), SampleFigure());
  const auto bytes = [](const std::string& name) {
    std::ifstream file(Temporary(name), std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  EXPECT_EQ(bytes("one.h5"), bytes("two.h5"));
}

// The programs that draw add the command that makes the file, with the user's --results.
TEST(FigureFileTest, MissingDataIsAnErrorOfItsOwnThatNamesThem) {
  const FigureData figure = SampleFigure();
  EXPECT_TRUE(figure.Has("B/matrix"));
  EXPECT_FALSE(figure.Has("C/matrix"));
  EXPECT_THROW((void)figure.Get("C/matrix"), NoSuchFigureData);
  EXPECT_THAT(ErrorOf([&] { (void)figure.Get("C/matrix"); }),
              AllOf(HasSubstr("fig9 (smoke profile)"), HasSubstr("/panels/C/matrix")));
  EXPECT_THROW((void)figure.Texts("C/rows"), NoSuchFigureData);
  EXPECT_THAT(ErrorOf([&] { (void)figure.Texts("C/rows"); }), HasSubstr("/panels/C/rows"));
}

// An array is no list of texts, nor the reverse.
TEST(FigureFileTest, ArraysAndTextsAreApart) {
  const FigureData figure = SampleFigure();
  EXPECT_THROW((void)figure.Texts("B/matrix"), Error);
  EXPECT_THROW((void)figure.Get("B/rows"), Error);
}

}  // namespace
}  // namespace initbias
