#pragma once

#include "app/download/failure.h"

#include <QByteArray>
#include <QUrl>

#include <variant>

namespace lares::download {

/// What an answer says before its body, as far as a download looks at it.
struct ReplyHead {
    QUrl url;
    int status = 0;
    qint64 contentLength = -1;  ///< -1: it does not say
    QByteArray contentType, contentEncoding, contentRange, etag, retryAfter;
    QUrl location;  ///< of a redirect, absolute
};
[[nodiscard]] ReplyHead headOf(const QNetworkReply& reply);

/// What was asked for.
struct Asked {
    qint64 from = 0;  ///< 0: everything, without a Range
    qint64 size = 0;  ///< of the whole file
    QByteArray etag;  ///< of what is there already
};

/// A body follows that begins with byte `from` of the file.
struct BodyFrom {
    qint64 from = 0;
};
struct RedirectTo {
    QUrl url;
};
/// What the answer means. A body is only ever accepted where its place in the file is certain.
[[nodiscard]] std::variant<BodyFrom, RedirectTo, Failure> judge(const ReplyHead& head,
                                                                const Asked& asked);

}  // namespace lares::download
