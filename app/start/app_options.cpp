#include "app/start/app_options.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QDir>
#include <QStandardPaths>

namespace lares::app {
namespace {

QString optionText(const char* text) {
    return QCoreApplication::translate("AppOptions", text);
}

}  // namespace

AppOptions readOptions(const QCoreApplication& application) {
    const QString usual =
        QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + "/lares";
    const QCommandLineOption data(
        "data-dir", optionText("Keep conversations and settings in DIR (usually %1).").arg(usual),
        optionText("DIR"), usual);
    const QCommandLineOption model("model", optionText("Answer with this GGUF model."),
                                   optionText("FILE"));
    const QCommandLineOption script(
        "scripted", optionText("Answer from a script instead of a model, for work on the window."),
        optionText("FILE"));
    const QCommandLineOption screenshots(
        "screenshots", optionText("Write pictures of the window into DIR and end."),
        optionText("DIR"));

    const QCommandLineOption quick(
        "quick", optionText("Open the small window for a quick question, here or in the Lares "
                            "that runs already."));
    const QCommandLineOption background(
        "background", optionText("Start without a window, where the icon in the tray is on."));

    QCommandLineParser parser;
    parser.setApplicationDescription(
        optionText("Lares, a private assistant. Everything happens on this computer."));
    parser.addOptions({data, model, script, quick, background, screenshots});
    parser.addHelpOption();
    parser.addVersionOption();
    parser.process(application);
    if (!parser.positionalArguments().isEmpty()) parser.showHelp(2);
    return {QDir(parser.value(data)).absolutePath(),
            parser.value(model),
            parser.value(script),
            parser.isSet(quick),
            parser.isSet(background),
            parser.value(screenshots)};
}

QString resourceFolder() {
    const QDir program(QCoreApplication::applicationDirPath());
    for (const char* candidate : {"../../resources", "../share/lares"}) {
        const QDir folder(QDir::cleanPath(program.filePath(candidate)));
        if (folder.exists("personas")) return folder.path();
    }
    return {};
}

}  // namespace lares::app
