#include "tests/app/support/ui_watchdog.h"

#include <QElapsedTimer>
#include <QMetaEnum>

#include <cstdio>
#include <fcntl.h>
#include <unistd.h>

namespace lares::test {
namespace {

/// Nanoseconds that this thread has waited for a core so far (proc(5), schedstat).
qint64 waitedForACore() {
    static const int file = ::open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
    char text[128] = {};
    long long ran = 0;
    long long waited = 0;
    if (file < 0 || ::pread(file, text, sizeof text - 1, 0) <= 0) return 0;
    if (std::sscanf(text, "%lld %lld", &ran, &waited) != 2) return 0;
    return waited;
}

}  // namespace

bool UiWatchdog::notify(QObject* receiver, QEvent* event) {
    const QString who = receiver->metaObject()->className();
    const QEvent::Type type = event->type();
    const qint64 waitedBefore = waitedForACore();
    QElapsedTimer timer;
    timer.start();
    ++m_depth;
    const bool result = QApplication::notify(receiver, event);
    --m_depth;
    const double ms =
        static_cast<double>(timer.nsecsElapsed() - (waitedForACore() - waitedBefore)) / 1e6;
    if (m_depth == 0 && ms > m_longestMs) {
        m_longestMs = ms;
        m_longestEvent = who + ' ' + QMetaEnum::fromType<QEvent::Type>().valueToKey(type);
    }
    return result;
}

void UiWatchdog::reset() {
    m_longestMs = 0.0;
    m_longestEvent.clear();
}

}  // namespace lares::test
