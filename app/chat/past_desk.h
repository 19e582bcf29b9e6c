#pragma once

#include "tools/policy/past_reader.h"

namespace lares::app {

class ConversationStore;

/// Gives the tools what was said in the stored conversations: read by the store's thread, waited
/// for in the tools' one. Any thread.
class PastDesk final : public PastReader {
public:
    /// `store` outlives it, and may be null: then there is nothing to read.
    explicit PastDesk(ConversationStore* store) : m_store(store) {}

    [[nodiscard]] Result<PastPage> read(const std::string& asking,
                                        std::int64_t before,
                                        const RunLimits& limits) override;

private:
    ConversationStore* m_store;
};

}  // namespace lares::app
