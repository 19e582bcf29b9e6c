#pragma once

#include "app/store/conversation_store.h"

#include <QThread>

#include <future>
#include <memory>
#include <vector>

namespace lares::test {

/// The store's thread does nothing until the barrier is gone.
class BusyStore {
public:
    explicit BusyStore(app::ConversationStore& store) {
        bool isHeld = false;
        while (!isHeld) {
            auto held = std::make_shared<std::promise<bool>>();
            (void)store.conversations().then(
                QtFuture::Launch::Sync,
                [held, test = QThread::currentThread(), go = m_go.get_future().share()](
                    const Result<std::vector<app::ConversationInfo>>&) {
                    // It was quicker: this is the test's own thread.
                    const bool isStores = QThread::currentThread() != test;
                    held->set_value(isStores);
                    if (isStores) go.wait();
                });
            isHeld = held->get_future().get();
            if (!isHeld) m_go = {};
        }
    }
    ~BusyStore() { m_go.set_value(); }
    BusyStore(const BusyStore&) = delete;
    BusyStore& operator=(const BusyStore&) = delete;

private:
    std::promise<void> m_go;
};

}  // namespace lares::test
