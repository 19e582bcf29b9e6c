#pragma once

#include "engine/base/result.h"

#include <QString>

#include <functional>
#include <vector>

namespace lares::app {

class Database;

/// Writes that failed for want of room, or of a disk, to be tried again: of everything the newest
/// state alone, in the order in which they came, since one may be about the same rows as one before
/// it. One thread at a time.
class PendingWrites {
public:
    using Write = std::function<Result<void>(Database&)>;

    /// Somebody may mend what it failed for.
    [[nodiscard]] static bool isWorthAnotherTry(const Error& error);

    [[nodiscard]] bool isEmpty() const { return m_all.empty(); }
    /// Behind all others, in place of an earlier state of `what`; "" is no state of anything.
    void put(const QString& what, Write write);
    void drop(const QString& what);
    /// One after the other, until one fails, which stays where another try is worth it.
    [[nodiscard]] Result<void> tryAgain(Database& database);

private:
    struct Pending {
        QString what;
        Write write;
    };
    std::vector<Pending> m_all;
};

}  // namespace lares::app
