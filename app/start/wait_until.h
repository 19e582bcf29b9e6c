#pragma once

#include <functional>

namespace lares::app {

/// Handles events until this holds, for five seconds at most; whether it does. For pictures of the
/// window, which are taken from one function. UI thread only.
bool waitUntil(const std::function<bool()>& isThere);

}  // namespace lares::app
