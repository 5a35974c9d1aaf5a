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
  explicit SpecList(const InitConfig& init) : init_(init) {}

  // A matrix that multiplies from the right: std = d_in^-gamma.
  void Matrix(std::string name, int64_t d_in, int64_t d_out) {
    AddNormal(std::move(name), d_in, d_out, Std(d_in, init_.gamma));
  }

  // One that writes into the residual stream of `layers` blocks.
  void OutputMatrix(std::string name, int64_t d_in, int64_t d_out, int64_t layers) {
    const double divisor = init_.output_scale ? std::sqrt(2.0 * static_cast<double>(layers)) : 1.0;
    AddNormal(std::move(name), d_in, d_out, Rounded(Std(d_in, init_.gamma) / divisor));
  }

  // An embedding table of `rows` vectors.
  void Embedding(std::string name, int64_t rows, int64_t d_model) {
    AddNormal(std::move(name), rows, d_model, Std(Fan(rows, d_model), init_.gamma));
  }

  // That of an anchor task's tokens.
  void TaskEmbedding(std::string name, const AnchorTaskConfig& task, int64_t d_model) {
    Embedding(std::move(name), task.vocabulary, d_model);
    if (init_.memory_gamma != 0) {
      specs_.back().rows = {.begin = task.memory_min,
                            .end = task.memory_max + 1,
                            .scale = Std(Fan(task.vocabulary, d_model), init_.memory_gamma)};
    }
  }

  // One of GPT-2, which may have a std of its own.
  void Gpt2Embedding(std::string name, int64_t rows, int64_t d_model) {
    const double std = init_.embedding_std > 0 ? Rounded(init_.embedding_std)
                                               : Std(Fan(rows, d_model), init_.gamma);
    AddNormal(std::move(name), rows, d_model, std);
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

  void AddNormal(std::string name, int64_t rows, int64_t columns, double std) {
    specs_.push_back({.name = std::move(name),
                      .shape = {rows, columns},
                      .distribution = InitialDistribution::kNormal,
                      .scale = std});
  }

  void Constant(std::string name, int64_t size, double value) {
    specs_.push_back({std::move(name), {size}, InitialDistribution::kConstant, value});
  }

  InitConfig init_;
  std::vector<ParameterSpec> specs_;
};

std::map<std::string, SpecsOf>& Networks() {
  static std::map<std::string, SpecsOf> networks;
  return networks;
}

void AddEmbMlp(const RunConfig& config, SpecList* list) {
  const EmbMlpConfig& c = config.emb_mlp;
  list->TaskEmbedding("embedding.token", config.task, c.d_model);
  list->Matrix("mlp.w1", c.d_model, c.d_ff);
  list->Matrix("mlp.w2", c.d_ff, config.task.vocabulary);
}

void AddTransformer(const RunConfig& config, SpecList* list) {
  const TransformerConfig& c = config.transformer;
  const int64_t d_attn = c.heads * c.d_head;
  list->TaskEmbedding("embedding.token", config.task, c.d_model);
  list->Embedding("embedding.position", config.task.length, c.d_model);
  const auto linear = [&](const std::string& prefix, std::string_view suffix, int64_t d_in,
                          int64_t d_out) {
    list->Matrix(fmt::format("{}w{}", prefix, suffix), d_in, d_out);
    list->BiasVector(fmt::format("{}b{}", prefix, suffix), d_in, d_out, c.bias);
  };
  const auto output = [&](const std::string& prefix, std::string_view suffix, int64_t d_in) {
    list->OutputMatrix(fmt::format("{}w{}", prefix, suffix), d_in, c.d_model, c.layers);
    list->BiasVector(fmt::format("{}b{}", prefix, suffix), d_in, c.d_model, c.bias);
  };
  for (int64_t i = 0; i < c.layers; ++i) {
    const std::string layer = fmt::format("layer{}.", i);
    if (c.norm != Norm::kNone) {
      list->LayerNorm(layer + "norm1", c.d_model);
    }
    linear(layer + "attn.", "q", c.d_model, d_attn);
    linear(layer + "attn.", "k", c.d_model, d_attn);
    linear(layer + "attn.", "v", c.d_model, d_attn);
    output(layer + "attn.", "o", d_attn);
    if (c.norm != Norm::kNone) {
      list->LayerNorm(layer + "norm2", c.d_model);
    }
    linear(layer + "ffn.", "1", c.d_model, c.d_ff);
    output(layer + "ffn.", "2", c.d_ff);
  }
  if (c.norm == Norm::kPre) {
    list->LayerNorm("final_norm", c.d_model);
  }
  if (c.projection) {
    linear("head.", "", c.d_model, config.task.vocabulary);
  }
}

void AddGpt2(const RunConfig& config, SpecList* list) {
  const Gpt2Config& c = config.gpt2;
  list->Gpt2Embedding("embedding.token", c.vocabulary, c.d_model);
  list->Gpt2Embedding("embedding.position", c.context, c.d_model);
  const auto linear = [&](const std::string& name, int64_t d_in, int64_t d_out) {
    list->Matrix(name + ".w", d_in, d_out);
    list->BiasVector(name + ".b", d_in, d_out, Bias::kZero);
  };
  const auto output = [&](const std::string& name, int64_t d_in) {
    list->OutputMatrix(name + ".w", d_in, c.d_model, c.layers);
    list->BiasVector(name + ".b", d_in, c.d_model, Bias::kZero);
  };
  for (int64_t i = 0; i < c.layers; ++i) {
    const std::string layer = fmt::format("layer{}.", i);
    list->LayerNorm(layer + "norm1", c.d_model);
    linear(layer + "attn.qkv", c.d_model, 3 * c.d_model);
    output(layer + "attn.out", c.d_model);
    list->LayerNorm(layer + "norm2", c.d_model);
    linear(layer + "ffn.up", c.d_model, 4 * c.d_model);
    output(layer + "ffn.down", 4 * c.d_model);
  }
  list->LayerNorm("final_norm", c.d_model);  // the head is the token embedding
}

// Fills `values` from `stream`, the scaled rows included.
void FillNormal(const ParameterSpec& spec, const Stream& stream, std::vector<float>* values) {
  Stream draws = stream;
  draws.FillNormal(*values, spec.scale);
  const ScaledRows& rows = spec.rows;
  if (rows.begin < rows.end) {
    // Anew, for a value times a ratio of scales would be rounded twice.
    std::vector<float> scaled(values->size());
    draws = stream;
    draws.FillNormal(scaled, rows.scale);
    const int64_t columns = spec.shape.back();
    std::copy(scaled.begin() + rows.begin * columns, scaled.begin() + rows.end * columns,
              values->begin() + rows.begin * columns);
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
  list.Matrix(std::move(name), d_in, d_out);
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
