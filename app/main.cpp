#include "app/chat/chat_controller.h"
#include "app/desktop/desktop.h"
#include "app/desktop/tray.h"
#include "app/engine_bridge/engine_worker.h"
#include "app/engine_bridge/scripted_token_source.h"
#include "app/language/languages.h"
#include "app/language/translations.h"
#include "app/personas/built_in_personas.h"
#include "app/start/app_options.h"
#include "app/start/bundled_fonts.h"
#include "app/start/screenshots.h"
#include "app/store/conversation_store.h"
#include "app/store/store_format.h"
#include "app/ui/appearance.h"
#include "app/ui/main_window.h"
#include "tools/sandbox/command_runner.h"
#include "tools/sandbox/open_beneath.h"

#include <QApplication>
#include <QFileInfo>
#include <QIcon>
#include <QStandardPaths>
#include <QStyleFactory>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string_view>

using namespace lares::app;

namespace {

constexpr int kFailed = 1;
constexpr std::chrono::milliseconds kPatience(2000);  // with a Lares that runs already
constexpr int kContext = 16384;  // tokens; the KV cache grows up to it as a conversation does

std::filesystem::path toPath(const QString& name) {
    return QFileInfo(name).filesystemFilePath();
}

int fail(const lares::Error& error) {
    std::fprintf(stderr, "lares: %s\n", error.message.c_str());
    return kFailed;
}

/// `snapshots`: where what the model has read is kept; empty: nowhere.
lares::Result<std::unique_ptr<TokenSource>> openTokens(const AppOptions& options,
                                                       const std::filesystem::path& snapshots) {
    if (options.script.isEmpty()) {
        lares::Engine::Options engine;
        engine.session.n_ctx = kContext;
        engine.session.device = "auto";
        engine.snapshot_folder = snapshots;
        return std::unique_ptr<TokenSource>(new EngineWorker(engine));
    }
    ASSIGN_OR_RETURN(auto scripted, ScriptedTokenSource::open(toPath(options.script)));
    return std::unique_ptr<TokenSource>(std::move(scripted));
}

/// The program that downloads lies beside this one; where it was not built there is none.
DownloadOptions downloadOptions(const QString& dataFolder, const QString& language) {
    DownloadOptions download;
    download.program =
        QStandardPaths::findExecutable("lares-download", {QApplication::applicationDirPath()});
    download.arguments = {"--language", language};
    download.folder = dataFolder + "/models";
    const auto catalogue = readCatalogue();
    if (catalogue && !catalogue->empty()) download.entry = catalogue->front();
    return download;
}

void sayUnknown(const QString& language) {
    if (language.isEmpty() || language == kSystemLanguage || languageFor(language) == language)
        return;
    std::fprintf(stderr, "lares: there is no language “%s” here, so this start speaks English\n",
                 qPrintable(language));
}

bool asksForText(int argc, char** argv) {
    return std::any_of(argv, argv + argc, [](std::string_view word) {
        return word == "-h" || word == "--help" || word == "-v" || word == "--version";
    });
}

QIcon windowIcon() {
    QIcon icon;
    for (const char* size : {"16", "32", "48", "128"})
        icon.addFile(QString(":/icons/lares-%1.png").arg(size));
    return icon;
}

void begin(const AppOptions& options,
           ChatController& controller,
           MainWindow& window,
           Desktop& desktop) {
    const bool isChosen = !options.model.isEmpty() || !options.script.isEmpty();
    const bool isFirstRun = !isChosen && !controller.setting("firstRunDone").toBool();
    window.restore();
    if (isFirstRun) {
        window.showFirstRun();
    } else {
        controller.loadModel(options.model.isEmpty() ? controller.setting("model").toString()
                                                     : options.model);
    }
    if (options.isQuick && !isFirstRun) return desktop.showQuick();
    if (options.isBackground && desktop.tray()->isShown()) return;
    window.show();
}

/// A second start: the Lares that has the conversations open does what this one was asked for.
bool isGranted(const AppOptions& options, const QString& wishes) {
    return Wishes::leave(wishes, options.isQuick ? Wishes::Wish::Quick : Wishes::Wish::Show,
                         kPatience);
}

}  // namespace

int main(int argc, char** argv) {
    QApplication::setHighDpiScaleFactorRoundingPolicy(
        Qt::HighDpiScaleFactorRoundingPolicy::PassThrough);
    QApplication::setApplicationName("lares");
    QApplication::setApplicationDisplayName("Lares");
    QApplication::setApplicationVersion(LARES_VERSION);
    if (asksForText(argc, argv)) {
        // Without a window, so that no screen is needed either; it ends in there.
        const QCoreApplication application(argc, argv);
        Translations translations;
        translations.use(languageOption(argc, argv));
        (void)readOptions(application);
    }
    QApplication::setStyle(QStyleFactory::create("Fusion"));
    // Wayland and the task bar find name and icon in the desktop file, X11 and Windows take the
    // icon.
    QApplication::setDesktopFileName("lares");
    QApplication application(argc, argv);
    QApplication::setWindowIcon(windowIcon());
    Translations translations;
    translations.use(languageOption(argc, argv));
    const AppOptions options = readOptions(application);
    sayUnknown(options.language);

    addBundledFonts(resourceFolder() + "/fonts");
    const std::filesystem::path resources = toPath(resourceFolder());
    if (!options.screenshots.isEmpty()) {
        return takeScreenshots(options.screenshots,
                               loadBuiltInPersonas(resources / "personas").personas);
    }
    const auto store = ConversationStore::open(toPath(options.dataFolder));
    if (store && options.language.isEmpty())
        translations.use(languageChoice((*store)->languageAtOpening()));
    const QString wishes = options.dataFolder + "/wishes";
    if (!store && isGranted(options, wishes)) return 0;
    // What is not kept leaves nothing behind either.
    const std::filesystem::path snapshots =
        store ? toPath(options.dataFolder) / lares::app::kSnapshotFolder : std::filesystem::path();
    const auto tokens = openTokens(options, snapshots);
    if (!tokens) return fail(tokens.error());

    const BuiltInPersonas builtIn = loadBuiltInPersonas(resources / "personas");
    ChatController::Dependencies dependencies;
    dependencies.store = store ? store->get() : nullptr;
    dependencies.tokens = tokens->get();
    dependencies.personas = builtIn.personas;
    dependencies.demoModel = resources / "mini_model" / "lares-mini.gguf";
    dependencies.dataFolder = toPath(options.dataFolder);
    dependencies.download = downloadOptions(options.dataFolder, translations.code());
    const lares::CommandRunner sandbox{lares::CommandRunner::Options{}};
    if (lares::has_file_sandbox()) dependencies.sandbox = &sandbox;
    ChatController controller(dependencies);
    Appearance appearance;
    MainWindow window(&appearance, &controller, store ? options.dataFolder : QString());
    Desktop desktop(&appearance, &controller, &window, store ? wishes : QString());
    QObject::connect(&controller, &ChatController::ready, &window,
                     [&] { begin(options, controller, window, desktop); });
    controller.start();
    for (const QString& warning : builtIn.warnings) window.showProblem(warning);
    if (!store) window.showProblem(QString::fromStdString(store.error().message));
    const int status = QApplication::exec();
    controller.endWork();  // before the pages that wait for its answers go
    return status;
}
