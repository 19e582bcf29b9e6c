#pragma once

#include <QApplication>

namespace lares::test {

/// A QApplication that measures every event of the UI thread: the time it took without the time it
/// waited for a core, so that a busy machine is not held against us, and a wait for a lock, a file
/// or another thread is. Linux only; elsewhere it measures nothing.
class UiWatchdog : public QApplication {
public:
    UiWatchdog(int& argc, char** argv) : QApplication(argc, argv) {}

    bool notify(QObject* receiver, QEvent* event) override;

    void reset();
    [[nodiscard]] double longestMs() const { return m_longestMs; }
    /// Receiver and type of the longest event.
    [[nodiscard]] QString longestEvent() const { return m_longestEvent; }

private:
    double m_longestMs = 0.0;
    QString m_longestEvent;
    int m_depth = 0;  // an event loop inside an event (a menu) is not one long event
};

}  // namespace lares::test
