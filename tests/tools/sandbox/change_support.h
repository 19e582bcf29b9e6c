#pragma once

#include "tools/sandbox/change_beneath.h"

#include <QString>

#include <optional>
#include <string>

Q_DECLARE_METATYPE(lares::OpenMethod)

namespace lares::test {

constexpr const char* kMade = "made";
constexpr const char* kTemporary = ".lares-temporary";

/// "made", or the fault's name.
[[nodiscard]] inline QString nameOf(const std::optional<ChangeFault>& fault) {
    if (!fault) return kMade;
    switch (*fault) {
        case ChangeFault::NotFound:
            return "notfound";
        case ChangeFault::NoFolder:
            return "nofolder";
        case ChangeFault::Exists:
            return "exists";
        case ChangeFault::NotEmpty:
            return "notempty";
        case ChangeFault::IntoItself:
            return "intoitself";
        case ChangeFault::OtherDisk:
            return "otherdisk";
        case ChangeFault::Changed:
            return "changed";
        case ChangeFault::DiskFull:
            return "diskfull";
        case ChangeFault::NameTooLong:
            return "nametoolong";
        case ChangeFault::TooLarge:
            return "toolarge";
        case ChangeFault::Denied:
            return "denied";
        case ChangeFault::Unsupported:
            return "unsupported";
        case ChangeFault::Io:
            return "io";
    }
    return {};
}

/// What went wrong, or "made": an outcome that made something says so, and no other does.
[[nodiscard]] inline QString nameOf(const ChangeOutcome& outcome) {
    if (outcome.is_made == outcome.fault.has_value()) return "is_made contradicts the fault";
    return nameOf(outcome.fault);
}

}  // namespace lares::test
