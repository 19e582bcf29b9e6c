#include "tests/fuzz/fuzz_target.h"
#include "tools/sandbox/linux/command_order.h"

#include <cstdlib>

using namespace lares;

namespace {

void check(bool holds) {
    if (!holds) std::abort();
}

}  // namespace

/// What lares-toolhost is told, and what it says.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto order = parse_order(text)) {
        check(order->folders.size() <= kMaxOrderFolders && order->nonce.size() == 32);
        check(write_order(*order) == text);
    }
    const StatusReport report = parse_status(text);
    check(report.failure.size() <= size + 64);
    return 0;
}

std::vector<std::string> fuzz::seeds() {
    CommandOrder order;
    order.nonce = "0123456789abcdef0123456789abcdef";
    order.host_namespaces = {1, 22, 333, 4444, 55555, 666666};
    order.limits = {64, 256, 8ULL << 30, 256ULL << 20, 60};
    order.system = {65024, 12};
    order.working_folder = "/desk";
    order.folders = {{"/desk", {65024, 42}, true}, {"/notes/a b", {1, 2}, false}};
    return {write_order(order), "ready 0123456789abcdef0123456789abcdef 7\nexited 3\n",
            "ready x 1\nsignalled 9\n", "failed the limit core: no\n"};
}
