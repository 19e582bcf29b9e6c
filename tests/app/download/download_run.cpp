#include "tests/app/download/download_run.h"

#include "tests/support/test_data.h"

#include <QCryptographicHash>
#include <QEventLoop>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>

namespace lares::test {
namespace {

app::CatalogueEntry entryOf(const QByteArray& body, const QByteArray& address) {
    app::CatalogueEntry entry;
    entry.id = "noise";
    entry.name = "Noise";
    entry.file = "noise.gguf";
    entry.url = QUrl::fromEncoded(address);
    entry.size = body.size();
    entry.sha256 = QCryptographicHash::hash(body, QCryptographicHash::Sha256).toHex();
    entry.hosts = QStringList{"models.example.org"};
    return entry;
}

}  // namespace

QByteArray noise(qint64 size, quint32 seed) {
    QRandomGenerator random(seed);
    QByteArray bytes(size, Qt::Uninitialized);
    for (char& byte : bytes) byte = static_cast<char>(random.generate());
    return bytes;
}

DownloadRun::DownloadRun(const QByteArray& body, const QByteArray& address, const QString& folder)
    : m_body(body)
    , m_entry(entryOf(body, address))
    , m_place(folder.isEmpty() ? m_temporary.filePath("models") : folder, m_entry)
    , m_catalogue(m_temporary.filePath("catalogue.json")) {
    const QJsonObject model{{"id", m_entry.id},
                            {"name", m_entry.name},
                            {"file", m_entry.file},
                            {"url", m_entry.url.toString()},
                            {"size", m_entry.size},
                            {"sha256", QString::fromLatin1(m_entry.sha256)},
                            {"hosts", QJsonArray::fromStringList(m_entry.hosts)}};
    QFile file(m_catalogue);
    if (file.open(QIODevice::WriteOnly))
        file.write(QJsonDocument(QJsonObject{{"models", QJsonArray{model}}}).toJson());
    QObject::connect(&m_process, &QProcess::readyReadStandardOutput, &m_process,
                     [this] { m_output += m_process.readAllStandardOutput(); });
    m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
}

void DownloadRun::start() {
    m_output.clear();
    QStringList arguments{"--model",      m_entry.id,    "--folder",
                          m_place.folder, "--catalogue", m_catalogue};
    if (secondMs > 0) arguments << "--test-second-ms" << QString::number(secondMs);
    m_process.start(QString::fromStdString(program("lares-download").string()), arguments);
}

void DownloadRun::finish() {
    QEventLoop loop;
    QObject::connect(&m_process, &QProcess::finished, &loop, &QEventLoop::quit);
    QObject::connect(&m_process, &QProcess::errorOccurred, &loop, &QEventLoop::quit);
    if (m_process.state() != QProcess::NotRunning) loop.exec();
    m_output += m_process.readAllStandardOutput();
}

void DownloadRun::stop() {
    m_process.write(app::stopLine());
}

std::vector<app::DownloadMessage> DownloadRun::messages() const {
    std::vector<app::DownloadMessage> messages;
    for (const QByteArray& line : m_output.split('\n')) {
        if (const auto message = app::readMessage(line)) messages.push_back(*message);
    }
    return messages;
}

QString DownloadRun::outcome() const {
    using Event = app::DownloadMessage::Event;
    const auto all = messages();
    if (all.empty()) return {};
    if (all.back().event == Event::Done) return "done";
    if (all.back().event == Event::Stopped) return "stopped";
    return all.back().event == Event::Error ? all.back().code : QString();
}

QString DownloadRun::sentence() const {
    const auto all = messages();
    return all.empty() ? QString() : all.back().message;
}

bool DownloadRun::isThere() const {
    return QFile::exists(m_place.file);
}

bool DownloadRun::isRight() const {
    QFile file(m_place.file);
    return file.open(QIODevice::ReadOnly) && file.readAll() == m_body;
}

qint64 DownloadRun::kept() const {
    return app::bytesKept(m_place, m_entry);
}

}  // namespace lares::test
