#include "driver/bench/bench_json.h"

#include <nlohmann/json.hpp>

namespace cnnc {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const std::optional<Spread>& spread) {
  if (!spread) return nullptr;
  return {{"median", spread->median}, {"best", spread->best}, {"p10", spread->low}, {"p90", spread->high}};
}

Json json_of(const std::optional<Failure>& failure) {
  if (!failure) return nullptr;
  return {{"reason", failure->reason}, {"wrong", failure->wrong}};
}

Json json_of(const BenchLayer& layer) {
  return {{"name", layer.name},
          {"computes", title_of(layer)},
          {"result", layer.result},
          {"flops", layer.flops},
          {"bytes", layer.bytes}};
}

Json json_of(const TimedSchedule& schedule, const TimedLayer& layer, const BenchLayer& what) {
  const Json numbers = schedule.has_numbers ? Json(layer.choice.schedule) : Json::object();
  return {{"name", what.name},
          {"family", layer.choice.family},
          {"numbers", numbers},
          {"made_flops", layer.made_flops ? Json(*layer.made_flops) : Json(nullptr)},
          {"seconds", json_of(layer.seconds)},
          {"failure", json_of(layer.failure)}};
}

Json json_of(const TimedSchedule& schedule, const BenchReport& report) {
  Json layers = Json::array();
  for (size_t i = 0; i < schedule.layers.size(); ++i)
    layers.push_back(json_of(schedule, schedule.layers[i], report.layers[i]));
  return {{"name", schedule.name},
          {"runs", schedule.runs},
          {"seconds", json_of(schedule.total)},
          {"complete", schedule.is_complete},
          {"ratio_to_first", json_of(schedule.ratio)},
          {"layers", layers}};
}

}  // namespace

std::string bench_json(const BenchReport& report) {
  Json json = {
      {"network", report.network},           {"target", report.target}, {"processor", report.processor},
      {"threads", report.threads},           {"batch", report.images},  {"rounds", report.rounds},
      {"peak_flops_per_second", report.peak}};
  if (report.byte_peak > 0)
    json[report.of_dots == "bytes" ? "peak_byte_operations_per_second"
                                   : "peak_bfloat16_operations_per_second"] = report.byte_peak;
  json["read_bandwidths"] = Json::array();
  for (const Bandwidth& b : report.bandwidths)
    json["read_bandwidths"].push_back(
        {{"name", b.name}, {"bytes_a_thread", b.bytes}, {"bytes_per_second", b.bytes_per_second}});
  json["layers"] = Json::array();
  for (const BenchLayer& layer : report.layers) json["layers"].push_back(json_of(layer));
  json["schedules"] = Json::array();
  for (const TimedSchedule& schedule : report.schedules)
    json["schedules"].push_back(json_of(schedule, report));
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace cnnc
