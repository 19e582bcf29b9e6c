#pragma once

#include "app/cli/serve/api_error.h"
#include "engine/base/json.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lares::cli {

/// Reads the fields of one JSON object and remembers the first that is wrong. A field that is
/// missing or null, and every one after a wrong one, reads as absent. `path` stands before the
/// names ("messages[2]."). Both outlive it.
class RequestFields {
public:
    RequestFields(const Json& object, std::optional<ApiError>& problem, std::string path = {});

    [[nodiscard]] std::optional<bool> flag(std::string_view name);
    [[nodiscard]] std::optional<double> number(std::string_view name, double min, double max);
    [[nodiscard]] std::optional<std::int64_t> integer(std::string_view name,
                                                      std::int64_t min,
                                                      std::int64_t max);
    [[nodiscard]] std::optional<std::string> text(std::string_view name);
    /// An object or a list, or nothing.
    [[nodiscard]] const Json* objectOrNull(std::string_view name);
    [[nodiscard]] const Json* listOrNull(std::string_view name);
    /// Of any type.
    [[nodiscard]] const Json* anyOrNull(std::string_view name) const;

    void refuse(std::string_view name, std::string_view what, std::string code = "invalid_value");
    [[nodiscard]] bool hasProblem() const { return m_problem.has_value(); }

private:
    [[nodiscard]] const Json* ofTypeOrNull(std::string_view name,
                                           bool isType(const Json&),
                                           std::string_view what);

    const Json& m_object;
    std::optional<ApiError>& m_problem;
    std::string m_path;
};

}  // namespace lares::cli
