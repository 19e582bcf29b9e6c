#pragma once

#include "tools/audit/call_log.h"

#include <vector>

namespace lares::test {

/// What a broker writes down, kept as it was given; one thread.
class CallLogInMemory final : public CallLog {
public:
    Result<EntryNumber> decided_all(std::span<const DecidedCall> calls) override {
        if (fails) return Error{ErrorCode::Io, "the disk is full"};
        decisions.insert(decisions.end(), calls.begin(), calls.end());
        return static_cast<EntryNumber>(decisions.size());
    }
    Result<void> ended_all(std::span<const EndedCall> calls) override {
        ends.insert(ends.end(), calls.begin(), calls.end());
        return {};
    }

    bool fails = false;
    std::vector<DecidedCall> decisions;
    std::vector<EndedCall> ends;
};

}  // namespace lares::test
