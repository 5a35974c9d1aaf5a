#include "tests/bench/matrix_products.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "lib/base/error.h"

namespace initbias {
namespace {

constexpr int64_t kQueryBlock = 48;

// A weight's columns, e.g. those of queries.
struct Part {
  std::string name;
  int64_t width;
};

// Collects the forward products and, in the order of forward, the groups of those that the gradient
// needs; the backward pass takes the groups from the last to the first.
class StepBuilder {
 public:
  explicit StepBuilder(SharedInputs inputs) : inputs_(inputs) {}

  // y = x W with x [rows, d_in].
  void Linear(const std::string& name, int64_t rows, int64_t d_in, int64_t d_out) {
    LinearParts(name, rows, d_in, {{"", d_out}});
  }

  // The same for weights with one input.
  void LinearParts(const std::string& name, int64_t rows, int64_t d_in, std::vector<Part> parts) {
    if (inputs_ == SharedInputs::kJoined && parts.size() > 1) {
      Part joined{"joined", 0};
      for (const Part& part : parts) {
        joined.width += part.width;
      }
      parts = {joined};
    }
    const std::string x = fmt::format("x {}x{}", rows, d_in);
    const std::string dx = fmt::format("dx {}x{}", rows, d_in);
    std::vector<MatrixProduct> backward;
    for (const Part& part : parts) {
      const std::string w = fmt::format("{}.w{}", name, part.name);
      const std::string dy = fmt::format("dy {}x{}", rows, part.width);
      const std::string y = fmt::format("y {}x{}", rows, part.width);
      forward_.push_back({.m = rows, .n = part.width, .k = d_in, .a = x, .b = w, .c = y});
      backward.push_back({.transpose_a = true,
                          .m = d_in,
                          .n = part.width,
                          .k = rows,
                          .a = x,
                          .b = dy,
                          .c = "d" + w});
      backward.push_back({.transpose_b = true,
                          .m = rows,
                          .n = d_in,
                          .k = part.width,
                          .accumulate = backward.size() > 1,
                          .a = dy,
                          .b = w,
                          .c = dx});
    }
    backward_.push_back(std::move(backward));
  }

  // y = x E^T with an embedding E [rows of the table, d]; the logits become their gradient in
  // place.
  void TiedHead(int64_t rows, int64_t d_model, int64_t vocabulary) {
    const std::string x = fmt::format("x {}x{}", rows, d_model);
    const std::string dx = fmt::format("dx {}x{}", rows, d_model);
    forward_.push_back({.transpose_b = true,
                        .m = rows,
                        .n = vocabulary,
                        .k = d_model,
                        .a = x,
                        .b = "embedding",
                        .c = "logits"});
    backward_.push_back(
        {{.m = rows, .n = d_model, .k = vocabulary, .a = "logits", .b = "embedding", .c = dx},
         {.transpose_a = true,
          .m = vocabulary,
          .n = d_model,
          .k = rows,
          .a = "logits",
          .b = x,
          .c = "dembedding"}});
  }

  // Causal attention of `heads` heads (of all sequences), each [length, d_head], in blocks of
  // queries: a block leaves out the keys behind it.
  void Attention(int64_t heads, int64_t length, int64_t d_head) {
    for (int64_t head = 0; head < heads; ++head) {
      std::vector<MatrixProduct> backward;
      // From the block that sees all keys to the first.
      for (int64_t end = length; end > 0;) {
        const int64_t rows = (end - 1) % kQueryBlock + 1;
        // [rows, d_head] [end, d_head]^T, [rows, end] [end, d_head], [rows, end]^T [rows, d_head]
        const auto by_keys = [&](const char* a, const char* b, const char* c) {
          return MatrixProduct{
              .transpose_b = true, .m = rows, .n = end, .k = d_head, .a = a, .b = b, .c = c};
        };
        const auto mix = [&](const char* a, const char* b, const char* c) {
          return MatrixProduct{.m = rows, .n = d_head, .k = end, .a = a, .b = b, .c = c};
        };
        const auto to_keys = [&](const char* a, const char* b, const char* c) {
          return MatrixProduct{.transpose_a = true,
                               .m = end,
                               .n = d_head,
                               .k = rows,
                               .accumulate = end < length,
                               .a = a,
                               .b = b,
                               .c = c};
        };
        forward_.push_back(by_keys("q", "k", "scores"));
        forward_.push_back(mix("p", "v", "mixed"));
        backward.push_back(to_keys("p", "do", "dv"));
        backward.push_back(by_keys("do", "v", "dp"));
        backward.push_back(mix("ds", "k", "dq"));
        backward.push_back(to_keys("ds", "q", "dk"));
        end -= rows;
      }
      backward_.push_back(std::move(backward));
    }
  }

