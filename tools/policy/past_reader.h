#pragma once

#include "engine/base/result.h"
#include "tools/builtin/search_conversations/past_search.h"

#include <cstdint>
#include <string>
#include <vector>

namespace lares {

/// A part of what was said before.
struct PastPage {
    std::vector<PastText> texts;  ///< the newest message first
    std::int64_t next = 0;        ///< read on before this message; 0: that was all
};

/// Whoever has the conversations that search_conversations looks through. Any thread.
class PastReader {
public:
    virtual ~PastReader() = default;

    /// Of messages older than `before` (0: of all), a part that is soon read; without the
    /// conversation `asking`, thinking, what tools gave back, and what is deleted or was never
    /// kept. Waits, until `limits` expire: then Cancelled. Other errors are words for the model and
    /// the user alike.
    [[nodiscard]] virtual Result<PastPage> read(const std::string& asking,
                                                std::int64_t before,
                                                const RunLimits& limits) = 0;
};

}  // namespace lares
