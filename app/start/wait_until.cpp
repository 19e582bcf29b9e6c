#include "app/start/wait_until.h"

#include <QApplication>
#include <QElapsedTimer>

namespace lares::app {

bool waitUntil(const std::function<bool()>& isThere) {
    constexpr int kLongestWaitMs = 5000;
    QElapsedTimer timer;
    timer.start();
    while (!isThere() && timer.elapsed() < kLongestWaitMs)
        QApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents, 20);
    return isThere();
}

}  // namespace lares::app
