#include "engine/model/fingerprint.h"

#include "engine/base/xxhash64.h"
#include "engine/model/model.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <span>

namespace lares {
namespace {

constexpr std::size_t kSampleBytes = 4096;

/// Two hashes side by side, since 64 bits alone are few for something that is never compared again.
struct TwoHashes {
    std::array<std::uint64_t, 2> value = {0, 0x4C61726573};

    void add(std::span<const std::byte> bytes) {
        for (std::uint64_t& hash : value) hash = xxhash64(bytes, hash);
    }
    template <class T>
    void add_number(T number) {
        add(std::as_bytes(std::span(&number, 1)));
    }
};

void add_dimensions(TwoHashes& hashes, const HParams& hp) {
    hashes.add(std::as_bytes(std::span(hp.layers)));
    for (const int n : {hp.d_model, hp.n_vocab, hp.d_ff, hp.n_head, hp.n_kv_head, hp.head_dim,
                        hp.n_ssm_head, hp.ssm_head_dim, hp.d_state, hp.n_group, hp.d_conv})
        hashes.add_number(n);
    hashes.add_number(hp.norm_eps);
}

void add_samples(TwoHashes& hashes, std::span<const std::byte> bytes) {
    if (bytes.size() <= 3 * kSampleBytes) return hashes.add(bytes);
    hashes.add(bytes.first(kSampleBytes));
    hashes.add(bytes.subspan(bytes.size() / 2, kSampleBytes));
    hashes.add(bytes.last(kSampleBytes));
}

}  // namespace

std::string fingerprint(const Model& model) {
    TwoHashes hashes;
    add_dimensions(hashes, model.hparams());
    for (const FileTensor& tensor : model.file().tensors()) {
        hashes.add(std::as_bytes(std::span(tensor.name)));
        hashes.add_number(tensor.view.dtype);
        hashes.add_number(tensor.view.rows());
        hashes.add_number(tensor.view.cols());
        hashes.add_number(tensor.view.scale);
        add_samples(hashes, {tensor.view.data, tensor.view.size_bytes()});
    }
    std::array<char, 33> text{};
    std::snprintf(text.data(), text.size(), "%016llx%016llx",
                  static_cast<unsigned long long>(hashes.value[0]),
                  static_cast<unsigned long long>(hashes.value[1]));
    return text.data();
}

}  // namespace lares
