#include "lib/model/spec/parameter_spec.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "lib/rng/stream.h"

namespace initbias {
namespace {

// Collects the specs of one model.
class SpecList {
 public:
  explicit SpecList(const InitConfig& init) : init_(init), rates_(RatesOf(init)) {}

  const MatrixRates& rates() const { return rates_; }

  // A matrix that multiplies from the right: std = d_in^-gamma.
  void Matrix(std::string name, int64_t d_in, int64_t d_out, double gamma,
              MultipliedAt multiplied_at = MultipliedAt::kAllPositions) {
    AddNormal(std::move(name), d_in, d_out, Std(d_in, gamma), multiplied_at);
  }

  // W_Q, W_K and W_V side by side, [d_model, 3 d_model].
  void QkvMatrix(std::string name, int64_t d_model) {
    Matrix(std::move(name), d_model, 3 * d_model, rates_.qk);
    if (rates_.vo != rates_.qk) {
      specs_.back().columns = {
          .begin = 2 * d_model, .end = 3 * d_model, .scale = Std(d_model, rates_.vo)};
    }
  }

  // One that writes into the residual stream of `layers` blocks.
  void OutputMatrix(std::string name, int64_t d_in, int64_t d_out, double gamma, int64_t layers,
                    MultipliedAt multiplied_at = MultipliedAt::kAllPositions) {
    const double divisor = init_.output_scale ? std::sqrt(2.0 * static_cast<double>(layers)) : 1.0;
    AddNormal(std::move(name), d_in, d_out, Rounded(Std(d_in, gamma) / divisor), multiplied_at);
  }

  // An embedding table of `rows` vectors.
  void Embedding(std::string name, int64_t rows, int64_t d_model) {
    AddNormal(std::move(name), rows, d_model, Std(Fan(rows, d_model), rates_.embedding),
              MultipliedAt::kNowhere);
  }

  // The embedding table of an anchor task's tokens.
  void TaskEmbedding(std::string name, const AnchorTaskConfig& task, int64_t d_model) {
    Embedding(std::move(name), task.vocabulary, d_model);
    if (init_.memory_gamma != 0) {
      specs_.back().rows = {.begin = task.memory_min,
                            .end = task.memory_max + 1,
                            .scale = Std(Fan(task.vocabulary, d_model), init_.memory_gamma)};
    }
  }

  // An embedding table of GPT-2, which may have a std of its own.
  void Gpt2Embedding(std::string name, int64_t rows, int64_t d_model, MultipliedAt multiplied_at) {
    const double std = init_.embedding_std > 0 ? Rounded(init_.embedding_std)
                                               : Std(Fan(rows, d_model), rates_.embedding);
    AddNormal(std::move(name), rows, d_model, std, multiplied_at);
  }

  void BiasVector(std::string name, int64_t d_in, int64_t d_out, Bias bias) {
    if (bias == Bias::kZero) {
      Constant(std::move(name), d_out, 0.0);
    } else if (bias == Bias::kTorchDefault) {
      specs_.push_back({std::move(name),
                        {d_out},
                        InitialDistribution::kUniform,
                        1.0 / std::sqrt(static_cast<double>(d_in))});
    }
  }

  void LayerNorm(const std::string& name, int64_t d_model) {
    Constant(name + ".gain", d_model, 1.0);
    Constant(name + ".shift", d_model, 0.0);
  }

  std::vector<ParameterSpec> Release() { return std::move(specs_); }

 private:
  static double Rounded(double value) { return static_cast<double>(static_cast<float>(value)); }

  // Rounded to float: C libraries whose pow() differs in the last bit of a double agree then.
  static double Std(int64_t fan, double gamma) {
    return Rounded(std::pow(static_cast<double>(fan), -gamma));
  }

  // What counts as d_in of an embedding table.
  int64_t Fan(int64_t rows, int64_t d_model) const {
    return init_.embedding_fan == EmbeddingFan::kRows ? rows : d_model;
  }

  void AddNormal(std::string name, int64_t rows, int64_t columns, double std,
                 MultipliedAt multiplied_at) {
    specs_.push_back({.name = std::move(name),
                      .shape = {rows, columns},
                      .distribution = InitialDistribution::kNormal,
                      .scale = std,
                      .multiplied_at = multiplied_at});
  }

