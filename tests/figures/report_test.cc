// The report's pieces and its pages.
#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "figures/report/alt_text.h"
#include "figures/report/html.h"
#include "figures/report/page.h"
#include "lib/base/error.h"

namespace initbias {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(HtmlTest, EscapesWhatMeansSomething) {
  EXPECT_EQ(Escaped("a < b & \"c\" > 'd'"), "a &lt; b &amp; &quot;c&quot; &gt; &#39;d&#39;");
  EXPECT_EQ(HtmlId("fig3.A large/x"), "fig3.A-large-x");
}

TEST(InlineSvgTest, HasIdsOfItsOwnAndOneText) {
  const std::string svg = InlineSvg(
      "<?xml version=\"1.0\"?>\n<svg width=\"2in\" viewBox=\"0 0 4 5\"><title id=\"title\">T</title>"
      "<desc id=\"desc\">D</desc><clipPath id=\"c\"/><g clip-path=\"url(#c)\"/><use "
      "href=\"#c\"/></svg>",
      "fig 3-", "a \"curve\"");
  EXPECT_EQ(
      svg,
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 4 5\" style=\"max-width:7px\" role=\"img\" "
      "aria-label=\"a &quot;curve&quot;\"><clipPath id=\"fig-3-c\"/><g "
      "clip-path=\"url(#fig-3-c)\"/><use href=\"#fig-3-c\"/></svg>");
  EXPECT_THROW(InlineSvg("no picture", "", ""), Error);
}

TEST(PictureTextTest, IsThatOfItsDescription) {
  EXPECT_EQ(PictureText("<svg><desc id=\"desc\">a &lt; b &amp; &quot;c&quot;</desc></svg>"),
            "a < b & \"c\"");
  EXPECT_EQ(PictureText("<svg></svg>"), "");
  EXPECT_EQ(PictureText(""), "");
}

TEST(SmallPlotTest, LeavesOutWhatIsNoNumberAndMostOfManyPoints) {
  SmallCurve curve{.label = "memory <1>"};
  for (int i = 0; i <= 1000; ++i) {
    curve.x.push_back(i);
    curve.y.push_back(i == 500 ? NAN : 2.0);
  }
  const std::string svg = SmallPlot({curve}, "losses");
  EXPECT_THAT(svg, HasSubstr("<title>memory &lt;1&gt;</title>"));
  EXPECT_THAT(svg, Not(HasSubstr("nan")));
  EXPECT_THAT(svg, HasSubstr(">1000</text>"));
  EXPECT_LE(std::ranges::count(svg, 'L'), static_cast<int64_t>(kSmallPoints) + 1);
  EXPECT_THAT(SmallPlot({}, "nothing"), HasSubstr("aria-label=\"nothing\""));
}

FigureData Curves() {
  FigureData data{.figure = "fig3", .caption = "Figure 3: loss", .scale = "reduced"};
  data.Add("A/gamma=0.3/memory/loss", {NAN, 4.61, 3, 2.7}, "nats");
  data.Add("B/cosines", {2, 2}, {1, -0.5, 0, 1}, "1");
  data.plots = {{.group = "A/gamma=0.3/memory", .signal = "loss", .axes = {"epoch"}},
                {.group = "B", .signal = "cosines", .axes = {"row", "column"}},
                {.group = "C", .signal = "absent"}};
  return data;
}

TEST(AltTextTest, SaysHowTheNumbersGo) {
  EXPECT_EQ(AltText(Curves()),
            "Figure 3: loss. A gamma=0.3 memory: loss falls from 4.61 to 2.7 nats; B: cosines "
            "between -0.5 and 1.");
}

Report ExampleReport() {
  Claim holds{.id = "fig3.A",
              .statement = "Loss < guess & falls.",
              .place = "Section 4",
              .metric = "m|n",
              .expected = Above(0),
              .values = {1, 1.1, 1.2, 1.1, 1},
              .seeds = {4, 5, 6, 7, 8}};
  Claim differs = holds;
  differs.id = "fig3.B";
  differs.expected = Below(0);
  differs.registered_late = true;
  Claim ours = holds;
  ours.id = "fig3.ours";
  ours.kind = ClaimKind::kOurs;
  for (Claim* const claim : {&holds, &differs, &ours}) {
    Judge("", claim);
  }
  FigureData data = Curves();
  data.claims = {holds, differs, ours};
  data.runs = {{.id = "1234", .label = "transformer gamma=0.3", .parameters_digest = "abcd"}};
  Report report{.cost_note = "costs", .commit = "c0ffee", .explain = "make claims CLAIM="};
  report.studies = {{.name = "fig3"}, {.name = "fig7"}};
  report.studies[0].figures[0] = {
      .data = data, .svg = "<svg viewBox=\"0 0 1 1\"></svg>", .file = "default/fig3.h5"};
  report.studies[1].costs = {"1 GFLOP, 3 min", "", "2 months"};
  RunResult run;
  run.epoch = {0, 1};
  run.curves = {{.group = "memory", .loss = {4.5, 2.25}, .accuracy = {0, 1}}};
  run.provenance = {.cpu = "EPYC", .kernels = "avx512", .seconds = 90};
  report.runs = {{"1234", {.result = run, .study = "fig3"}}};
  return report;
}

TEST(HtmlPageTest, SaysWhatAFileOfOneModelLacks) {
  Report report = ExampleReport();
  report.studies[0].figures[0]->file = "default/fig3.emb_mlp.h5";
  report.studies[0].costs[0] = "2 days";
  EXPECT_THAT(HtmlPage(report),
              HasSubstr("fig3 (but for emb_mlp) at reduced scale: not trained (2 days)"));
}

// All claims are in the sums, those that a scale does not judge, too.
TEST(HtmlPageTest, CountsWhatIsNotJudged) {
  Report report = ExampleReport();
  EXPECT_THAT(HtmlPage(report), testing::Not(HasSubstr("not judged</td>")));
  Claim rest{.id = "fig3.rest", .kind = ClaimKind::kDerived};
  Judge("the profile is too small", &rest);
  report.studies[0].figures[0]->data.claims.push_back(rest);
  const std::string page = HtmlPage(report);
  EXPECT_THAT(page, HasSubstr("<td>0 / 0 / 0, 1 not judged</td>"));
  EXPECT_THAT(page, HasSubstr("0 could not be told; 1 more is not judged there."));
}

TEST(HtmlPageTest, BeginsWithTheOutcomeAndHasAllParts) {
  const std::string page = HtmlPage(ExampleReport());
  // Ours do not count as the paper's.
  EXPECT_THAT(
      page, HasSubstr("At reduced scale, of 2 statements of the paper: 1 holds, 1 differs, 0 could "
                      "not be told."));
  EXPECT_THAT(page, HasSubstr("At paper scale nothing has been judged."));
  EXPECT_THAT(page, HasSubstr("Loss &lt; guess &amp; falls."));
  EXPECT_THAT(page, HasSubstr("<span class=\"differs\">differs*</span>"));
  EXPECT_THAT(page, HasSubstr("1 of 2 studies at reduced scale"));
  EXPECT_THAT(page, HasSubstr("<h2>fig3: Figure 3: loss</h2>"));
  EXPECT_THAT(page, HasSubstr("<h2>fig7</h2>"));
  EXPECT_THAT(page, HasSubstr("EPYC"));
  EXPECT_THAT(page, HasSubstr("memory from 4.5 to 2.25"));
  EXPECT_THAT(page, HasSubstr("fig7 at paper scale: not trained (2 months)"));
  EXPECT_THAT(page, HasSubstr("<td data-name=\"asked\">&gt; 0</td>"));
  EXPECT_THAT(page, HasSubstr("<code>make claims CLAIM=fig3.A</code>"));
}

// Nothing of the paper is missing where they have not been trained.
TEST(HtmlPageTest, HasStudiesBeyondThePaperWhereTheyAreTrained) {
  Report report = ExampleReport();
  report.studies.push_back({.name = "beyond_rates", .beyond = true, .costs = {"2 min", "", ""}});
  std::string page = HtmlPage(report);
  EXPECT_THAT(page, Not(HasSubstr("study-beyond_rates")));
  EXPECT_THAT(page, Not(HasSubstr("beyond_rates at reduced scale: not trained")));
  EXPECT_THAT(page, HasSubstr("1 of 2 studies at reduced scale"));
  report.studies.back().figures[0] = report.studies[0].figures[0];
  for (Claim& claim : report.studies.back().figures[0]->data.claims) {
    claim.id = "beyond_rates" + claim.id.substr(4);
  }
  page = HtmlPage(report);
  EXPECT_THAT(page, HasSubstr("<section id=\"study-beyond_rates\">"));
  EXPECT_THAT(page, HasSubstr("1 of 2 studies and 1 beyond the paper at reduced scale"));
}

TEST(HtmlPageTest, TellsOfRunsWithoutTheirFilesWhatTheFigureFileSays) {
  Report report = ExampleReport();
  report.runs.clear();
  EXPECT_THAT(HtmlPage(report), HasSubstr("not known: the run files are not beside"));
  FigureRun& run = report.studies[0].figures[0]->data.runs[0];
  run.cpu = "a <processor>";
  run.config = "model = transformer";
  run.start = "2026-11-26T03:04:47Z";
  const std::string page = HtmlPage(report);
  EXPECT_THAT(page, HasSubstr("a &lt;processor&gt;"));
  EXPECT_THAT(page, HasSubstr("<pre>model = transformer</pre>"));
  EXPECT_THAT(page, HasSubstr("<td>2026-11-26T03:04:47Z</td>"));
}

TEST(HtmlPageTest, SaysWhichFilesCouldNotBeRead) {
  Report report = ExampleReport();
  report.refused = "fig5.h5: damaged <here>\n";
  EXPECT_THAT(HtmlPage(report), HasSubstr("fig5.h5: damaged &lt;here&gt;"));
  EXPECT_THAT(MarkdownPage(report), HasSubstr("fig5.h5: damaged <here>"));
  EXPECT_THAT(HtmlPage(ExampleReport()), Not(HasSubstr("could not be read")));
}

TEST(HtmlPageTest, NeedsNothingFromElsewhere) {
  const std::string page = HtmlPage(ExampleReport());
  for (const char* const outside : {"<link", "src=", "@import", "url(http", "fetch("}) {
    EXPECT_THAT(page, Not(HasSubstr(outside)));
  }
}

// Every link within the page leads to an element of it, and no id stands twice.
TEST(HtmlPageTest, LinksLead) {
  const std::string page = HtmlPage(ExampleReport());
  size_t links = 0;
  for (size_t at = page.find("href=\"#"); at != std::string::npos; at = page.find("href=\"#", at)) {
    at += 7;
    const std::string id = page.substr(at, page.find('"', at) - at);
    const std::string element = " id=\"" + id + "\"";
    EXPECT_NE(page.find(element), std::string::npos) << id;
    EXPECT_EQ(page.find(element), page.rfind(element)) << id;
    ++links;
  }
  EXPECT_GT(links, 10U);
}

TEST(MarkdownPageTest, HasOutcomeClaimsAndWhatIsMissing) {
  const std::string page = MarkdownPage(ExampleReport());
  EXPECT_THAT(page, HasSubstr("1 holds, 1 differs"));
  EXPECT_THAT(page, HasSubstr("| `fig3.B` | Loss &lt; guess & falls. *text; Section 4* | &lt; 0 | "
                              "**differs*** 1.08 (0.976 .. 1.18) | – | – |"));
  EXPECT_THAT(page, HasSubstr("- fig7 at reduced scale: not trained (1 GFLOP, 3 min)"));
  EXPECT_THAT(page, HasSubstr("## What differs, and what could not be told\n\n- **differs*** "
                              "`fig3.B` at reduced scale: 1.08 (0.976 .. 1.18), asked &lt; 0\n"));
  EXPECT_THAT(page, Not(HasSubstr("## Found")));
}

// What the pictures say that was found, for those who do not see it, too.
TEST(PagesTest, HaveWhatWasFound) {
  Report report = ExampleReport();
  report.studies[0].figures[0]->svg =
      "<svg viewBox=\"0 0 1 1\"><desc id=\"desc\">Figure 3: loss. Largest with γ &lt; 1.</desc></svg>";
  EXPECT_THAT(MarkdownPage(report),
              HasSubstr("## Found\n\n- `fig3` at reduced scale: Largest with γ &lt; 1.\n"));
  EXPECT_THAT(HtmlPage(report), HasSubstr("nats; B: cosines between -0.5 and 1. Largest with γ "
                                          "&lt; 1.\">"));
}

}  // namespace
}  // namespace initbias
