#pragma once

#include <random>
#include <string>
#include <vector>

namespace lares::fuzz {

/// One of `seeds` with 1 to 8 changes: flipped bits, other bytes, hostile numbers, pieces cut out,
/// doubled or taken from another seed. Changes are more frequent near the beginning, where headers
/// are. The same `random` gives the same input everywhere. Precondition: at least one seed.
[[nodiscard]] std::string mutate(const std::vector<std::string>& seeds, std::mt19937_64& random);

}  // namespace lares::fuzz
