// What tests of bounds have in common.
#pragma once
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "ops_fixture.h"

namespace cnnc::testing {

// The worst error of float values in units of their bounds.
inline double worst(const std::vector<float>& found, const Reference& expected) {
  double ratio = 0;
  for (size_t i = 0; i < found.size(); ++i)
    ratio = std::max(ratio, std::fabs(found[i] - expected.values[i]) / expected.bounds[i]);
  return ratio;
}

// That value of an input moved by its bound, the result stays within its own.
inline void check_inherited(const std::string& op, const Attributes& a, const std::vector<Shape>& shapes) {
  CAPTURE(op);
  std::mt19937 random(5);
  const Node node = make_node(op, a, shapes, random);
  for (int round = 0; round < 20; ++round) {
    std::vector<Reference> inputs, moved;
    for (const Shape& shape : shapes) {
      Reference x = exact(random_floats(shape.elements(), random, 0.3f, 1.3f)), y = x;
      for (size_t i = 0; i < x.values.size(); ++i) {
        x.bounds[i] = 1e-3;
        y.values[i] += random() % 2 ? 1e-3 : -1e-3;
      }
      inputs.push_back(x);
      moved.push_back(y);
    }
    const Reference result = run(node, inputs, shapes), other = run(node, moved, shapes);
    double most = 0;
    for (size_t i = 0; i < result.values.size(); ++i)
      most = std::max(most, std::fabs(result.values[i] - other.values[i]) / result.bounds[i]);
    CHECK(most <= 1 + 1e-9);  // both are computed in double
    CHECK(most > 0);
  }
}

}  // namespace cnnc::testing
