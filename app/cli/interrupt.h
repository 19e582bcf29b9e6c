#pragma once

#include <memory>
#include <stop_token>

namespace lares::cli {

/// Turns Ctrl-C into a stop request. The first one asks; a second one before `renew` ends the
/// program as Ctrl-C always did. At most one object at a time; `token` and `renew` from one thread.
class Interrupt {
public:
    Interrupt();
    ~Interrupt();
    Interrupt(const Interrupt&) = delete;
    Interrupt& operator=(const Interrupt&) = delete;

    /// Asks the work that runs now to stop.
    [[nodiscard]] std::stop_token token() const;
    [[nodiscard]] bool wasRequested() const;
    /// Waits until `input` (a terminal) can be read. False: Ctrl-C came, even just before the call.
    [[nodiscard]] bool waitForInput(int input) const;
    /// A fresh token for the next piece of work.
    void renew();

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace lares::cli
