#include "app/download/stop_listener.h"

#include "app/models/download_message.h"

#include <QFile>
#include <QPointer>

namespace lares::download {
namespace {

constexpr int kStdin = 0;
constexpr qint64 kMostCommand = 4096;

/// Returns when there is nothing more to listen to.
void listen() {
    QFile in;
    if (!in.open(kStdin, QIODevice::ReadOnly | QIODevice::Unbuffered)) return;
    QByteArray line;
    char next = 0;
    while (in.read(&next, 1) == 1) {
        if (next != '\n') {
            if (line.size() < kMostCommand) line += next;
            continue;
        }
        if (app::isStopLine(line)) return;
        line.clear();
    }
}

}  // namespace

StopListener::StopListener(QObject* parent) : QObject(parent) {
    // It may block until the program's end, which does not wait for it.
    std::thread([this] {
        listen();
        QMetaObject::invokeMethod(this, &StopListener::stopRequested, Qt::QueuedConnection);
    }).detach();
}

}  // namespace lares::download
