#include "emit/load/remote_library.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "emit/library/library_objects.h"
#include "emit/library/symbols.h"
#include "emit/library/weights_object.h"
#include "emit/load/integer_tensors.h"
#include "plan/ports.h"
#include "runtime/cnnc_rt.h"

namespace cnnc {

namespace {

Program program_of(const Plan& plan, const KernelObjects& kernels) {
  InterfaceOptions options;
  options.weights_file = true;  // they go to the program as its tensors do
  options.run_by_list = true;
  const std::string meter = fmt::format("cnnc_program_meter{}", plan.target.lanes * 4);
  return Program(library_objects(plans_of(plan), options, {kernels}),
                 {symbols_of(plan).prefix + "_run_by_list", meter}, plan.target);
}

int64_t bytes_of(const Plan& plan, const Shape& shape) {
  return plan.images * shape.elements() * static_cast<int64_t>(sizeof(float));
}

int64_t bytes_of_layers(const Plan& plan) {
  return static_cast<int64_t>(count_layers(plan)) * static_cast<int64_t>(sizeof(double));
}

}  // namespace

RemoteLibrary::RemoteLibrary(const Plan& plan, const KernelObjects& kernels, const std::string& runner,
                             int threads)
    : plan_(plan), remote_(program_of(plan, kernels), runner) {
  constexpr unsigned char kNoNumber = 0xff;
  for (const Shape& shape : plan.input_shapes)
    inputs_.push_back(remote_.add_memory(bytes_of(plan, shape), kNoNumber));
  for (const Shape& shape : plan.output_shapes)
    outputs_.push_back(remote_.add_memory(bytes_of(plan, shape), kNoNumber));
  workspace_ = remote_.add_memory(plan.workspace_bytes, kNoNumber);
  if (plan.weights_bytes > 0) {
    weights_ = remote_.add_memory(plan.weights_bytes, 0);
    int64_t at = 0;
    write_weights(plans_of(plan), [&](const void* data, size_t bytes) {
      remote_.write({weights_, at}, data, static_cast<int64_t>(bytes));
      at += static_cast<int64_t>(bytes);
    });
  }
  const cnnc_rt_threads with = {threads, nullptr, nullptr};
  threads_ = remote_.add_memory(sizeof with, 0);
  remote_.write({threads_, 0}, &with, sizeof with);
  layer_seconds_ = remote_.add_memory(bytes_of_layers(plan), 0);
  layer_ = remote_.add_memory(sizeof(int32_t), kNoNumber);  // -1: at none
  operations_ = remote_.add_memory(sizeof(double), 0);
  remote_.start_threads(threads);
}

double RemoteLibrary::flops(double seconds) {
  constexpr double kSlices = 10;
  RemoteCalls calls;
  calls.function = 1;
  calls.pointers = {{operations_, 0}};
  double best = 0, spent = 0;
  while (spent < seconds) {
    const cnnc_program_call done = remote_.call(calls);
    double operations = 0;
    remote_.fetch({operations_, 0}, &operations, sizeof operations);
    spent += done.seconds;
    best = std::max(best, static_cast<double>(calls.count) * operations / done.seconds);
    while (static_cast<double>(calls.count) * done.seconds < seconds / kSlices && calls.count < int64_t{1}
                                                                                                    << 20)
      calls.count *= 2;
  }
  return best;
}

cnnc_program_call RemoteLibrary::call(bool timed, int32_t* layer) {
  RemoteCalls calls;
  calls.watched = {layer_, 0};
  std::vector<RemotePlace>& pointers = calls.pointers;
  for (const std::vector<int64_t>* tensors : {&inputs_, &outputs_})
    for (const int64_t memory : *tensors) pointers.push_back({memory, 0});
  for (const int64_t memory : {workspace_, weights_, threads_, timed ? layer_seconds_ : -1, layer_})
    pointers.push_back({memory, 0});
  const cnnc_program_call done = remote_.call(calls);
  if (done.status >= 0) return done;
  if (layer) *layer = static_cast<int32_t>(done.watched);
  throw RemoteCrash(
      fmt::format("was killed by signal {} ({})", -done.status, strsignal(static_cast<int>(-done.status))));
}

void RemoteLibrary::set_inputs(const std::vector<const float*>& inputs) {
  IntegerTensors::Bytes bytes;
  const std::vector<const void*> stored = IntegerTensors(plan_).stored(inputs, bytes);
  for (size_t i = 0; i < inputs.size(); ++i)
    remote_.write({inputs_[i], 0}, stored[i],
                  plan_.images * plan_.input_shapes[i].elements() * size_of(type_of_input(plan_, i)));
}

int RemoteLibrary::run(const std::vector<const float*>& inputs, const std::vector<float*>& outputs,
                       void* workspace, int32_t* layer) {
  set_inputs(inputs);
  const cnnc_program_call done = call(/*timed=*/true, layer);
  for (size_t i = 0; i < outputs.size(); ++i)
    remote_.fetch({outputs_[i], 0}, outputs[i], bytes_of(plan_, plan_.output_shapes[i]));
  if (done.status == CNNC_RT_OK) IntegerTensors(plan_).make_floats(outputs);
  if (workspace) remote_.fetch({workspace_, 0}, workspace, plan_.workspace_bytes);
  return static_cast<int>(done.status);
}

double RemoteLibrary::time(double* layer_seconds, int32_t* layer) {
  const cnnc_program_call done = call(layer_seconds != nullptr, layer);
  if (done.status != CNNC_RT_OK)
    throw std::runtime_error(fmt::format("the compiled network returned error {}", done.status));
  if (layer_seconds) remote_.fetch({layer_seconds_, 0}, layer_seconds, bytes_of_layers(plan_));
  return done.seconds;
}

}  // namespace cnnc
