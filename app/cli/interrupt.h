#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>

namespace lares::cli {

/// Turns Ctrl-C into a stop request. The first one asks; a second one before `renew` ends the
/// program as Ctrl-C always did. At most one object at a time; used by one thread.
class Interrupt {
public:
    Interrupt();
    ~Interrupt();
    Interrupt(const Interrupt&) = delete;
    Interrupt& operator=(const Interrupt&) = delete;

    /// Asks the work that runs now to stop.
    [[nodiscard]] std::stop_token token() const;
    [[nodiscard]] bool wasRequested() const;
    /// A line that the user types, in UTF-8 and without its end. Nothing: the input ended, or
    /// Ctrl-C came, even just before the call (`wasRequested`). Stdin is a terminal.
    [[nodiscard]] std::optional<std::string> readLine() const;
    /// From now on what a service manager or a shutdown sends (SIGTERM) asks like Ctrl-C. On
    /// Windows there is none.
    void takeTermination();
    /// A fresh token for the next piece of work.
    void renew();

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace lares::cli
