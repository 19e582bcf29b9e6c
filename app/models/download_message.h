#pragma once

#include <QByteArray>
#include <QString>

#include <optional>

namespace lares::app {

/// What lares-download says while it works: one JSON object a line on its stdout.
///   {"event":"state","state":"waiting","seconds":8,"message":"…"}
///   {"event":"progress","done":1,"total":2}
///   {"event":"stopped","done":1}   {"event":"done"}
///   {"event":"error","code":"disk_full","message":"…"}
/// In the other direction there is one line, {"command":"stop"}; the end of its stdin means the
/// same.
struct DownloadMessage {
    enum class Event { State, Progress, Stopped, Done, Error };
    enum class Phase { Checking, Connecting, Downloading, Waiting, Verifying };

    Event event = Event::State;
    Phase phase = Phase::Connecting;  ///< of State
    int seconds = 0;                  ///< of Waiting: until the next attempt
    qint64 done = 0;                  ///< bytes that are kept, of Progress and Stopped
    qint64 total = 0;                 ///< of Progress
    QString code;                     ///< of Error, for programs: "disk_full"
    QString message;                  ///< of Error and Waiting: a sentence for people
};

/// With the line's end.
[[nodiscard]] QByteArray toLine(const DownloadMessage& message);
/// Empty for what is no message: the reader leaves it out.
[[nodiscard]] std::optional<DownloadMessage> readMessage(const QByteArray& line);

[[nodiscard]] QByteArray stopLine();
[[nodiscard]] bool isStopLine(const QByteArray& line);

}  // namespace lares::app
