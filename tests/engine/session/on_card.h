#pragma once

#include "engine/sampling/sampler_chain.h"
#include "engine/session/device_provider.h"
#include "engine/session/session.h"
#include "tests/support/test_data.h"
#include "tests/support/test_device.h"

#include <QTest>

// What tests of sessions and engines on a card have in common.

namespace lares::test {

template <class T>
T must(Result<T> result) {
    if (!result) qFatal("%s", result.error().message.c_str());
    return std::move(result).value();
}
inline void must(const Result<void>& result) {
    if (!result) qFatal("%s", result.error().message.c_str());
}

inline std::shared_ptr<const Model> load(const std::string& file) {
    return must(Model::load(data_file("golden/" + file)));
}

/// Always a new card.
class OneCard final : public DeviceProvider {
public:
    Result<cuda::DeviceChoice> choose(const cuda::DeviceRequest&, std::size_t) const override {
        auto device = std::make_unique<WatchedDevice>(open_test_device());
        last = device.get();
        return cuda::DeviceChoice{std::move(device), {}};
    }
    mutable WatchedDevice* last = nullptr;
};

inline SessionOptions options_on(const std::string& device,
                                 std::shared_ptr<const DeviceProvider> cards = {},
                                 int n_ctx = 256) {
    SessionOptions options;
    options.n_threads = 1;
    options.n_ctx = n_ctx;
    options.device = device;
    options.device_provider = std::move(cards);
    return options;
}

inline SamplingParams drawing(std::uint64_t seed) {
    SamplingParams params;
    params.temperature = 1.0F;
    params.seed = seed;
    return params;
}

}  // namespace lares::test
