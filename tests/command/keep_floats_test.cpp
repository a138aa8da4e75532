// Which layers stay in floats, of networks whose losses are made up.
#include "driver/calibrate/keep_floats.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "unit/quantize/quantize_fixture.h"

using namespace cnnc;
using namespace cnnc::testing;

namespace {

using Names = std::vector<std::string>;

Names names_of(const std::vector<Quantization::Name>& floats) {
  Names names;
  for (const Quantization::Name& name : floats) names.push_back(name.name);
  std::sort(names.begin(), names.end());
  return names;
}

// Convs behind each other, conv0 first, each of which adds its loss to the only output's, unless it is in
// floats; `rest` is what the output loses beyond that as long as more than `few` are of bytes: no estimate
// knows.
struct Chain {
  std::vector<double> losses;
  double rest = 0;
  size_t few = 0;
  int measured = 0;

  Graph graph() const {
    Graph graph = with_input();
    NodeId last = 0;
    for (size_t i = 0; i < losses.size(); ++i) last = conv(graph, "conv" + std::to_string(i), last);
    return finished(graph, {last});
  }

  Quantised quantised(const std::vector<Quantization::Name>& floats) {
    ++measured;
    Quantised result;
    result.quantization.floats = floats;
    const Names kept = names_of(floats);
    double sum = 0;
    for (size_t i = 0; i < losses.size(); ++i) {
      const std::string name = "conv" + std::to_string(i);
      if (std::find(kept.begin(), kept.end(), name) != kept.end()) continue;
      sum += losses[i];
      result.noise.layers.push_back({name, "conv", {1, losses[i]}, {1, sum}});
    }
    result.noise.outputs.push_back({"output", {1, result.noise.layers.size() > few ? sum + rest : sum}});
    return result;
  }

  Names floats_for(const FloatRules& rules) {
    const Measure measure = [&](const std::vector<Quantization::Name>& floats) { return quantised(floats); };
    const Quantised all = quantised({});
    measured = 0;
    return names_of(with_floats(graph(), all, rules, measure).quantization.floats);
  }
};

}  // namespace

TEST_CASE("no layer stays in floats, and nothing is measured again, where that is not asked for") {
  Chain chain{{0.01, 0.02}};
  CHECK(chain.floats_for({}).empty());
  CHECK(chain.floats_for({0, 10.0}).empty());
  CHECK(chain.measured == 0);
}

TEST_CASE("so many layers stay in floats as are wanted, those that lose most alone") {
  Chain chain{{0.01, 0.03, 0.02}};
  CHECK(chain.floats_for({2, {}}) == Names{"conv1", "conv2"});
  CHECK(chain.floats_for({9, {}}) == Names{"conv0", "conv1", "conv2"});
}

TEST_CASE("more layers stay in floats where those of the first estimate are not enough") {
  Chain chain{{0.0005, 0.0005, 0.0005, 0.02, 0.0005, 0.02}, 0.0081};
  CHECK(chain.floats_for({0, 20.0}) == Names{"conv0", "conv3", "conv5"});
  CHECK(chain.measured < 12);
}

// As long as many are of bytes, each seems to lose more than is allowed.
TEST_CASE("layers that the estimate has left in floats needlessly are bytes again") {
  Chain chain{{0.004, 0.004, 0.004, 0.004, 0.004, 0.004}, 0.5, 2};
  CHECK(chain.floats_for({0, 20.0}).size() == 4);
  CHECK(chain.measured < 12);
  Chain unlike{{0.009, 0.02, 0.0005, 0.02}, 0.5, 2};
  CHECK(unlike.floats_for({0, 20.0}) == Names{"conv1", "conv3"});
}

TEST_CASE("layers that are wanted in floats stay so where the trimming would not need them") {
  Chain chain{{0.03, 0.0005, 0.0005}, 0};
  CHECK(chain.floats_for({2, 20.0}) == Names{"conv0", "conv1"});
}

TEST_CASE("the search for needless floats ends after as many measurements as it may make") {
  Chain chain{std::vector<double>(200, 0.002), 0.0081};
  CHECK(chain.floats_for({0, 20.0}).size() == 200);
  CHECK(chain.measured <= kMostTries + 5);
}

TEST_CASE("where no layer's floats help, the network stays as it is") {
  Chain chain{{0, 0}, 0};
  Quantised all = chain.quantised({});
  all.noise.outputs[0].noise = {1, 0.5};
  const Measure measure = [&](const std::vector<Quantization::Name>& floats) {
    return chain.quantised(floats);
  };
  CHECK(with_floats(chain.graph(), all, {0, 20.0}, measure).quantization.floats.empty());
}
