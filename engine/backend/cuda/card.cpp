#include "engine/backend/cuda/card.h"

#include <array>

namespace lares::cuda {
namespace {

Error unreadable(const DriverApi& api, driver::Status status, int ordinal) {
    return {ErrorCode::DeviceFailed, "the NVIDIA driver says nothing about card " +
                                         std::to_string(ordinal) + ": " + describe(api, status) +
                                         "; restart the computer"};
}

Result<int> attribute(const DriverApi& api, const Card& card, int which) {
    int value = 0;
    const driver::Status status = api.DeviceGetAttribute(&value, which, card.device);
    if (status != driver::kSuccess) return unreadable(api, status, card.ordinal);
    return value;
}

}  // namespace

Result<int> count_cards(const DriverApi& api) {
    int n_card = 0;
    const driver::Status status = api.DeviceGetCount(&n_card);
    if (status != driver::kSuccess)
        return Error{ErrorCode::DeviceFailed,
                     "the NVIDIA driver does not say how many cards there are: " +
                         describe(api, status) + "; restart the computer"};
    return n_card;
}

Result<Card> find_card(const DriverApi& api, int ordinal) {
    ASSIGN_OR_RETURN(const int n_card, count_cards(api));
    if (ordinal < 0 || ordinal >= n_card)
        return Error{ErrorCode::InvalidArgument, "there is no card " + std::to_string(ordinal) +
                                                     "; this machine has " +
                                                     std::to_string(n_card) + ", numbered from 0"};
    Card card;
    card.ordinal = ordinal;
    card.info.ordinal = ordinal;
    driver::Status status = api.DeviceGet(&card.device, ordinal);
    if (status != driver::kSuccess) return unreadable(api, status, ordinal);

    std::array<char, 256> name{};
    status = api.DeviceGetName(name.data(), static_cast<int>(name.size()) - 1, card.device);
    if (status != driver::kSuccess) return unreadable(api, status, ordinal);
    card.info.name = name.data();

    status = api.DeviceTotalMem(&card.info.total_bytes, card.device);
    if (status != driver::kSuccess) return unreadable(api, status, ordinal);
    ASSIGN_OR_RETURN(card.info.compute_major,
                     attribute(api, card, driver::kComputeCapabilityMajor));
    ASSIGN_OR_RETURN(card.info.compute_minor,
                     attribute(api, card, driver::kComputeCapabilityMinor));
    ASSIGN_OR_RETURN(card.info.n_multiprocessor,
                     attribute(api, card, driver::kMultiprocessorCount));
    return card;
}

Result<driver::Context> retain_context(const DriverApi& api, const Card& card) {
    driver::Context context = nullptr;
    const driver::Status status = api.DevicePrimaryCtxRetain(&context, card.device);
    if (status == driver::kSuccess) return context;
    if (status == driver::kOutOfMemory)
        return Error{ErrorCode::OutOfMemory, "the memory of " + card.info.name +
                                                 " is full; close other programs that use it"};
    return Error{ErrorCode::DeviceFailed, card.info.name +
                                              " cannot be used: " + describe(api, status) +
                                              "; close other programs that use it, or restart "
                                              "the computer"};
}

Result<std::size_t> measure_free_bytes(const DriverApi& api, const Card& card) {
    driver::Context before = nullptr;
    api.CtxGetCurrent(&before);
    ASSIGN_OR_RETURN(const driver::Context context, retain_context(api, card));
    std::size_t free = 0;
    std::size_t total = 0;
    driver::Status status = api.CtxSetCurrent(context);
    if (status == driver::kSuccess) status = api.MemGetInfo(&free, &total);
    api.CtxSetCurrent(before);
    api.DevicePrimaryCtxRelease(card.device);
    if (status != driver::kSuccess) return unreadable(api, status, card.ordinal);
    return free;
}

}  // namespace lares::cuda
