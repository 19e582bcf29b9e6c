#include "tests/fuzz/fuzz_target.h"
#include "tools/builtin/calculate/calculate.h"

#include <cstdlib>

using namespace lares;

/// An expression that a model wrote.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string expression(reinterpret_cast<const char*>(data), size);
    const ToolText text = calculate(expression);
    if (text.result.empty() || text.is_error != text.result.starts_with("error: ")) std::abort();
    return 0;
}

std::vector<std::string> fuzz::seeds() {
    return {"(3 + 4) * 2", "2^200 % (10^20 + 7)", "sqrt(2) / 3 - .5 * 1.25^-3",
            "-((1/3 + 1/7) * 21)^2", "sqrt(sqrt(16)) ^ 0.5 + 10^40"};
}
