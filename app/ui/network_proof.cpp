#include "app/ui/network_proof.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QSet>

namespace lares::app {
namespace {

struct NetworkText {
    Q_DECLARE_TR_FUNCTIONS(NetworkProof)
};

QSet<QString> openSocketInodes() {
    QSet<QString> inodes;
    const QDir folder("/proc/self/fd");
    for (const QString& name :
         folder.entryList(QDir::Files | QDir::System | QDir::NoDotAndDotDot)) {
        QString target = QFile::symLinkTarget(folder.filePath(name));
        const qsizetype start = target.indexOf("socket:[");
        if (start < 0) continue;
        target = target.mid(start + 8);
        inodes.insert(target.left(target.indexOf(']')));
    }
    return inodes;
}

/// The inode stands in one column of every line but the first.
QSet<QString> listedInodes(const char* list, qsizetype column) {
    QSet<QString> inodes;
    QFile file(QString("/proc/self/net/%1").arg(list));
    if (!file.open(QIODevice::ReadOnly)) return inodes;
    const QList<QByteArray> lines = file.readAll().split('\n');
    for (qsizetype i = 1; i < lines.size(); ++i) {
        const QList<QByteArray> fields = lines[i].simplified().split(' ');
        if (fields.size() > column) inodes.insert(QString::fromLatin1(fields[column]));
    }
    return inodes;
}

}  // namespace

std::optional<OpenSockets> countOpenSockets() {
    if (!QFile::exists("/proc/self/net/unix")) return {};
    QSet<QString> network;
    for (const char* list : {"tcp", "tcp6", "udp", "udp6", "udplite", "udplite6", "raw", "raw6"})
        network.unite(listedInodes(list, 9));
    network.unite(listedInodes("packet", 8));
    const QSet<QString> local = listedInodes("unix", 6);

    OpenSockets found;
    for (const QString& inode : openSocketInodes()) {
        if (network.contains(inode))
            ++found.network;
        else if (local.contains(inode))
            ++found.local;
        else
            ++found.unknown;
    }
    return found;
}

QString describeSockets(const std::optional<OpenSockets>& sockets) {
    if (!sockets)
        return NetworkText::tr(
            "This system does not tell a program which connections it has open, so there is "
            "nothing to show here. A network monitor can.");
    QString text = sockets->network == 0
                       ? NetworkText::tr("Network connections that Lares has open right now: none.")
                       : NetworkText::tr(
                             "Network connections that Lares has open right now: %1. That should "
                             "be none; please report it.")
                             .arg(sockets->network);
    text += '\n';
    text +=
        NetworkText::tr("Connections to programs on this computer (the screen, the desktop): %1.")
            .arg(sockets->local);
    if (sockets->unknown > 0)
        text +=
            '\n' +
            NetworkText::tr("Of a kind that the system does not name: %1.").arg(sockets->unknown);
    text += '\n';
    text += NetworkText::tr(
        "Read just now from /proc/self/fd and /proc/self/net, which anybody can look at "
        "from outside too: ss -xtup | grep lares");
    return text;
}

}  // namespace lares::app
