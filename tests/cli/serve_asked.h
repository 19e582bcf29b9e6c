#pragma once

#include "tests/cli/serve_client.h"

#include <QByteArray>
#include <QJsonObject>
#include <QList>

namespace lares::test {

/// A request that always has the same answer, streamed or not.
struct Asked {
    const char* name;
    const char* path;
    QJsonObject body;
};

/// With tools, forms, stop strings, and what else a conversation or a text may be asked with.
[[nodiscard]] QList<Asked> sameAnswers();
/// An answer that only the context's end ends.
[[nodiscard]] Asked endlessAnswer();
[[nodiscard]] QByteArray bodyOf(const Asked& asked, bool isStream);

/// What an answer says, but for its id and its time: thinking, text, calls, the reason of its end
/// and the figures of its tokens. `problem` names what is wrong with its form; empty: nothing.
struct Said {
    QString text;
    QString id;
    QString problem;
};
[[nodiscard]] Said saidIn(const HttpAnswer& answer, bool isStream);

/// A request that must be refused.
struct Refused {
    const char* name;
    QByteArray bytes;
    int status;
    QByteArray says;  ///< a part of its error
};
/// `host` is a line of its own, `key` too, or empty.
[[nodiscard]] QList<Refused> refusedRequests(const QByteArray& host, const QByteArray& key);

}  // namespace lares::test
