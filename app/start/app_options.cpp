#include "app/start/app_options.h"

#include "app/language/languages.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QDir>
#include <QStandardPaths>

namespace lares::app {
namespace {

struct OptionText {
    Q_DECLARE_TR_FUNCTIONS(AppOptions)
};

constexpr QLatin1String kLanguageOption("language");

}  // namespace

QString languageOption(int argc, const char* const* argv) {
    // As Qt's parser reads it: the last one counts, its value follows or is behind "=".
    QString language = kSystemLanguage;
    const QString name = QStringLiteral("--") + kLanguageOption;
    for (int i = 1; i < argc; ++i) {
        const QString word = QString::fromLocal8Bit(argv[i]);
        if (word == u"--") break;
        if (word == name && i + 1 < argc) language = QString::fromLocal8Bit(argv[++i]);
        if (word.startsWith(name + u'=')) language = word.mid(name.size() + 1);
    }
    return language;
}

AppOptions readOptions(const QCoreApplication& application) {
    const QString usual =
        QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + "/lares";
    const QCommandLineOption data(
        "data-dir",
        OptionText::tr("Keep conversations and settings in DIR (usually %1).").arg(usual),
        OptionText::tr("DIR"), usual);
    const QCommandLineOption model("model", OptionText::tr("Answer with this GGUF model."),
                                   OptionText::tr("FILE"));
    const QCommandLineOption script(
        "scripted",
        OptionText::tr("Answer from a script instead of a model, for work on the window."),
        OptionText::tr("FILE"));
    const QCommandLineOption screenshots(
        "screenshots", OptionText::tr("Write pictures of the window into DIR and end."),
        OptionText::tr("DIR"));

    const QCommandLineOption quick(
        "quick", OptionText::tr("Open the small window for a quick question, here or in the Lares "
                                "that runs already."));
    const QCommandLineOption background(
        "background", OptionText::tr("Start without a window, where the icon in the tray is on."));

    QStringList codes;
    for (const Language& one : languages()) codes << one.code;
    const QCommandLineOption language(
        kLanguageOption,
        OptionText::tr("Speak this language, for this start: %1 or system (usually what Settings "
                       "say).")
            .arg(codes.join(QStringLiteral(", "))),
        OptionText::tr("LANGUAGE"));

    QCommandLineParser parser;
    parser.setApplicationDescription(
        OptionText::tr("Lares, a private assistant. Everything happens on this computer."));
    parser.addOptions({data, model, script, quick, background, language, screenshots});
    parser.addHelpOption();
    parser.addVersionOption();
    parser.process(application);
    if (!parser.positionalArguments().isEmpty()) parser.showHelp(2);
    return {QDir(parser.value(data)).absolutePath(),
            parser.value(model),
            parser.value(script),
            parser.isSet(quick),
            parser.isSet(background),
            parser.value(language),
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
