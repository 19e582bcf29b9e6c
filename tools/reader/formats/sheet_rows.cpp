#include "tools/reader/formats/sheet_rows.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <utility>

namespace lares::reader {
namespace {

bool read_number(std::string_view digits, double& number) {
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return error == std::errc() && end == digits.data() + digits.size() && std::isfinite(number);
}

std::string printed(const char* format, auto... values) {
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), format, values...);
    return text.data();
}

}  // namespace

void SheetRows::begin_sheet(std::string_view name) {
    m_sink.add_empty();
    std::string heading = "— sheet " + std::string(name) + " —";
    for (char& c : heading) {
        if (c == '\n') c = ' ';
    }
    m_sink.add(heading + "\n");
    m_row.clear();
    m_column = 0;
}

void SheetRows::cell(int column, std::string_view text) {
    if (text.empty()) return;
    if (column > kMaxColumns) column = m_column + 1;
    for (; m_column < column; ++m_column) m_row += '\t';
    for (const char c : text) m_row += c == '\t' || c == '\n' || c == '\r' ? ' ' : c;
}

void SheetRows::end_row() {
    m_column = 0;
    m_sink.add(std::exchange(m_row, {}));
    m_sink.add("\n");
}

std::string date_text(double serial, bool is_1904) {
    using namespace std::chrono;
    constexpr double kLast = 2'958'466;  // the year 10000
    if (!(serial >= 0) || serial >= kLast) return printed("%.15g", serial);
    const double rounded = std::floor(serial * 86400 + 0.5);
    const auto day = static_cast<int>(rounded / 86400);
    const int second = static_cast<int>(rounded - day * 86400.0);
    std::string time =
        second % 60 == 0 ? printed("%02d:%02d", second / 3600, second / 60 % 60)
                         : printed("%02d:%02d:%02d", second / 3600, second / 60 % 60, second % 60);
    if (day == 0 && !is_1904) return time;
    // The count of 1900 has a 29th of February that there was not.
    const sys_days first = is_1904 ? sys_days(year(1904) / January / 1)
                                   : sys_days(year(1899) / December / (day < 60 ? 31 : 30));
    const year_month_day date(first + days(day));
    const std::string text =
        printed("%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    return second == 0 ? text : text + " " + time;
}

bool is_date_format(std::string_view code) {
    bool is_quoted = false;
    for (std::size_t i = 0; i < code.size(); ++i) {
        const char c = code[i];
        if (c == '"') {
            is_quoted = !is_quoted;
        } else if (is_quoted) {
            continue;
        } else if (c == '\\' || c == '_' || c == '*') {
            ++i;
        } else if (c == '[') {
            // A colour, a currency or a condition; "[h]:mm" is a length of time.
            const char next = i + 1 < code.size() ? code[i + 1] : '\0';
            const char after = i + 2 < code.size() ? code[i + 2] : '\0';
            if ((next == 'h' || next == 'm' || next == 's') && (after == next || after == ']'))
                return false;
            i = std::min(code.find(']', i), code.size());
        } else if (c == ';') {
            return false;
        } else if (c == 'y' || c == 'd' || c == 'h' || c == 'Y' || c == 'D' || c == 'H') {
            return true;
        } else if (c == 'G' || c == '0' || c == '#') {  // General; numbers
            return false;
        }
    }
    return false;
}

std::string tidy_number(std::string_view digits) {
    double number = 0;
    return read_number(digits, number) ? printed("%.15g", number) : std::string(digits);
}

}  // namespace lares::reader
