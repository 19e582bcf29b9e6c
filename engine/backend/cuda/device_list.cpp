#include "engine/backend/cuda/device_list.h"

#include "engine/backend/cuda/driver_device.h"
#include "engine/backend/cuda/megabytes.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace lares::cuda {
namespace {

constexpr int kOldestCardMajor = 7;
constexpr int kOldestCardMinor = 5;

/// Why not this card; nothing if it can be used.
std::optional<Error> refusal(const ListedCard& listed, std::size_t needed_bytes) {
    if (auto why = objection_to(listed.card.info))
        return Error{ErrorCode::Unsupported, *std::move(why)};
    if (!listed.free_bytes) return listed.free_bytes.error();
    if (*listed.free_bytes < needed_bytes)
        return Error{ErrorCode::OutOfMemory,
                     "the model needs " + megabytes_needed(needed_bytes) + " on " +
                         listed.card.info.name + ", of which " +
                         megabytes_free(*listed.free_bytes) +
                         " are free; close other programs that use it, or take a shorter context"};
    return std::nullopt;
}

/// The cards that the request allows. Errors: those of find_card.
Result<std::vector<ListedCard>> candidates(const DriverApi& api, const DeviceRequest& request) {
    if (!request.ordinal) return list_cards(api);
    ASSIGN_OR_RETURN(Card card, find_card(api, *request.ordinal));
    std::vector<ListedCard> one;
    Result<std::size_t> free_bytes = measure_free_bytes(api, card);
    one.push_back({std::move(card), std::move(free_bytes)});
    return one;
}

Result<std::unique_ptr<Device>> open_card(const DeviceRequest& request, const DeviceNeeds& needs) {
    if (needs.fat_binary.empty())
        return Error{ErrorCode::Unsupported,
                     "this program was built without kernels for graphics cards"};
    ASSIGN_OR_RETURN(const DriverApi api, needs.load());
    ASSIGN_OR_RETURN(std::vector<ListedCard> cards, candidates(api, request));
    // Cards that are too old come last, so that the sentence is of one that could; of equal cards
    // the first stays the first.
    const auto rank = [](const ListedCard& listed) {
        return std::pair(!objection_to(listed.card.info), listed.free_bytes.value_or(0));
    };
    std::stable_sort(cards.begin(), cards.end(),
                     [&](const ListedCard& a, const ListedCard& b) { return rank(a) > rank(b); });
    std::optional<Error> first_refusal;
    for (const ListedCard& listed : cards) {
        std::optional<Error> why = refusal(listed, needs.needed_bytes);
        if (!why) {
            auto device =
                DriverDevice::open(api, listed.card.ordinal, needs.fat_binary, needs.load_cublas);
            if (device) return std::unique_ptr<Device>(std::move(device).value());
            why = std::move(device).error();
        }
        if (!first_refusal) first_refusal = std::move(why);
    }
    if (first_refusal) return *std::move(first_refusal);
    return Error{ErrorCode::NotFound, "the NVIDIA driver finds no graphics card"};
}

}  // namespace

Result<DeviceRequest> parse_device_request(std::string_view text) {
    using Kind = DeviceRequest::Kind;
    if (text == "auto") return DeviceRequest{Kind::Auto, {}};
    if (text == "cpu") return DeviceRequest{Kind::Cpu, {}};
    if (text == "cuda") return DeviceRequest{Kind::Cuda, {}};
    constexpr std::string_view kNumbered = "cuda:";
    if (text.starts_with(kNumbered)) {
        const std::string_view digits = text.substr(kNumbered.size());
        const char* const end = digits.data() + digits.size();
        int ordinal = 0;
        const auto [stop, error] = std::from_chars(digits.data(), end, ordinal);
        if (error == std::errc() && stop == end && ordinal >= 0)
            return DeviceRequest{Kind::Cuda, ordinal};
    }
    return Error{ErrorCode::InvalidArgument,
                 "the device is auto, cpu, cuda or cuda:N, not '" + std::string(text) + "'"};
}

Result<std::vector<ListedCard>> list_cards(const DriverApi& api) {
    ASSIGN_OR_RETURN(const int n_card, count_cards(api));
    std::vector<ListedCard> cards;
    for (int i = 0; i < n_card; ++i) {
        ASSIGN_OR_RETURN(Card card, find_card(api, i));
        Result<std::size_t> free_bytes = measure_free_bytes(api, card);
        cards.push_back({std::move(card), std::move(free_bytes)});
    }
    return cards;
}

std::optional<std::string> objection_to(const DeviceInfo& info) {
    if (std::pair(info.compute_major, info.compute_minor) >=
        std::pair(kOldestCardMajor, kOldestCardMinor))
        return std::nullopt;
    return info.name + " is too old: it has compute capability " +
           std::to_string(info.compute_major) + "." + std::to_string(info.compute_minor) +
           ", 7.5 is needed (RTX 20 or newer)";
}

Result<DeviceChoice> choose_device(const DeviceRequest& request, const DeviceNeeds& needs) {
    if (request.kind == DeviceRequest::Kind::Cpu) return DeviceChoice{};
    Result<std::unique_ptr<Device>> device = open_card(request, needs);
    if (device) return DeviceChoice{std::move(device).value(), {}};
    if (request.kind == DeviceRequest::Kind::Cuda) return std::move(device).error();
    return DeviceChoice{nullptr, std::move(device).error().message};
}

}  // namespace lares::cuda
