#include "app/download/failure.h"

#include <QCoreApplication>

namespace lares::download {
namespace {

struct FailureText {
    Q_DECLARE_TR_FUNCTIONS(DownloadFailure)
};

Failure proxyFailure(const QNetworkReply& reply) {
    return {
        Failure::Code::Proxy,
        FailureText::tr("The proxy of this network does not let the download through: %1. Look at "
                        "the proxy in the system's settings, then try again.")
            .arg(reply.errorString())};
}

}  // namespace

QString nameOf(Failure::Code code) {
    switch (code) {
        case Failure::Code::Network:
            return "network";
        case Failure::Code::NotTrusted:
            return "not_trusted";
        case Failure::Code::Proxy:
            return "proxy";
        case Failure::Code::WebPage:
            return "web_page";
        case Failure::Code::Refused:
            return "refused";
        case Failure::Code::Gone:
            return "gone";
        case Failure::Code::Busy:
            return "busy";
        case Failure::Code::Redirect:
            return "redirect";
        case Failure::Code::WrongFile:
            return "wrong_file";
        case Failure::Code::BadAnswer:
            return "bad_answer";
        case Failure::Code::DiskFull:
            return "disk_full";
        case Failure::Code::CannotWrite:
            return "cannot_write";
        case Failure::Code::Locked:
            return "locked";
        case Failure::Code::Stopped:
            return "stopped";
    }
    return "network";
}

Failure brokenOff(const QString& host) {
    return {Failure::Code::Network, FailureText::tr("The connection to %1 broke off.").arg(host),
            true};
}

Failure failureOf(const QNetworkReply& reply) {
    const QString host = reply.url().host();
    switch (reply.error()) {
        case QNetworkReply::SslHandshakeFailedError:
            return {Failure::Code::NotTrusted,
                    FailureText::tr("The connection to %1 could not be trusted: %2. Check that the "
                                    "date of this computer is right and that no filter sits in its "
                                    "network, then try again.")
                        .arg(host, reply.errorString())};
        case QNetworkReply::ProxyAuthenticationRequiredError:
            return proxyFailure(reply);
        case QNetworkReply::ProxyConnectionRefusedError:
        case QNetworkReply::ProxyConnectionClosedError:
        case QNetworkReply::ProxyNotFoundError:
        case QNetworkReply::ProxyTimeoutError: {
            Failure failure = proxyFailure(reply);
            failure.mayPass = true;
            return failure;
        }
        case QNetworkReply::HostNotFoundError:
            return {Failure::Code::Network,
                    FailureText::tr("%1 was not found: this computer seems to have no network.")
                        .arg(host),
                    true};
        case QNetworkReply::ConnectionRefusedError:
            return {Failure::Code::Network,
                    FailureText::tr("%1 does not take the connection.").arg(host), true};
        default:
            return brokenOff(host);
    }
}

}  // namespace lares::download
