#include "app/desktop/autostart.h"

#include "app/files/whole_file.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#ifdef Q_OS_WIN
#include <QSettings>
#else
#include <QStandardPaths>
#endif

namespace lares::app {

QString programToStart() {
    const QString image = qEnvironmentVariable("APPIMAGE");
    if (!image.isEmpty() && QFileInfo(image).isFile()) return image;
    return QDir::toNativeSeparators(QCoreApplication::applicationFilePath());
}

#ifdef Q_OS_WIN

namespace {

QSettings runKey() {
    return QSettings("HKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion\\Run",
                     QSettings::NativeFormat);
}

}  // namespace

bool isAutostarting() {
    return runKey().contains("Lares");
}

Result<void> setAutostarting(bool isOn) {
    QSettings key = runKey();
    if (isOn)
        key.setValue("Lares", '"' + programToStart() + "\" --background");
    else
        key.remove("Lares");
    key.sync();
    if (key.status() == QSettings::NoError) return {};
    return Error{ErrorCode::Io, "Windows does not let Lares change what starts with it."};
}

#else

namespace {

QString autostartFile() {
    return QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) +
           "/autostart/lares.desktop";
}

/// As the Desktop Entry Specification quotes an argument, twice: of Exec, and of any value.
QString quoted(const QString& program) {
    QString text;
    for (const QChar c : program) {
        if (c == '"' || c == '`' || c == '$' || c == '\\') text += '\\';
        text += c;
        if (c == '%') text += c;
    }
    return '"' + text.replace('\\', "\\\\") + '"';
}

Error cannotChange(const QString& file, const QString& why) {
    return {ErrorCode::Io, QCoreApplication::translate(
                               "Autostart",
                               "%1 cannot be changed: %2. Check that you may write into that "
                               "folder.")
                               .arg(QDir::toNativeSeparators(file), why)
                               .toStdString()};
}

}  // namespace

bool isAutostarting() {
    QFile file(autostartFile());
    if (!file.open(QIODevice::ReadOnly)) return false;
    // How a desktop's own settings turn one off.
    const QByteArray text = file.read(16384);
    return !text.contains("\nHidden=true") && !text.contains("\nX-GNOME-Autostart-enabled=false");
}

Result<void> setAutostarting(bool isOn) {
    const QString path = autostartFile();
    if (!isOn) {
        QFile file(path);
        if (!file.exists() || file.remove()) return {};
        return cannotChange(path, file.errorString());
    }
    QDir().mkpath(QFileInfo(path).path());
    const QString text = QStringLiteral(
                             "[Desktop Entry]\nType=Application\nName=Lares\n"
                             "Exec=%1 --background\nIcon=lares\nTerminal=false\n")
                             .arg(quoted(programToStart()));
    if (const auto written = writeWholeFile(path, text.toUtf8()); !written)
        return cannotChange(path, QString::fromStdString(written.error().message));
    return {};
}

#endif

}  // namespace lares::app
