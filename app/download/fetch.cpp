#include "app/download/fetch.h"

#include <QCoreApplication>

#include <utility>

namespace lares::download {
namespace {

constexpr int kMostRedirects = 8;
constexpr qint64 kReadBuffer = 1'048'576;  // what is fetched ahead of the disk
constexpr qint64 kLeastInAStall = 16'384;

struct FetchText {
    Q_DECLARE_TR_FUNCTIONS(DownloadFetch)
};

}  // namespace

Fetch::Fetch(const app::CatalogueEntry& entry, const Options& options, QObject* parent)
    : QObject(parent), m_entry(entry), m_options(options) {
    m_network.setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
    m_network.setAutoDeleteReplies(false);
    m_stall.setInterval(options.stallMs);
    connect(&m_stall, &QTimer::timeout, this, &Fetch::checkSpeed);
}

void Fetch::begin(const Asked& asked) {
    letGo();
    m_asked = asked;
    m_nRedirect = 0;
    request(m_entry.url);
}

void Fetch::abort() {
    letGo();
}

void Fetch::request(const QUrl& url) {
    QNetworkRequest request(url);
    for (const auto attribute :
         {QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::CookieSaveControlAttribute,
          QNetworkRequest::AuthenticationReuseAttribute})
        request.setAttribute(attribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    // Else Qt would say which language the user speaks, and unpack what a server packed.
    request.setRawHeader("User-Agent", "Lares");
    request.setRawHeader("Accept", "*/*");
    request.setRawHeader("Accept-Language", "*");
    request.setRawHeader("Accept-Encoding", "identity");
    if (m_asked.from > 0) {
        request.setRawHeader("Range", "bytes=" + QByteArray::number(m_asked.from) + '-');
        // A weak tag does not promise the same bytes.
        if (!m_asked.etag.isEmpty() && !m_asked.etag.startsWith("W/"))
            request.setRawHeader("If-Range", m_asked.etag);
    }
    m_isAccepted = false;
    m_sinceLook = 0;
    m_reply = m_network.get(request);
    m_reply->setReadBufferSize(kReadBuffer);
    connect(m_reply, &QNetworkReply::metaDataChanged, this, &Fetch::look);
    connect(m_reply, &QNetworkReply::readyRead, this, &Fetch::read);
    connect(m_reply, &QNetworkReply::finished, this, &Fetch::finish);
    m_stall.start();
}

void Fetch::look() {
    if (m_isAccepted) return;
    const ReplyHead head = headOf(*m_reply);
    if (head.status == 0) return;
    const auto verdict = judge(head, m_asked);
    if (const auto* failure = std::get_if<Failure>(&verdict)) return fail(*failure);
    if (const auto* target = std::get_if<RedirectTo>(&verdict)) return redirect(target->url);
    m_isAccepted = true;
    const bool isStrong = head.etag.startsWith('"');
    emit accepted(std::get<BodyFrom>(verdict).from, head.etag, isStrong || head.contentLength >= 0);
}

void Fetch::redirect(const QUrl& to) {
    const QString host = m_reply->url().host();
    if (++m_nRedirect > kMostRedirects)
        return fail(
            {Failure::Code::Redirect,
             FetchText::tr("%1 sends the download in circles. Try again later.").arg(host)});
    if (const auto allowed = app::checkAddress(to, m_entry.hosts, m_options.local); !allowed)
        return fail(
            {Failure::Code::Redirect,
             FetchText::tr("%1 wants to send the download elsewhere, which was not followed: "
                           "%2. A network that wants a login does that: open a page in your "
                           "browser, then try again.")
                 .arg(host, QString::fromStdString(allowed.error().message))});
    letGo();
    request(to);
}

void Fetch::read() {
    // The receiver may abort while it takes the bytes.
    while (m_reply && m_isAccepted && m_reply->bytesAvailable() > 0) {
        const QByteArray bytes = m_reply->read(kReadBuffer);
        m_sinceLook += bytes.size();
        emit received(bytes);
    }
}

void Fetch::finish() {
    if (!m_isAccepted) look();
    if (!m_reply) return;
    if (!m_isAccepted) return fail(failureOf(*m_reply));
    read();
    if (!m_reply) return;
    letGo();
    emit ended();
}

void Fetch::checkSpeed() {
    if (std::exchange(m_sinceLook, 0) >= kLeastInAStall || !m_reply) return;
    fail({Failure::Code::Network, FetchText::tr("%1 stopped sending.").arg(m_reply->url().host()),
          true});
}

void Fetch::fail(const Failure& failure) {
    letGo();
    emit failed(failure);
}

void Fetch::letGo() {
    m_stall.stop();
    if (!m_reply) return;
    QNetworkReply* reply = m_reply;
    m_reply = nullptr;
    reply->disconnect(this);
    reply->deleteLater();  // which ends the connection; abort() must not be called in its own
                           // signals
}

}  // namespace lares::download
