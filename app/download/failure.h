#pragma once

#include <QNetworkReply>
#include <QString>

namespace lares::download {

/// Why an attempt ended without the file. `message` is a sentence or two: the cause, and where it
/// does not mend by itself, the next step.
struct Failure {
    enum class Code {
        Network,     ///< no connection, or it broke off
        NotTrusted,  ///< TLS
        Proxy,
        WebPage,    ///< somebody in between answered: a network that wants a login
        Refused,    ///< 401, 403 and the like
        Gone,       ///< 404, 410
        Busy,       ///< 429, 5xx
        Redirect,   ///< to where it may not lead, or in circles
        WrongFile,  ///< other bytes, or another size
        BadAnswer,  ///< HTTP that contradicts itself
        DiskFull,
        CannotWrite,
        Locked,
        Stopped,  ///< the user asked for it
    };
    Code code = Code::Network;
    QString message;
    bool mayPass = false;       ///< another attempt may succeed
    bool needsRestart = false;  ///< and only from the first byte on
    int retryAfterSeconds = 0;  ///< the server's wish; 0: none
};

/// "disk_full", for programs.
[[nodiscard]] QString nameOf(Failure::Code code);

/// Of an answer that never came.
[[nodiscard]] Failure failureOf(const QNetworkReply& reply);
/// The bytes stopped coming.
[[nodiscard]] Failure brokenOff(const QString& host);

}  // namespace lares::download
