#pragma once

#include <QByteArray>
#include <QJsonArray>
#include <QJsonObject>
#include <QStringList>

namespace lares::test {

/// What one run of lares-cli left behind.
struct CliRun {
    int status = -1;  ///< -1: it crashed, hung or could not be started
    QByteArray out;
    QByteArray err;

    [[nodiscard]] QJsonObject json() const;  ///< stdout as one JSON object; empty if it is none
    [[nodiscard]] QList<QJsonObject> jsonLines() const;  ///< stdout as one JSON object a line
    [[nodiscard]] QString errorCode() const;             ///< of {"error":{"code":…}}
};

/// Runs build/bin/lares-cli with `input` on stdin and waits for it.
[[nodiscard]] CliRun runCli(const QStringList& arguments, const QByteArray& input = {});

/// Where a file of tests/data is, for a command line.
[[nodiscard]] QString dataPath(const char* relative);

/// A file of tests/data that is a JSON list.
[[nodiscard]] QJsonArray dataList(const char* relative);
/// One that is a JSON object.
[[nodiscard]] QJsonObject dataObject(const char* relative);

/// The names in a JSON object, in order, with blanks between them.
[[nodiscard]] QString keysOf(const QJsonValue& value);

/// JSON on one line.
[[nodiscard]] QByteArray oneLine(const QJsonObject& object);

}  // namespace lares::test
