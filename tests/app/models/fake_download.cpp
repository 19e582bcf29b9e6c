#include "app/models/download_message.h"
#include "app/models/partial_file.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>

#include <cstdio>
#include <iostream>
#include <string>

// Takes the place of lares-download: the file FOLDER/../orders, a line each, says what to do.
//   say JSON     a line on stdout        keep N     NAME.part with N bytes and its notes
//   file N       the finished file       listen     waits for the line that stops, or the end
//   exit N

namespace {

using namespace lares::app;

void makeFile(const QString& name, qint64 size) {
    QFile file(name);
    if (file.open(QIODevice::WriteOnly)) file.resize(size);
}

void keep(const DownloadPlace& place, const CatalogueEntry& entry, qint64 size) {
    makeFile(place.part, size);
    (void)writeNotes(place, entry, {size, QByteArray(64, '0'), "\"one\""});
}

}  // namespace

int main(int argc, char** argv) {
    const QCoreApplication application(argc, argv);
    const QStringList words = QCoreApplication::arguments();
    const QString folder = words.value(words.indexOf("--folder") + 1);
    const auto catalogue = readCatalogue(words.value(1));
    if (!catalogue) return 2;
    const DownloadPlace place(folder, catalogue->front());
    QDir().mkpath(folder);
    QFile orders(folder + "/../orders");
    if (!orders.open(QIODevice::ReadOnly)) return 2;
    for (const QByteArray& order : orders.readAll().split('\n')) {
        const QByteArray what = order.split(' ').front();
        const QByteArray more = order.mid(what.size() + 1);
        if (what == "say") std::printf("%s\n", more.constData());
        if (what == "keep") keep(place, catalogue->front(), more.toLongLong());
        if (what == "file") makeFile(place.file, more.toLongLong());
        if (what == "exit") return more.toInt();
        std::fflush(stdout);
        if (what == "listen") {
            for (std::string line; std::getline(std::cin, line);)
                if (isStopLine(QByteArray::fromStdString(line))) break;
        }
    }
    return 0;
}
