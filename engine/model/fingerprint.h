#pragma once

#include <string>

namespace lares {

class Model;

/// 32 hexadecimal digits that tell models apart whose states must not be mixed up: every dimension,
/// the name, type and shape of every tensor, and 4 KiB from the beginning, the middle and the end
/// of each. The name and the place of the file do not count. Reads about 3 MB of a 4B file; a hash
/// of all of it would take as long as loading it.
/// It is not a proof: weights that somebody changed between those samples look the same.
/// Reads the mapped file. Thread safe.
[[nodiscard]] std::string fingerprint(const Model& model);

}  // namespace lares
