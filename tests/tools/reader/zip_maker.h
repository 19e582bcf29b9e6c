#pragma once

#include <string>
#include <utility>
#include <vector>

namespace lares::test {

using ZipParts = std::vector<std::pair<std::string, std::string>>;

/// An archive of these parts, deflated.
[[nodiscard]] std::string zip_of(const ZipParts& parts);
/// A Word document with this body.
[[nodiscard]] std::string docx_of(const std::string& body);

}  // namespace lares::test
