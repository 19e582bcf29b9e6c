#include "app/desktop/wishes.h"

#include "app/files/whole_file.h"

#include <QDateTime>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <QThread>

#include <array>
#include <utility>

namespace lares::app {
namespace {

using namespace std::chrono_literals;

constexpr std::array kWishes = {std::pair{Wishes::Wish::Show, "show"},
                                std::pair{Wishes::Wish::Quick, "quick"}};
constexpr qint64 kLongestToken = 256;
constexpr int kStaleSeconds = 10;  // longer than anybody waits
constexpr const char* kTokenVariable = "XDG_ACTIVATION_TOKEN";

QString fileOf(const QString& folder, const char* name) {
    return folder + '/' + QLatin1String(name);
}

/// With it Wayland lets the first Lares come to the front on behalf of the second start.
void passOn(const QByteArray& token) {
    static const QRegularExpression kPlain("^[!-~]{1,256}$");
    if (kPlain.match(QString::fromLatin1(token)).hasMatch()) qputenv(kTokenVariable, token);
}

}  // namespace

Wishes::Wishes(const QString& folder, QObject* parent) : QObject(parent), m_folder(folder) {
    QDir().mkpath(folder);
    QFile::setPermissions(folder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    // What a start left that ended in the middle; one that waits right now is answered.
    const QDateTime limit = QDateTime::currentDateTime().addSecs(-kStaleSeconds);
    for (const auto& [wish, name] : kWishes) {
        const QString file = fileOf(folder, name);
        if (QFileInfo(file).lastModified() < limit) QFile::remove(file);
    }
    m_watcher.addPath(folder);
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, this, &Wishes::take);
    QMetaObject::invokeMethod(this, &Wishes::take, Qt::QueuedConnection);
}

void Wishes::take() {
    for (const auto& [wish, name] : kWishes) {
        QFile file(fileOf(m_folder, name));
        if (!file.open(QIODevice::ReadOnly)) continue;
        const QByteArray token = file.read(kLongestToken + 1);
        file.close();
        if (!file.remove()) continue;
        passOn(token);
        emit came(wish);
    }
}

bool Wishes::leave(const QString& folder, Wish wish, std::chrono::milliseconds patience) {
    QString path;
    for (const auto& [known, name] : kWishes) {
        if (known == wish) path = fileOf(folder, name);
    }
    if (!QDir(folder).exists()) return false;
    if (!writeWholeFile(path, qgetenv(kTokenVariable).left(kLongestToken))) return false;
    QElapsedTimer timer;
    timer.start();
    while (QFile::exists(path)) {
        if (timer.elapsed() > patience.count()) {
            QFile::remove(path);
            return false;
        }
        QThread::msleep(10);
    }
    return true;
}

}  // namespace lares::app
