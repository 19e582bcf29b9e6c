#include "tests/cli/cli_program.h"

#include "tests/support/test_data.h"

#include <QJsonDocument>
#include <QProcess>
#include <QTemporaryDir>

using namespace Qt::Literals;

namespace lares::test {
namespace {

constexpr int kTimeoutMs = 120'000;

/// Whatever the programs keep for their user, journals and logs, they keep for the test.
class OwnHome {
public:
    OwnHome() {
        qputenv("HOME", m_folder.path().toUtf8());
        for (const char* name : {"XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"})
            qunsetenv(name);
    }

private:
    const QTemporaryDir m_folder;
};
const OwnHome kOwnHome;

}  // namespace

QJsonObject CliRun::json() const {
    return QJsonDocument::fromJson(out).object();
}

QList<QJsonObject> CliRun::jsonLines() const {
    QList<QJsonObject> lines;
    for (const QByteArray& line : out.split('\n')) {
        if (!line.isEmpty()) lines.append(QJsonDocument::fromJson(line).object());
    }
    return lines;
}

QString CliRun::errorCode() const {
    return json()["error"_L1]["code"_L1].toString();
}

CliRun runCli(const QStringList& arguments, const QByteArray& input) {
    QProcess process;
    process.start(QString::fromStdString(program("lares-cli").string()), arguments);
    if (!process.waitForStarted()) return {};
    process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished(kTimeoutMs) || process.exitStatus() != QProcess::NormalExit) {
        process.kill();
        process.waitForFinished();
        return {-1, process.readAllStandardOutput(), process.readAllStandardError()};
    }
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

QString dataPath(const char* relative) {
    return QString::fromStdString(data_file(relative).string());
}

QJsonArray dataList(const char* relative) {
    return QJsonDocument::fromJson(QByteArray::fromStdString(read_file(data_file(relative))))
        .array();
}

QJsonObject dataObject(const char* relative) {
    return QJsonDocument::fromJson(QByteArray::fromStdString(read_file(data_file(relative))))
        .object();
}

QString keysOf(const QJsonValue& value) {
    return value.toObject().keys().join(' ');
}

QByteArray oneLine(const QJsonObject& object) {
    return QJsonDocument(object).toJson(QJsonDocument::Compact) + "\n";
}

}  // namespace lares::test
