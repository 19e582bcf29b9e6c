#pragma once

#include <QObject>

#include <thread>

namespace lares::download {

/// Says once when stdin asks to stop or ends, on the thread that made it. A thread of its own
/// reads, as no system lets an event loop wait for every kind of stdin.
class StopListener : public QObject {
    Q_OBJECT

public:
    explicit StopListener(QObject* parent = nullptr);

signals:
    void stopRequested();
};

}  // namespace lares::download