  std::vector<MatrixProduct> Take() {
    std::vector<MatrixProduct> products = std::move(forward_);
    std::reverse(backward_.begin(), backward_.end());
    for (const std::vector<MatrixProduct>& group : backward_) {
      products.insert(products.end(), group.begin(), group.end());
    }
    return products;
  }

 private:
  SharedInputs inputs_;
  std::vector<MatrixProduct> forward_;
  std::vector<std::vector<MatrixProduct>> backward_;
};

void AddEmbMlp(const RunConfig& config, const BatchShape& batch, StepBuilder* step) {
  const EmbMlpConfig& c = config.emb_mlp;
  step->Linear("mlp1", batch.sequences, c.d_model, c.d_ff);
  step->Linear("mlp2", batch.sequences, c.d_ff, config.task.vocabulary);
}

void AddTransformer(const RunConfig& config, const BatchShape& batch, StepBuilder* step) {
  const TransformerConfig& c = config.transformer;
  if (!c.pruned) {
    throw Error("the limit is that of the pruned Transformer: transformer.pruned is false");
  }
  const int64_t all = batch.sequences * batch.length;
  const int64_t d_attn = c.heads * c.d_head;
  for (int64_t i = 0; i < c.layers; ++i) {
    const std::string layer = fmt::format("layer{}.", i);
    int64_t rows = all;
    if (i + 1 < c.layers) {
      step->LinearParts(layer + "qkv", all, c.d_model,
                        {{"q", d_attn}, {"k", d_attn}, {"v", d_attn}});
    } else {
      rows = batch.sequences;
      step->Linear(layer + "q", rows, c.d_model, d_attn);
      step->LinearParts(layer + "kv", all, c.d_model, {{"k", d_attn}, {"v", d_attn}});
    }
    step->Linear(layer + "o", rows, d_attn, c.d_model);
    step->Linear(layer + "up", rows, c.d_model, c.d_ff);
    step->Linear(layer + "down", rows, c.d_ff, c.d_model);
  }
  step->Linear("head", batch.sequences, c.d_model, config.task.vocabulary);
}

void AddGpt2(const RunConfig& config, const BatchShape& batch, StepBuilder* step) {
  const Gpt2Config& c = config.gpt2;
  const int64_t rows = batch.sequences * batch.length;
  for (int64_t i = 0; i < c.layers; ++i) {
    const std::string layer = fmt::format("layer{}.", i);
    step->LinearParts(layer + "qkv", rows, c.d_model,
                      {{"q", c.d_model}, {"k", c.d_model}, {"v", c.d_model}});
    step->Attention(batch.sequences * c.heads, batch.length, c.d_model / c.heads);
    step->Linear(layer + "out", rows, c.d_model, c.d_model);
    step->Linear(layer + "up", rows, c.d_model, 4 * c.d_model);
    step->Linear(layer + "down", rows, 4 * c.d_model, c.d_model);
  }
  step->TiedHead(batch.labels, c.d_model, c.vocabulary);
}

}  // namespace

double MatrixProduct::Flops() const {
  return 2.0 * static_cast<double>(m) * static_cast<double>(n) * static_cast<double>(k);
}

std::vector<MatrixProduct> StepProducts(const RunConfig& config, const BatchShape& batch,
                                        SharedInputs inputs) {
  StepBuilder step(inputs);
  switch (config.model) {
    case ModelKind::kEmbMlp:
      AddEmbMlp(config, batch, &step);
      break;
    case ModelKind::kTransformer:
      AddTransformer(config, batch, &step);
      break;
    case ModelKind::kGpt2:
      AddGpt2(config, batch, &step);
      break;
  }
  return step.Take();
}

double Flops(const std::vector<MatrixProduct>& products) {
  double sum = 0;
  for (const MatrixProduct& product : products) {
    sum += product.Flops();
  }
  return sum;
}

}  // namespace initbias
