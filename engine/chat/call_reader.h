#pragma once

#include "engine/chat/output_parser.h"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lares {

/// Reads what follows the opening tag of a call, as it streams, and finds where it ends.
/// Every byte is looked at a bounded number of times: what is taken never comes back, and what is
/// left is at most the beginning of a tag. One thread at a time.
class CallReader {
public:
    virtual ~CallReader() = default;

    /// Takes bytes from the front of `text` and says how many; those it leaves come again in front
    /// of the next piece.
    [[nodiscard]] virtual std::size_t take(std::string_view text) = 0;
    /// The block has ended; what follows is not its own.
    [[nodiscard]] virtual bool is_done() const = 0;
    /// End of the answer; `rest` is what take() left.
    virtual void finish(std::string_view rest) = 0;

    /// Calls and malformed calls since the last time.
    [[nodiscard]] std::vector<OutputEvent> events() { return std::exchange(m_events, {}); }

protected:
    void add_event(OutputEvent event) { m_events.push_back(std::move(event)); }

private:
    std::vector<OutputEvent> m_events;
};

/// Longer names of functions and parameters are not names.
inline constexpr std::size_t kMaxNameBytes = 256;
/// A call with more parameters is refused.
inline constexpr std::size_t kMaxParameters = 256;

/// Whether it can be the name of a function or parameter: not empty, no control characters, no "<".
[[nodiscard]] bool is_call_name(std::string_view name);

/// Generation A. `opening` is the tag and the white space behind it; `tools` must outlive the
/// reader.
[[nodiscard]] std::unique_ptr<CallReader> make_xml_call_reader(std::string opening,
                                                               const std::vector<Json>& tools);
/// Generation B.
[[nodiscard]] std::unique_ptr<CallReader> make_json_call_reader(std::string opening);

}  // namespace lares
