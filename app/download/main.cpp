#include "app/download/downloader.h"
#include "app/download/stop_listener.h"
#include "app/language/languages.h"
#include "app/language/translations.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QDir>
#include <QLockFile>
#include <QNetworkProxyFactory>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <optional>

using namespace lares;
using namespace lares::app;
using namespace lares::download;

namespace {

constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr int kWrongUsage = 2;

struct Wishes {
    QString model, folder, catalogue, language;
    Downloader::Options options;
};

struct MainText {
    Q_DECLARE_TR_FUNCTIONS(DownloadMain)
};

/// Ends the program for --help and --version, as command lines do.
std::optional<Wishes> readWishes(const QCoreApplication& application) {
    QCommandLineParser parser;
    parser.setApplicationDescription(MainText::tr(
        "Downloads one model for Lares, which starts this program and ends it. It says on "
        "stdout what it does, as a JSON object a line, and stops when its stdin ends."));
    const QCommandLineOption model("model", MainText::tr("Which one, by its id in the catalogue."),
                                   MainText::tr("ID"));
    const QCommandLineOption folder("folder", MainText::tr("Where it goes."), MainText::tr("DIR"));
    const QCommandLineOption catalogue(
        "catalogue", MainText::tr("Instead of the catalogue that is compiled in."),
        MainText::tr("FILE"));
    const QCommandLineOption language(
        "language", MainText::tr("What its sentences are written in (usually as the system)."),
        MainText::tr("LANGUAGE"), kSystemLanguage);
    QCommandLineOption test("test-second-ms", {}, "MS");
    test.setFlags(QCommandLineOption::HiddenFromHelp);
    parser.addOptions({model, folder, catalogue, language, test});
    parser.addHelpOption();
    parser.addVersionOption();
    parser.process(application);

    Wishes wishes{parser.value(model),
                  parser.value(folder),
                  parser.value(catalogue),
                  parser.value(language),
                  {}};
    if (wishes.model.isEmpty() || wishes.folder.isEmpty() ||
        !parser.positionalArguments().isEmpty())
        return {};
    if (parser.isSet(test)) {
        wishes.options.local = LocalServer::Allowed;
        wishes.options.secondMs = std::max(1, parser.value(test).toInt());
    }
    return wishes;
}

void say(const DownloadMessage& message) {
    const QByteArray line = toLine(message);
    // Who started this may be gone; then stdin ends too, and with it this program.
    std::fwrite(line.constData(), 1, static_cast<std::size_t>(line.size()), stdout);
    std::fflush(stdout);
}

int fail(Failure::Code code, const QString& message) {
    DownloadMessage error;
    error.event = DownloadMessage::Event::Error;
    error.code = nameOf(code);
    error.message = message;
    say(error);
    return kFailed;
}

int run(const Wishes& wishes, const StopListener& listener) {
    const auto catalogue = readCatalogue(wishes.catalogue, wishes.options.local);
    if (!catalogue)
        return fail(Failure::Code::WrongFile, QString::fromStdString(catalogue.error().message));
    const auto entry =
        std::find_if(catalogue->begin(), catalogue->end(),
                     [&](const CatalogueEntry& one) { return one.id == wishes.model; });
    if (entry == catalogue->end())
        return fail(Failure::Code::Gone,
                    MainText::tr("The catalogue has no model %1.").arg(wishes.model));
    if (!QDir().mkpath(wishes.folder))
        return fail(
            Failure::Code::CannotWrite,
            MainText::tr("The folder %1 cannot be made. Look whether what lies above it can be "
                         "written to, then try again.")
                .arg(wishes.folder));
    const DownloadPlace place(wishes.folder, *entry);
    QLockFile lock(place.lock);
    lock.setStaleLockTime(0);  // a download takes long; only the end of its program frees the lock
    if (!lock.tryLock(0)) {
        if (lock.error() == QLockFile::LockFailedError)
            return fail(
                Failure::Code::Locked,
                MainText::tr("Another Lares is downloading this model already. Wait for it, or "
                             "pause it there."));
        return fail(Failure::Code::CannotWrite,
                    MainText::tr("Nothing can be written to %1. Look who owns the folder, then try "
                                 "again.")
                        .arg(wishes.folder));
    }

    Downloader downloader(*entry, place, wishes.options);
    QObject::connect(&downloader, &Downloader::said, &say);
    QObject::connect(&downloader, &Downloader::finished,
                     [](bool isThere) { QCoreApplication::exit(isThere ? kDone : kFailed); });
    QObject::connect(&listener, &StopListener::stopRequested, &downloader, &Downloader::stop);
    QMetaObject::invokeMethod(&downloader, &Downloader::start, Qt::QueuedConnection);
    return QCoreApplication::exec();
}

}  // namespace

int main(int argc, char** argv) {
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName("lares-download");
    QCoreApplication::setApplicationVersion(LARES_VERSION);
    Translations translations;
    translations.use(kSystemLanguage);  // of --help
    const auto wishes = readWishes(application);
    if (!wishes) {
        std::fprintf(stderr, "lares-download: --model and --folder are needed; see --help\n");
        return kWrongUsage;
    }
    translations.use(wishes->language);
    QNetworkProxyFactory::setUseSystemConfiguration(true);
    const StopListener listener;
    const int status = run(*wishes, listener);
    // The listener's thread still waits for stdin: nothing that it knows may be taken down.
    std::_Exit(status);
}
