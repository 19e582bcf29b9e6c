#pragma once

#include "engine/base/error.h"

#include <cassert>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

namespace lares {

/// A value or an Error. The names are a subset of C++23's std::expected<T, Error>, so that it can
/// become an alias once the compilers we support have it.
/// Precondition of `value`, `*` and `->`: has_value(); of `error`: !has_value().
template <class T>
class [[nodiscard]] Result {
public:
    using value_type = T;

    // Implicit on purpose, so that `return value;` and `return Error{…};` read naturally.
    // NOLINTBEGIN(google-explicit-constructor)
    Result(T value) : m_state(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : m_state(std::in_place_index<1>, std::move(error)) {}
    // NOLINTEND(google-explicit-constructor)

    [[nodiscard]] bool has_value() const noexcept { return m_state.index() == 0; }
    explicit operator bool() const noexcept { return has_value(); }

    [[nodiscard]] T& value() & { return *checked(); }
    [[nodiscard]] const T& value() const& { return *checked(); }
    [[nodiscard]] T&& value() && { return std::move(*checked()); }
    [[nodiscard]] T& operator*() & { return *checked(); }
    [[nodiscard]] const T& operator*() const& { return *checked(); }
    [[nodiscard]] T&& operator*() && { return std::move(*checked()); }
    [[nodiscard]] T* operator->() { return checked(); }
    [[nodiscard]] const T* operator->() const { return checked(); }

    template <class U>
    [[nodiscard]] T value_or(U&& fallback) const& {
        return has_value() ? value() : static_cast<T>(std::forward<U>(fallback));
    }

    [[nodiscard]] Error& error() & { return *std::get_if<1>(&m_state); }
    [[nodiscard]] const Error& error() const& { return *std::get_if<1>(&m_state); }
    [[nodiscard]] Error&& error() && { return std::move(*std::get_if<1>(&m_state)); }

private:
    [[nodiscard]] T* checked() {
        assert(has_value());
        return std::get_if<0>(&m_state);
    }
    [[nodiscard]] const T* checked() const {
        assert(has_value());
        return std::get_if<0>(&m_state);
    }

    std::variant<T, Error> m_state;
};

/// Success without a value, or an Error.
template <>
class [[nodiscard]] Result<void> {
public:
    using value_type = void;

    Result() = default;
    Result(Error error) : m_error(std::move(error)) {}  // NOLINT(google-explicit-constructor)

    [[nodiscard]] bool has_value() const noexcept { return !m_error.has_value(); }
    explicit operator bool() const noexcept { return has_value(); }

    [[nodiscard]] Error& error() & { return *m_error; }
    [[nodiscard]] const Error& error() const& { return *m_error; }
    [[nodiscard]] Error&& error() && { return std::move(*m_error); }

private:
    std::optional<Error> m_error;
};

}  // namespace lares

#define LARES_CONCAT_INNER(a, b) a##b
#define LARES_CONCAT(a, b) LARES_CONCAT_INNER(a, b)

// NOLINTBEGIN(bugprone-macro-parentheses): a declaration cannot stand in parentheses
/// `ASSIGN_OR_RETURN(auto header, read_header(file));` declares `header`, or returns the error from
/// the enclosing function (which must return a Result).
#define ASSIGN_OR_RETURN(declaration, expression) \
    ASSIGN_OR_RETURN_IMPL(LARES_CONCAT(lares_result_, __COUNTER__), declaration, expression)
#define ASSIGN_OR_RETURN_IMPL(result, declaration, expression) \
    auto result = (expression);                                \
    if (!result) return std::move(result).error();             \
    declaration = std::move(result).value()
// NOLINTEND(bugprone-macro-parentheses)

/// `RETURN_IF_ERROR(check_header(file));` passes an error up and goes on otherwise.
#define RETURN_IF_ERROR(expression)                          \
    do {                                                     \
        if (auto lares_result = (expression); !lares_result) \
            return std::move(lares_result).error();          \
    } while (false)
