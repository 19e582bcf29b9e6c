#pragma once

#include "tools/builtin/tool_text.h"

#include <string_view>

namespace lares {

/// The value of an expression: + - * / % ^, parentheses, decimals, sqrt(x). Sums, products,
/// quotients and whole powers are exact; numbers above 4096 bits (1,233 digits) and more than 100
/// levels of parentheses are errors. The expression is untrusted. Any thread.
[[nodiscard]] ToolText calculate(std::string_view expression);

}  // namespace lares