  void Constant(std::string name, int64_t size, double value) {
    specs_.push_back({std::move(name), {size}, InitialDistribution::kConstant, value});
  }

  InitConfig init_;
  MatrixRates rates_;
  std::vector<ParameterSpec> specs_;
};

std::map<std::string, SpecsOf>& Networks() {
  static std::map<std::string, SpecsOf> networks;
  return networks;
}

void AddEmbMlp(const RunConfig& config, SpecList* list) {
  const EmbMlpConfig& c = config.emb_mlp;
  list->TaskEmbedding("embedding.token", config.task, c.d_model);
  list->Matrix("mlp.w1", c.d_model, c.d_ff, list->rates().mlp, MultipliedAt::kPredictions);
  list->Matrix("mlp.w2", c.d_ff, config.task.vocabulary, list->rates().head,
               MultipliedAt::kPredictions);
}

void AddTransformer(const RunConfig& config, SpecList* list) {
  const TransformerConfig& c = config.transformer;
  const MatrixRates& rates = list->rates();
  const int64_t d_attn = c.heads * c.d_head;
  list->TaskEmbedding("embedding.token", config.task, c.d_model);
  list->Embedding("embedding.position", config.task.length, c.d_model);
  const auto linear = [&](const std::string& prefix, std::string_view suffix, int64_t d_in,
                          int64_t d_out, double gamma, MultipliedAt at) {
    list->Matrix(fmt::format("{}w{}", prefix, suffix), d_in, d_out, gamma, at);
    list->BiasVector(fmt::format("{}b{}", prefix, suffix), d_in, d_out, c.bias);
  };
  const auto output = [&](const std::string& prefix, std::string_view suffix, int64_t d_in,
                          double gamma, MultipliedAt at) {
    list->OutputMatrix(fmt::format("{}w{}", prefix, suffix), d_in, c.d_model, gamma, c.layers, at);
    list->BiasVector(fmt::format("{}b{}", prefix, suffix), d_in, c.d_model, c.bias);
  };
  for (int64_t i = 0; i < c.layers; ++i) {
    const std::string layer = fmt::format("layer{}.", i);
    // Keys and values are needed at all positions, all else of a pruned last block is not.
    const MultipliedAt at =
        c.pruned && i + 1 == c.layers ? MultipliedAt::kPredictions : MultipliedAt::kAllPositions;
    if (c.norm != Norm::kNone) {
      list->LayerNorm(layer + "norm1", c.d_model);
    }
    linear(layer + "attn.", "q", c.d_model, d_attn, rates.qk, at);
    linear(layer + "attn.", "k", c.d_model, d_attn, rates.qk, MultipliedAt::kAllPositions);
    linear(layer + "attn.", "v", c.d_model, d_attn, rates.vo, MultipliedAt::kAllPositions);
    output(layer + "attn.", "o", d_attn, rates.vo, at);
    if (c.norm != Norm::kNone) {
      list->LayerNorm(layer + "norm2", c.d_model);
    }
    linear(layer + "ffn.", "1", c.d_model, c.d_ff, rates.mlp, at);
    output(layer + "ffn.", "2", c.d_ff, rates.mlp, at);
  }
  if (c.norm == Norm::kPre) {
    list->LayerNorm("final_norm", c.d_model);
  }
  if (c.projection) {
    linear("head.", "", c.d_model, config.task.vocabulary, rates.head, MultipliedAt::kPredictions);
  }
}

void AddGpt2(const RunConfig& config, SpecList* list) {
  const Gpt2Config& c = config.gpt2;
  // The token embedding is the head.
  list->Gpt2Embedding("embedding.token", c.vocabulary, c.d_model, MultipliedAt::kAllPositions);
  list->Gpt2Embedding("embedding.position", c.context, c.d_model, MultipliedAt::kNowhere);
  const MatrixRates& rates = list->rates();
  const auto output = [&](const std::string& name, int64_t d_in, double gamma) {
    list->OutputMatrix(name + ".w", d_in, c.d_model, gamma, c.layers);
    list->BiasVector(name + ".b", d_in, c.d_model, Bias::kZero);
  };
  for (int64_t i = 0; i < c.layers; ++i) {
    const std::string layer = fmt::format("layer{}.", i);
    list->LayerNorm(layer + "norm1", c.d_model);
    list->QkvMatrix(layer + "attn.qkv.w", c.d_model);
    list->BiasVector(layer + "attn.qkv.b", c.d_model, 3 * c.d_model, Bias::kZero);
    output(layer + "attn.out", c.d_model, rates.vo);
    list->LayerNorm(layer + "norm2", c.d_model);
    list->Matrix(layer + "ffn.up.w", c.d_model, 4 * c.d_model, rates.mlp);
    list->BiasVector(layer + "ffn.up.b", c.d_model, 4 * c.d_model, Bias::kZero);
    output(layer + "ffn.down", 4 * c.d_model, rates.mlp);
  }
  list->LayerNorm("final_norm", c.d_model);
}

// Fills `values` from `stream`, the scaled rows and columns included.
void FillNormal(const ParameterSpec& spec, const Stream& stream, std::vector<float>* values) {
  Stream draws = stream;
  draws.FillNormal(*values, spec.scale);
  // Anew, for a value times a ratio of scales would be rounded twice.
  const auto scaled = [&](double scale) {
    std::vector<float> other(values->size());
    draws = stream;
    draws.FillNormal(other, scale);
    return other;
  };
  const int64_t width = spec.shape.back();
  if (const ScaledRange& rows = spec.rows; rows.begin < rows.end) {
    const std::vector<float> other = scaled(rows.scale);
    std::copy(other.begin() + rows.begin * width, other.begin() + rows.end * width,
              values->begin() + rows.begin * width);
  }
  if (const ScaledRange& columns = spec.columns; columns.begin < columns.end) {
    const std::vector<float> other = scaled(columns.scale);
    for (int64_t start = 0; start < spec.size(); start += width) {
      std::copy(other.begin() + start + columns.begin, other.begin() + start + columns.end,
                values->begin() + start + columns.begin);
    }
  }
}

}  // namespace

int64_t ParameterSpec::size() const {
  int64_t product = 1;
  for (const int64_t d : shape) {
    product *= d;
  }
  return product;
}

ParameterSpec MatrixSpec(const RunConfig& config, std::string name, int64_t d_in, int64_t d_out) {
  SpecList list(config.init);
  list.Matrix(std::move(name), d_in, d_out, config.init.gamma);
  return list.Release().front();
}

ParameterSpec TokenEmbeddingSpec(const RunConfig& config, int64_t d_model) {
  SpecList list(config.init);
  list.TaskEmbedding("embedding.token", config.task, d_model);
  return list.Release().front();
}

bool AddNetwork(const std::string& name, SpecsOf specs) {
  AddOwnName(OwnPart::kNetwork, name);
  Networks()[name] = specs;
  return true;
}

std::vector<ParameterSpec> ParameterSpecs(const RunConfig& config) {
  if (config.model == ModelKind::kEmbMlp && config.emb_mlp.IsOwn()) {
    return Networks().at(config.emb_mlp.network)(config);
  }
  SpecList list(config.init);
  switch (config.model) {
    case ModelKind::kEmbMlp:
      AddEmbMlp(config, &list);
      break;
    case ModelKind::kTransformer:
      AddTransformer(config, &list);
      break;
    case ModelKind::kGpt2:
      AddGpt2(config, &list);
      break;
  }
  return list.Release();
}

int64_t ParameterCount(const std::vector<ParameterSpec>& specs) {
  int64_t count = 0;
  for (const ParameterSpec& spec : specs) {
    count += spec.size();
  }
  return count;
}

std::vector<float> InitialValues(const ParameterSpec& spec, int64_t seed) {
  std::vector<float> values(static_cast<size_t>(spec.size()));
  Stream stream(static_cast<uint64_t>(seed), "init/" + spec.name);
  switch (spec.distribution) {
    case InitialDistribution::kNormal:
      FillNormal(spec, stream, &values);
      break;
    case InitialDistribution::kUniform:
      stream.FillUniform(values, spec.scale);
      break;
    case InitialDistribution::kConstant:
      values.assign(values.size(), static_cast<float>(spec.scale));
      break;
  }
  return values;
}

}  // namespace initbias
