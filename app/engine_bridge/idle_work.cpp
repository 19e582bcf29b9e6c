#include "app/engine_bridge/idle_work.h"

#include <utility>

namespace lares::app {

void IdleWork::forget(const std::string& owner) {
    forgotten.push_back(owner);
    if (ahead && ahead->owner == owner) ahead.reset();
}

void IdleWork::forgetAll() {
    isAllForgotten = true;
    forgotten.clear();
}

bool IdleWork::isAny() const {
    return isAllForgotten || !forgotten.empty() || isKeeping || ahead || isMeasuring || keep;
}

IdleWork IdleWork::takeNext() {
    IdleWork next;
    if (isAllForgotten || !forgotten.empty() || isKeeping) {
        next.isAllForgotten = std::exchange(isAllForgotten, false);
        next.forgotten = std::exchange(forgotten, {});
        next.isKeeping = std::exchange(isKeeping, {});
    } else if (ahead) {
        next.ahead = std::exchange(ahead, {});
    } else if (isMeasuring) {
        next.isMeasuring = std::exchange(isMeasuring, false);
    } else {
        next.keep = std::exchange(keep, false);
    }
    return next;
}

void IdleWork::run(Engine* engine,
                   const std::filesystem::path& folder,
                   const std::stop_token& stop) const {
    if (!engine) {
        if (folder.empty()) return;
        if (isAllForgotten) Engine::forget_all_on_disk(folder);
        for (const std::string& owner : forgotten) Engine::forget_on_disk(folder, owner);
        return;
    }
    if (isAllForgotten) engine->forget_all();
    for (const std::string& owner : forgotten) engine->forget(owner);
    if (isKeeping) engine->use_disk(*isKeeping);
    if (ahead) static_cast<void>(engine->read_ahead(*ahead, stop));
    if (keep) engine->keep_snapshots();
}

}  // namespace lares::app
