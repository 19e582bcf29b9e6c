#pragma once

#include "app/download/reply_check.h"
#include "app/models/model_catalogue.h"

#include <QNetworkAccessManager>
#include <QObject>
#include <QPointer>
#include <QTimer>

#include <functional>

namespace lares::download {

/// One attempt: asks for the bytes from `from` on, follows redirects where the catalogue allows
/// them, hands over what comes. It never decides to try again. HTTPS without cookies, referrer,
/// cache or credentials; each request says no more than that Lares asks for a file.
class Fetch : public QObject {
    Q_OBJECT

public:
    struct Options {
        app::LocalServer local = app::LocalServer::Refused;
        int stallMs = 30'000;  ///< how long nothing, or next to nothing, may come
    };
    Fetch(const app::CatalogueEntry& entry, const Options& options, QObject* parent = nullptr);

    void begin(const Asked& asked);
    void abort();  ///< nothing is emitted any more

signals:
    /// The answer was accepted; its body begins with that byte of the file. `isKnown`: by a name or
    /// by its length it is the answer of one who has the file, and a part of it is worth keeping.
    void accepted(qint64 from, const QByteArray& etag, bool isKnown);
    void received(const QByteArray& bytes);
    void ended();  ///< the body did; whether all came is for the receiver to count
    void failed(const lares::download::Failure& failure);

private:
    void request(const QUrl& url);
    void look();
    void read();
    void finish();
    void checkSpeed();
    void redirect(const QUrl& to);
    void fail(const Failure& failure);
    void letGo();

    app::CatalogueEntry m_entry;
    Options m_options;
    Asked m_asked;
    QNetworkAccessManager m_network;
    QPointer<QNetworkReply> m_reply;
    QTimer m_stall;
    qint64 m_sinceLook = 0;  ///< bytes since checkSpeed()
    int m_nRedirect = 0;
    bool m_isAccepted = false;
};

}  // namespace lares::download
