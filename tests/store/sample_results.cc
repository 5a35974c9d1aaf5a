#include "tests/store/sample_results.h"

#include <limits>

#include "tests/small_runs.h"

namespace initbias {

RunResult SampleRun() {
  RunResult run{.config = SmallTransformerRun(), .profile = "smoke"};
  run.step = {0, 5, 10};
  run.epoch = {0, 0.5, 1};
  run.curves = {{"memory", {5.25, 4.5, 4}, {0, 0.25, 0.5}},
                {"reasoning_test", {5.5, 5, 3}, {0, 0, 1}}};
  run.probes = {{0, "attention.layer0", {{1, 2, 2}, {1, 0, 0.5, 0.5}}},
                {7, "parameter.head.w", {{2, 1}, {-1.5, 2}}}};
  run.parameters = {{"head.w", {{2, 3}, {1, 2, 3, 4, 5, 6.5}}}, {"a.bias", {{2}, {0, -1}}}};
  run.data_digest = std::string(64, 'd');
  run.parameters_digest = ArraysDigest(run.parameters);
  run.provenance = {.commit = "c0ffee",
                    .dirty = true,
                    .torch_version = "2.11.0",
                    .hdf5_version = "1.10.8",
                    .compiler = "g++",
                    .blas = "MKL",
                    .cpu = "a CPU",
                    .isa = "avx2",
                    .cpu_capability = "AVX2",
                    .kernels = "avx2",
                    .host = "host",
                    .device = "cpu",
                    .numerics = "pinned",
                    .threads = 1,
                    .resumed = 2,
                    .argv = "fig3 --jobs=2",
                    .start = "2026-01-02T03:04:05Z",
                    .seconds = 1.5,
                    .peak_memory = 3e8};
  return run;
}

Checkpoint SampleCheckpoint() {
  Checkpoint checkpoint{.partial = SampleRun(), .step = 10};
  checkpoint.partial.parameters.clear();
  checkpoint.partial.parameters_digest.clear();
  checkpoint.state = {{"parameters", {{3}, {1, 2, 3}}}, {"first_moment", {{3}, {0, 0, 1}}}};
  return checkpoint;
}

FigureData SampleFigure() {
  FigureData figure{.figure = "fig9",
                    .caption = "Figure 9: γ and its consequences",
                    .profile = "smoke",
                    .scale = "smoke",
                    .not_judged = "too small",
                    .first_run_start = "2026-01-02T03:04:05Z",
                    .overrides = {"transformer.d_ff=64", "task.samples=400"}};
  figure.Add("A/gamma=0.3/memory/epoch", {0, 1, 2}, "epochs");
  figure.Add("A/gamma=0.3/memory/loss", {5, 4, 3}, "nats");
  figure.Add("B/matrix", {2, 2}, {1, -1, 0.5, 0.25}, "1");
  figure.texts = {{"B/rows", {"W^q", "", "γ = 0.3"}}, {"C/nothing", {}}};
  figure.plots = {{"A/gamma=0.3/memory", "loss", {"epoch"}}};
  figure.claims = {
      {.id = "fig9.B",
       .statement = "second",
       .place = "Section 9",
       .kind = ClaimKind::kOurs,
       .metric = "m",
       .expected = Between(-1, 1),
       .rule = ClaimRule::kEverySeed,
       .preconditions = {{"accuracy", AtLeast(0.5), {0.5, 0.75}}, {"nothing", Below(0), {}, true}},
       .threshold_reason = "as wide as chance",
       .amended = "the metric had no unit",
       .registration = 2,
       .values = {0.5, 0.25},
       .seeds = {4, 7},
       .reason = "likely",
       .verdict = Verdict::kUndecided,
       .mean = 0.375,
       .lo = -1.25,
       .hi = 2,
       .why = "too few seeds"},
      {.id = "fig9.A",
       .statement = "first",
       .metric = "m",
       .expected = Above(0),
       .values = {-1},
       .seeds = {4},
       .verdict = Verdict::kDiffers,
       .mean = -1,
       .lo = -std::numeric_limits<double>::infinity(),
       .hi = std::numeric_limits<double>::infinity()}};
  figure.runs = {{.id = "0123456789abcdef",
                  .label = "transformer gamma=0.3 seed=1",
                  .config_digest = "c",
                  .data_digest = "d",
                  .parameters_digest = "p",
                  .config = "model = transformer\n",
                  .cpu = "EPYC",
                  .device = "cpu",
                  .start = "2026-11-26T03:04:47Z"}};
  return figure;
}

}  // namespace initbias
