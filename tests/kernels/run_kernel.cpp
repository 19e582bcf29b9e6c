#include "tests/kernels/run_kernel.h"

#include "kernels/simt/simt.h"
#include "tests/kernels/launch_mirror.h"
#include "tests/support/test_device.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>

namespace lares::test {
namespace {

using Image = std::vector<std::vector<std::byte>>;

Image take() {
    Image image;
    for (const simt::GlobalMemory* memory : simt::registered_buffers())
        image.emplace_back(memory->data(), memory->data() + memory->bytes());
    return image;
}

void put_back(const Image& image) {
    const auto buffers = simt::registered_buffers();
    for (std::size_t i = 0; i < image.size(); ++i)
        if (!image[i].empty()) std::memcpy(buffers[i]->data(), image[i].data(), image[i].size());
}

/// The card of LARES_TEST_DEVICE. Opened at the first launch and never closed: the driver may be
/// gone before a static object is.
struct Card {
    /// A fake card's own memory is registered too; what was there before is the test's.
    Card() {
        const auto before = simt::registered_buffers();
        std::vector<simt::GlobalMemory*> tests(before.begin(), before.end());
        device = open_test_device().release();
        for (simt::GlobalMemory* memory : simt::registered_buffers())
            if (std::ranges::find(tests, memory) == tests.end()) own.push_back(memory);
    }
    [[nodiscard]] std::vector<simt::GlobalMemory*> buffers_of_the_test() const {
        std::vector<simt::GlobalMemory*> buffers;
        for (simt::GlobalMemory* memory : simt::registered_buffers())
            if (std::ranges::find(own, memory) == own.end()) buffers.push_back(memory);
        return buffers;
    }

    cuda::Device* device = nullptr;
    std::vector<simt::GlobalMemory*> own;
};

/// Nothing where no card was asked for.
std::string run_on_card(const kernels::Launch& launch, const Image& before) {
    if (test_device() == TestDevice::Simt) return {};
    put_back(before);
    static const Card kCard;
    return run_mirrored(*kCard.device, launch, kCard.buffers_of_the_test());
}

}  // namespace

std::string run_once(const kernels::Launch& launch) {
    const Image before = take();
    if (const auto error = simt::run(launch)) return *error;
    return run_on_card(launch, before);
}

std::string run_both_ways(const kernels::Launch& launch) {
    const Image before = take();
    if (const auto error = simt::run(launch, {simt::Order::Descending, true})) return *error;
    const Image falling = take();
    put_back(before);
    if (const auto error = simt::run(launch)) return *error;
    const Image rising = take();
    for (std::size_t i = 0; i < rising.size(); ++i)
        if (rising[i] != falling[i])
            return std::string("the buffer `") + simt::registered_buffers()[i]->name() +
                   "` depends on the order of threads or on poison";
    return run_on_card(launch, before);
}

std::vector<float> random_floats(Generator& generator, std::size_t n, float deviation) {
    std::normal_distribution<float> normal(0.0F, deviation);
    std::vector<float> values(n);
    for (float& v : values) v = normal(generator);
    return values;
}

double relative_distance(std::span<const float> got, const std::vector<double>& want) {
    double difference = 0;
    double length = 0;
    for (std::size_t i = 0; i < want.size(); ++i) {
        const double d = static_cast<double>(got[i]) - want[i];
        if (std::isnan(d)) return std::numeric_limits<double>::infinity();
        difference += d * d;
        length += want[i] * want[i];
    }
    return std::sqrt(difference / length);
}

}  // namespace lares::test
