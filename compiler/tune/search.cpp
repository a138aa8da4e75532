#include "tune/search.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>

namespace cnnc {

namespace {

constexpr double kWorthExpanding = 1.15;  // times the best
constexpr double kHopeless = 1.6;         // times the best: of a family's best
constexpr double kImprovement = 0.99;     // times the best: what counts as better

struct Search {
  const std::vector<Choice>& candidates;
  std::vector<std::vector<size_t>> families = {};  // candidates of each family, by rank
  std::vector<size_t> family_of = {};              // by candidate
  std::vector<bool> tried = {}, expanded = {};
  std::map<size_t, double> ratios = {};  // of those that are right
  double best = 1;
};

Search start(const std::vector<Choice>& candidates, const Choice& standard) {
  Search search{candidates};
  std::map<std::string, size_t> numbers;
  for (size_t i = 0; i < candidates.size(); ++i) {
    const size_t family = numbers.emplace(candidates[i].family, numbers.size()).first->second;
    search.families.resize(numbers.size());
    search.families[family].push_back(i);
    search.family_of.push_back(family);
  }
  search.tried.resize(candidates.size());
  search.expanded.resize(candidates.size());
  const auto place = std::find(candidates.begin(), candidates.end(), standard);
  if (place != candidates.end()) {
    const auto index = static_cast<size_t>(place - candidates.begin());
    search.tried[index] = true;
    search.ratios[index] = 1;
  }
  return search;
}

// Of the family's candidates with that value the one that differs in the fewest other numbers; the first of
// these.
std::optional<size_t> nearest_with(const Search& search, size_t from, const std::string& name,
                                   int64_t value) {
  std::optional<size_t> nearest;
  size_t least = SIZE_MAX;
  const Schedule& schedule = search.candidates[from].schedule;
  for (const size_t other : search.families[search.family_of[from]]) {
    const Schedule& there = search.candidates[other].schedule;
    if (const auto found = there.find(name); found == there.end() || found->second != value) continue;
    size_t differences = 0;
    for (const auto& [key, number] : there) {
      const auto same = schedule.find(key);
      differences += same == schedule.end() || same->second != number;
    }
    if (differences >= least) continue;
    least = differences;
    nearest = other;
  }
  return nearest;
}

// The values of a number that occur in the family.
std::set<int64_t> values_of(const Search& search, size_t family, const std::string& name) {
  std::set<int64_t> values;
  for (const size_t index : search.families[family]) {
    const Schedule& schedule = search.candidates[index].schedule;
    if (const auto found = schedule.find(name); found != schedule.end()) values.insert(found->second);
  }
  return values;
}

// With the first of these values for which there is one that has not failed.
template <class Iterator>
void add_nearest(const Search& search, size_t from, const std::string& name, Iterator value, Iterator end,
                 std::vector<size_t>& found) {
  for (; value != end; ++value) {
    const std::optional<size_t> nearest = nearest_with(search, from, name, *value);
    if (!nearest || (search.tried[*nearest] && !search.ratios.count(*nearest))) continue;
    found.push_back(*nearest);
    return;
  }
}

// For each number with the next value above and below.
std::vector<size_t> neighbours(const Search& search, size_t from) {
  std::vector<size_t> found;
  for (const auto& [name, value] : search.candidates[from].schedule) {
    const std::set<int64_t> values = values_of(search, search.family_of[from], name);
    const auto place = values.find(value);
    add_nearest(search, from, name, std::next(place), values.end(), found);
    add_nearest(search, from, name, std::make_reverse_iterator(place), values.rend(), found);
  }
  return found;
}

// The best that is worth it and was not expanded yet.
std::optional<size_t> best_to_expand(const Search& search) {
  std::optional<size_t> best;
  for (const auto& [index, ratio] : search.ratios)
    if (!search.expanded[index] && ratio <= kWorthExpanding * search.best &&
        (!best || ratio < search.ratios.at(*best)))
      best = index;
  return best;
}

bool is_hopeless(const Search& search, size_t family) {
  double best = INFINITY;
  size_t tried = 0;
  for (const size_t index : search.families[family]) {
    tried += search.tried[index];
    if (const auto found = search.ratios.find(index); found != search.ratios.end())
      best = std::min(best, found->second);
  }
  return tried >= 3 && best > kHopeless * search.best;
}

// Adds candidates that were not tried, until the wave is full.
struct Wave {
  Search& search;
  size_t size;
  std::vector<size_t> indices = {};
  bool full() const { return indices.size() >= size; }
  void add(size_t index) {
    if (full() || search.tried[index]) return;
    search.tried[index] = true;
    indices.push_back(index);
  }
};

// Of each family the first, the second and the fourth.
void add_seeds(Wave& wave) {
  for (const size_t rank : {0, 1, 3})
    for (const std::vector<size_t>& family : wave.search.families)
      if (rank < family.size()) wave.add(family[rank]);
}

void add_neighbours(Wave& wave) {
  while (!wave.full()) {
    const std::optional<size_t> from = best_to_expand(wave.search);
    if (!from) return;
    for (const size_t index : neighbours(wave.search, *from)) wave.add(index);
    wave.search.expanded[*from] = !wave.full();  // else there may be more
  }
}

// The ranks 7, 15, 31, …, which are unlike those before them; then all others in turn.
void add_further(Wave& wave) {
  std::vector<const std::vector<size_t>*> families;
  for (size_t family = 0; family < wave.search.families.size(); ++family)
    if (!is_hopeless(wave.search, family)) families.push_back(&wave.search.families[family]);
  for (size_t rank = 7; rank < wave.search.candidates.size() && !wave.full(); rank = 2 * rank + 1)
    for (const auto* family : families)
      if (rank < family->size()) wave.add((*family)[rank]);
  for (size_t rank = 0; rank < wave.search.candidates.size() && !wave.full(); ++rank)
    for (const auto* family : families)
      if (rank < family->size()) wave.add((*family)[rank]);
}

// Measures a wave; whether one of it is better than all before.
bool measure_wave(Search& search, const Wave& wave, const MeasureRatios& measure) {
  std::vector<Choice> choices;
  for (const size_t index : wave.indices) choices.push_back(search.candidates[index]);
  const std::vector<std::optional<double>> ratios = measure(choices);
  const double before = search.best;
  for (size_t i = 0; i < ratios.size(); ++i) {
    if (!ratios[i]) continue;
    search.ratios[wave.indices[i]] = *ratios[i];
    search.best = std::min(search.best, *ratios[i]);
  }
  return search.best < kImprovement * before;
}

}  // namespace

std::vector<Tried> search(const std::vector<Choice>& candidates, const Choice& standard,
                          const MeasureRatios& measure, const SearchOptions& options) {
  Search search = start(candidates, standard);
  size_t without_gain = 0;
  for (bool is_first = true; is_first || (options.goes_on() && without_gain < options.patience);
       is_first = false) {
    Wave wave{search, options.wave};
    add_seeds(wave);
    add_neighbours(wave);
    const bool is_guided = !wave.indices.empty();
    if (!is_guided) add_further(wave);
    if (wave.indices.empty()) break;
    const bool is_better = measure_wave(search, wave, measure);
    without_gain = is_better ? 0 : without_gain + wave.indices.size();
  }
  std::vector<Tried> results;
  for (const auto& [index, ratio] : search.ratios) results.push_back({candidates[index], ratio});
  if (std::none_of(results.begin(), results.end(),
                   [&](const Tried& tried) { return tried.choice == standard; }))
    results.push_back({standard, 1});
  std::stable_sort(results.begin(), results.end(),
                   [](const Tried& a, const Tried& b) { return a.ratio < b.ratio; });
  return results;
}

}  // namespace cnnc
