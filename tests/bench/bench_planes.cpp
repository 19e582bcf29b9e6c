#include "kernels/planes.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <limits>
#include <random>
#include <vector>

// Speed of bringing weights into the order of the graphics card, in bytes of the file a second: a
// model's every byte goes through it at load. One thread; the best of several runs, as others share
// the machine. Columns are those of the 4B; a dash stands where blocks do not divide them.

using namespace lares::kernels;

namespace {

constexpr std::array<std::int64_t, 3> kCols{3136, 7680, 12544};
/// More than a second-level cache, as the portions in which a model is loaded.
constexpr std::size_t kFileBytes = std::size_t{16} << 20;

/// The best of several passes over a matrix, in portions of rows that one thread takes at a time.
double gigabytes_a_second(WeightType type, std::int64_t cols) {
    constexpr std::int64_t kPortionRows = 4 * kGroupRows;
    const std::size_t row_bytes = file_row_bytes(type, cols);
    const auto rows =
        static_cast<std::int64_t>(kFileBytes / row_bytes) / kPortionRows * kPortionRows;
    std::vector<std::byte> file(static_cast<std::size_t>(rows) * row_bytes);
    std::mt19937 random(1);
    std::generate(file.begin(), file.end(), [&] { return static_cast<std::byte>(random()); });
    std::vector<std::byte> planes(plane_layout(type, rows, cols).total_bytes);

    double best = std::numeric_limits<double>::infinity();
    for (int run = 0; run < 15; ++run) {
        const auto start = std::chrono::steady_clock::now();
        for (std::int64_t first = 0; first < rows; first += kPortionRows)
            repack_rows(type, rows, cols, first,
                        std::span(file).subspan(static_cast<std::size_t>(first) * row_bytes,
                                                kPortionRows * row_bytes),
                        planes);
        const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
        best = std::min(best, seconds.count());
    }
    return static_cast<double>(file.size()) / best / 1e9;
}

}  // namespace

int main() {
    std::printf("GB/s of one core\n%-8s", "columns");
    for (const std::int64_t cols : kCols) std::printf(" %8d", static_cast<int>(cols));
    for (int i = 0; i < kWeightTypeCount; ++i) {
        const auto type = static_cast<WeightType>(i);
        std::printf("\n%-8s", to_string(type));
        for (const std::int64_t cols : kCols) {
            if (cols % traits(type).file_block == 0)
                std::printf(" %8.2f", gigabytes_a_second(type, cols));
            else
                std::printf(" %8s", "-");
        }
    }
    std::printf("\n");
    return 0;
}
