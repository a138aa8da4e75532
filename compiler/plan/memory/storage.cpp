#include "plan/memory/storage.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <random>

namespace cnnc {

namespace {

using Order = std::vector<int>;  // of tenants

// Bytes alive at each step.
std::vector<int64_t> bytes_by_step(const std::vector<Tenant>& tenants) {
  int steps = 0;
  for (const Tenant& t : tenants) steps = std::max(steps, t.last + 1);
  std::vector<int64_t> bytes(static_cast<size_t>(steps) + 1);
  for (const Tenant& t : tenants) {
    bytes[t.first] += t.bytes;
    bytes[t.last + 1] -= t.bytes;
  }
  std::partial_sum(bytes.begin(), bytes.end(), bytes.begin());
  return bytes;
}

bool alive_together(const Tenant& a, const Tenant& b) {
  return a.first <= b.last && b.first <= a.last;
}

// Each tenant in turn at the lowest offset where it overlaps none of those placed before that are alive with
// it.
Storage first_fit(const std::vector<Tenant>& tenants, const Order& order) {
  Storage storage{std::vector<int64_t>(tenants.size()), 0};
  std::vector<int> placed;  // by offset
  const auto is_lower = [&](int64_t offset, int other) { return offset < storage.offsets[other]; };
  for (const int i : order) {
    int64_t offset = 0;
    for (const int other : placed) {
      if (!alive_together(tenants[i], tenants[other])) continue;
      if (offset + tenants[i].bytes <= storage.offsets[other]) break;
      offset = std::max(offset, storage.offsets[other] + tenants[other].bytes);
    }
    storage.offsets[i] = offset;
    storage.bytes = std::max(storage.bytes, offset + tenants[i].bytes);
    placed.insert(std::upper_bound(placed.begin(), placed.end(), offset, is_lower), i);
  }
  return storage;
}

// Those with the greatest keys first.
Order order_by(const std::vector<Tenant>& tenants, const std::function<double(const Tenant&)>& key) {
  std::vector<double> keys;
  for (const Tenant& t : tenants) keys.push_back(key(t));
  Order order(tenants.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    return keys[a] != keys[b] ? keys[a] > keys[b] : tenants[a].bytes > tenants[b].bytes;
  });
  return order;
}

double duration(const Tenant& t) {
  return t.last - t.first + 1;
}

// By size and by breadth (Pisarchyk and Lee 2020, "Efficient Memory Management for Deep Neural Net
// Inference", sections 5.2 and 5.3), by the product of size and time, by time alone.
std::vector<Order> greedy_orders(const std::vector<Tenant>& tenants) {
  const std::vector<int64_t> alive = bytes_by_step(tenants);
  const auto breadth = [&](const Tenant& t) {
    return static_cast<double>(*std::max_element(alive.begin() + t.first, alive.begin() + t.last + 1));
  };
  return {order_by(tenants, [](const Tenant& t) { return static_cast<double>(t.bytes); }),
          order_by(tenants, breadth),
          order_by(tenants, [](const Tenant& t) { return static_cast<double>(t.bytes) * duration(t); }),
          order_by(tenants, duration), order_by(tenants, [](const Tenant& t) { return -t.first; })};
}

// A neighbour of an order: two tenants change places, or one that ends at the top goes to an earlier place.
Order neighbour(const std::vector<Tenant>& tenants, const Storage& storage, Order order,
                std::mt19937& random) {
  const auto any_place = [&](size_t places) { return static_cast<std::ptrdiff_t>(random() % places); };
  if (random() % 2 == 0) {
    std::iter_swap(order.begin() + any_place(order.size()), order.begin() + any_place(order.size()));
    return order;
  }
  std::vector<std::ptrdiff_t> top;  // places in the order
  for (size_t place = 0; place < order.size(); ++place)
    if (storage.offsets[order[place]] + tenants[order[place]].bytes == storage.bytes)
      top.push_back(static_cast<std::ptrdiff_t>(place));
  const auto from = order.begin() + top[random() % top.size()];
  std::rotate(order.begin() + any_place(static_cast<size_t>(from - order.begin()) + 1), from, from + 1);
  return order;
}

}  // namespace

int64_t most_bytes_alive(const std::vector<Tenant>& tenants) {
  const std::vector<int64_t> bytes = bytes_by_step(tenants);
  return *std::max_element(bytes.begin(), bytes.end());
}

// The search keeps what is not worse, until nothing can be better, or so many comparisons of two tenants are
// spent: less than a second.
Storage place_tenants(const std::vector<Tenant>& tenants) {
  constexpr size_t kMostComparisons = 200'000'000, kMostTries = 2000;
  const int64_t bound = most_bytes_alive(tenants);
  Order order;
  Storage best;
  for (Order& candidate : greedy_orders(tenants)) {
    Storage storage = first_fit(tenants, candidate);
    if (!order.empty() && storage.bytes >= best.bytes) continue;
    best = std::move(storage);
    order = std::move(candidate);
    if (best.bytes == bound) break;
  }
  const size_t tries = std::min(kMostTries, kMostComparisons / (tenants.size() * tenants.size() + 1));
  std::mt19937 random(1);
  for (size_t i = 0; i < tries && best.bytes > bound; ++i) {
    Order candidate = neighbour(tenants, best, order, random);
    Storage storage = first_fit(tenants, candidate);
    if (storage.bytes > best.bytes) continue;
    best = std::move(storage);
    order = std::move(candidate);
  }
  return best;
}

}  // namespace cnnc
