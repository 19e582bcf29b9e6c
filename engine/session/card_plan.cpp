#include "engine/session/card_plan.h"

#include "engine/backend/cuda/device_list.h"
#include "engine/backend/cuda/library_products.h"

#include <optional>

namespace lares {
namespace {

CardSummary summary_of(const cuda::ListedCard& listed) {
    const cuda::DeviceInfo& info = listed.card.info;
    CardSummary summary{listed.card.ordinal,
                        info.name,
                        info.compute_major,
                        info.compute_minor,
                        info.n_multiprocessor,
                        info.total_bytes,
                        listed.free_bytes.value_or(0),
                        cuda::objection_to(info).value_or("")};
    if (summary.problem.empty() && !listed.free_bytes)
        summary.problem = listed.free_bytes.error().message;
    return summary;
}

}  // namespace

CardList find_cards() {
    const cuda::DeviceNeeds needs;
    if (needs.fat_binary.empty())
        return {{}, "this program was built without kernels for graphics cards"};
    const auto driver = needs.load();
    if (!driver) return {{}, driver.error().message};
    const auto listed = cuda::list_cards(*driver);
    if (!listed) return {{}, listed.error().message};
    CardList list;
    for (const cuda::ListedCard& card : *listed) list.cards.push_back(summary_of(card));
    std::optional<Result<cuda::CublasApi>> cublas;
    for (std::size_t i = 0; i < list.cards.size(); ++i) {
        CardSummary& card = list.cards[i];
        if (!card.problem.empty()) continue;
        if (!cublas) cublas = needs.load_cublas(driver->version);
        const auto objection = cuda::objection_to_library((*listed)[i].card.info);
        card.has_library = !objection && cublas->has_value();
        card.library = !*cublas    ? cublas->error().message
                       : objection ? *objection
                                   : (*cublas)->text;
    }
    if (cublas) return list;
    if (!list.cards.empty()) list.why_none = list.cards.front().problem;
    return list;
}

}  // namespace lares
