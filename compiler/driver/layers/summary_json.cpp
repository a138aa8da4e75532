#include "driver/layers/summary_json.h"

#include <nlohmann/json.hpp>

namespace cnnc {
namespace {

using Json = nlohmann::ordered_json;

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json json_of(const picture::FieldAxis& axis) {
  return {{"size", axis.size}, {"step", axis.step}, {"begin", axis.begin}};
}

Json json_of(const std::optional<picture::Field>& field) {
  if (!field) return nullptr;
  return {{"rows", json_of(field->rows)}, {"columns", json_of(field->columns)}};
}

Json json_of(const LayerFacts& layer, const Source* source) {
  return {{"name", layer.name},
          {"operator", layer.op},
          {"written", layer.written},
          {"line", source ? Json(position_of(*source, layer.where.begin).line) : Json(nullptr)},
          {"inputs", layer.inputs},
          {"output", layer.shape.sizes},
          {"formula", layer.formula},
          {"parameters", or_null(layer.parameters)},
          {"statistics", or_null(layer.statistics)},
          {"macs", layer.macs},
          {"macs_share", or_null(layer.macs_share)},
          {"receptive_field", json_of(layer.field)}};
}

Json json_of(const PlanLayer& layer) {
  return {{"step", layer.steps.back()}, {"steps", layer.steps},   {"name", layer.name},
          {"computes", layer.what},     {"layers", layer.covers}, {"family", layer.family}};
}

Json json_of(const LibraryFacts& library) {
  Json layers = Json::array();
  for (const PlanLayer& layer : library.layers) layers.push_back(json_of(layer));
  return {{"targets", library.targets},
          {"byte_ports", library.byte_ports},
          {"workspace_bytes", library.workspace_bytes},
          {"tensor_bytes", library.tensor_bytes},
          {"scratch_bytes", library.scratch_bytes},
          {"picture_bytes", library.pixels_bytes},
          {"weights_bytes", library.weights_bytes},
          {"layers", layers}};
}

}  // namespace

std::string summary_json(const SummaryFacts& facts, const Source* source) {
  Json json = {{"network", facts.network},
               {"parameters", or_null(facts.parameters)},
               {"statistics", or_null(facts.statistics)},
               {"macs", or_null(facts.macs)}};
  Json layers = Json::array();
  for (size_t i = 0; i < facts.layers.size(); ++i) {
    layers.push_back(json_of(facts.layers[i], source));
    const bool is_computed = facts.library && facts.library->computed_in[i];
    layers.back()["step"] = is_computed
                                ? Json(facts.library->layers[*facts.library->computed_in[i]].steps.back())
                                : Json(nullptr);
  }
  json["layers"] = layers;
  json["library"] = facts.library ? json_of(*facts.library) : Json(nullptr);
  if (!facts.library) json["why_no_library"] = facts.why_no_library;
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace cnnc
