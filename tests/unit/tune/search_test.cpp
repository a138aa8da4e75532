// The tuner's order of trials, with times that are made up.
#include "tune/search.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>

using namespace cnnc;

namespace {

Choice choice(const std::string& family, int64_t x, int64_t y) {
  return {family, {{"x", x}, {"y", y}}};
}

// x and y from 1 to `most`, in an order that knows nothing of the times.
std::vector<Choice> grid(const std::string& family, int64_t most) {
  std::vector<Choice> candidates;
  for (int64_t x = 1; x <= most; ++x)
    for (int64_t y = 1; y <= most; ++y) candidates.push_back(choice(family, x, y));
  return candidates;
}

std::vector<Choice> operator+(std::vector<Choice> a, const std::vector<Choice>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

// Measures by a formula, and counts.
struct Measured {
  std::function<std::optional<double>(const Choice&)> ratio;
  std::vector<Choice> tried = {};
  MeasureRatios measure() {
    return [this](const std::vector<Choice>& choices) {
      std::vector<std::optional<double>> ratios;
      for (const Choice& choice : choices) {
        CHECK(std::find(tried.begin(), tried.end(), choice) == tried.end());
        tried.push_back(choice);
        ratios.push_back(ratio(choice));
      }
      return ratios;
    };
  }
};

// A valley whose lowest point is at (x, y).
double valley(const Choice& choice, int64_t x, int64_t y) {
  const auto dx = static_cast<double>(number(choice.schedule, "x") - x);
  const auto dy = static_cast<double>(number(choice.schedule, "y") - y);
  return 0.5 + 0.02 * (dx * dx + dy * dy);
}

}  // namespace

TEST_CASE("the search walks down to the best choice without trying most of the others") {
  const std::vector<Choice> candidates = grid("a", 20);
  Measured measured{[](const Choice& c) { return valley(c, 9, 12); }};
  const std::vector<Tried> tried = search(candidates, choice("a", 5, 5), measured.measure());
  CHECK(tried.front().choice == choice("a", 9, 12));
  CHECK(tried.front().ratio == 0.5);
  CHECK(measured.tried.size() < 200);
}

TEST_CASE("all that was measured comes back, the best first, with the default at its ratio of 1") {
  Measured measured{[](const Choice& c) { return valley(c, 2, 2); }};
  const std::vector<Tried> tried = search(grid("a", 4), choice("a", 3, 1), measured.measure());
  CHECK(tried.size() == measured.tried.size() + 1);
  std::set<std::string> names;
  for (size_t i = 0; i < tried.size(); ++i) {
    names.insert(to_string(tried[i].choice));
    if (i > 0) CHECK(tried[i - 1].ratio <= tried[i].ratio);
    if (tried[i].choice == choice("a", 3, 1)) CHECK(tried[i].ratio == 1);
  }
  CHECK(names.size() == tried.size());
}

TEST_CASE("a better family is found, and a hopeless one left alone") {
  const std::vector<Choice> candidates = grid("a", 10) + grid("b", 10) + grid("c", 10);
  Measured measured{[](const Choice& c) {
    return c.family == "b" ? valley(c, 4, 4) : c.family == "a" ? 1.0 : 9.0;
  }};
  const std::vector<Tried> tried = search(candidates, choice("a", 1, 1), measured.measure());
  CHECK(tried.front().choice == choice("b", 4, 4));
  CHECK(std::count_if(measured.tried.begin(), measured.tried.end(),
                      [](const Choice& c) { return c.family == "c"; }) == 3);
}

TEST_CASE("choices that fail are no result, and the search goes on around them") {
  Measured measured{[](const Choice& c) -> std::optional<double> {
    if ((number(c.schedule, "x") + number(c.schedule, "y")) % 3 == 0) return std::nullopt;
    return valley(c, 6, 7);
  }};
  const std::vector<Tried> tried = search(grid("a", 10), choice("a", 1, 1), measured.measure());
  CHECK(tried.front().choice == choice("a", 6, 7));
  for (const Tried& each : tried)
    CHECK((number(each.choice.schedule, "x") + number(each.choice.schedule, "y")) % 3 != 0);
}

TEST_CASE("where nothing is better the default is the first, and the search ends") {
  SearchOptions options;
  options.patience = 10;
  Measured measured{[](const Choice&) { return 1.2; }};
  const std::vector<Tried> tried = search(grid("a", 20), choice("a", 3, 3), measured.measure(), options);
  CHECK(tried.front().choice == choice("a", 3, 3));
  CHECK(measured.tried.size() < 30);
  Measured nothing{[](const Choice&) { return std::optional<double>(); }};
  CHECK(search(grid("a", 20), choice("z", 1, 1), nothing.measure(), options).front().choice ==
        choice("z", 1, 1));
  CHECK(search({}, choice("z", 1, 1), nothing.measure(), options).size() == 1);
}

TEST_CASE("the search stops when its time is over, but not before the first wave") {
  SearchOptions options;
  options.wave = 5;
  int asked = 0;
  options.goes_on = [&] { return ++asked < 3; };
  Measured measured{[](const Choice& c) { return valley(c, 9, 9); }};
  search(grid("a", 20), choice("a", 1, 1), measured.measure(), options);
  CHECK(asked == 3);
  CHECK(measured.tried.size() <= 15);
  options.goes_on = [] { return false; };
  measured.tried.clear();
  search(grid("a", 20), choice("a", 1, 1), measured.measure(), options);
  CHECK(!measured.tried.empty());
  CHECK(measured.tried.size() <= 5);
}

TEST_CASE("a number is changed even where the others must follow") {
  // x * y is 24: no two candidates differ in one number alone.
  std::vector<Choice> candidates;
  for (const int64_t x : {1, 2, 3, 4, 6, 8, 12, 24}) candidates.push_back(choice("a", x, 24 / x));
  Measured measured{[](const Choice& c) {
    return 1 + 0.01 * std::fabs(static_cast<double>(number(c.schedule, "x") - 12)) - 0.3;
  }};
  SearchOptions options;
  options.wave = 1;
  options.patience = 6;
  CHECK(search(candidates, choice("a", 2, 12), measured.measure(), options).front().choice ==
        choice("a", 12, 2));
}
