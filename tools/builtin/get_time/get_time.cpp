#include "tools/builtin/get_time/get_time.h"

#include <array>
#include <cstdio>

namespace lares {
namespace {

constexpr std::array<const char*, 7> kDays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                              "Thursday", "Friday", "Saturday"};
constexpr std::array<const char*, 12> kMonths = {"January",   "February", "March",    "April",
                                                 "May",       "June",     "July",     "August",
                                                 "September", "October",  "November", "December"};

template <std::size_t N>
const char* name_of(const std::array<const char*, N>& names, int index) {
    const auto i = static_cast<std::size_t>(index);
    return i < N ? names[i] : "?";
}

}  // namespace

ToolText get_time(const LocalTime& now) {
    std::array<char, 128> text{};
    std::snprintf(text.data(), text.size(), "%s %d %s %d, %02d:%02d", name_of(kDays, now.weekday),
                  now.day, name_of(kMonths, now.month - 1), now.year, now.hour, now.minute);
    return {text.data(), text.data()};
}

}  // namespace lares
