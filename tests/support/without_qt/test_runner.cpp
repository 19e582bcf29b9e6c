#include "tests/support/without_qt/test_runner.h"

#include <algorithm>
#include <array>

QString QString::fromStdString(std::string text) {
    QString string;
    string.m_text = std::move(text);
    return string;
}

QString QString::arg(const QString& value) const {
    for (char digit = '1'; digit <= '9'; ++digit) {
        const std::string mark = {'%', digit};
        const std::size_t at = m_text.find(mark);
        if (at == std::string::npos) continue;
        return fromStdString(std::string(m_text).replace(at, mark.size(), value.m_text));
    }
    return *this;
}

QString QString::arg(double value, int width, char format, int precision) const {
    const std::array pattern = {'%', '*', '.', '*', format, '\0'};
    std::array<char, 512> text{};
    std::snprintf(text.data(), text.size(), pattern.data(), width, precision, value);
    return arg(QString(text.data()));
}

void qFatal(const char* format, ...) {
    std::va_list arguments;
    va_start(arguments, format);
    std::vfprintf(stderr, format, arguments);
    va_end(arguments);
    std::fputc('\n', stderr);
    std::exit(EXIT_FAILURE);
}

void qInfo(const char* format, ...) {
    std::va_list arguments;
    va_start(arguments, format);
    std::vprintf(format, arguments);
    va_end(arguments);
    std::putchar('\n');
}

namespace lares::test {
namespace {

struct Totals {
    int passed = 0;
    int failed = 0;
    int skipped = 0;
};

std::string_view& running() {
    static std::string_view name;
    return name;
}

void report(const char* verdict, const char* text) {
    const TestRow* row = test_table().current;
    std::printf("%s %s(%s) %s\n", verdict, std::string(running()).c_str(),
                row ? row->name.c_str() : "", text);
    std::fflush(stdout);
}

/// Slots that Qt Test calls around the others.
bool is_frame(std::string_view name) {
    return name == "initTestCase" || name == "init" || name == "cleanup" ||
           name == "cleanupTestCase";
}

void run_frame(QObject& test, std::string_view name, const std::vector<TestSlot>& test_slots) {
    const auto frame = std::ranges::find(test_slots, name, &TestSlot::name);
    if (frame != test_slots.end()) frame->run(test);
}

void run_row(QObject& test,
             const TestSlot& slot,
             const TestRow* row,
             const std::vector<TestSlot>& test_slots,
             Totals& totals) {
    TestTable& table = test_table();
    table.current = row;
    table.has_failed = table.was_skipped = false;
    run_frame(test, "init", test_slots);
    if (!table.has_failed) slot.run(test);
    run_frame(test, "cleanup", test_slots);
    ++(table.has_failed ? totals.failed : table.was_skipped ? totals.skipped : totals.passed);
}

void run_slot(QObject& test,
              const TestSlot& slot,
              const std::vector<TestSlot>& test_slots,
              Totals& totals) {
    running() = slot.name;
    TestTable& table = test_table();
    table = {};
    const std::string data = std::string(slot.name) + "_data";
    const auto fills = std::ranges::find(test_slots, data, &TestSlot::name);
    if (fills == test_slots.end()) return run_row(test, slot, nullptr, test_slots, totals);
    fills->run(test);
    if (table.rows.empty()) {
        report("FAIL", "its table is empty");
        ++totals.failed;
    }
    for (const TestRow& row : table.rows) run_row(test, slot, &row, test_slots, totals);
}

}  // namespace

TestRow& operator<<(TestRow& row, const char* text) {
    return row << QString(text);
}

TestTable& test_table() {
    static TestTable table;
    return table;
}

bool check(bool holds, const char* what, const char* message, const char* file, int line) {
    if (holds) return true;
    test_table().has_failed = true;
    report("FAIL", what);
    std::printf("     %s:%d %s\n", file, line, message);
    return false;
}

void skip(const char* reason) {
    test_table().was_skipped = true;
    report("SKIP", reason);
}

int run_tests(QObject& test, const std::vector<TestSlot>& test_slots, int argc, char** argv) {
    const std::vector<std::string_view> wanted(argv + 1, argv + argc);
    Totals totals;
    for (const std::string_view name : wanted)
        if (std::ranges::find(test_slots, name, &TestSlot::name) == test_slots.end())
            qFatal("there is no test function %s", std::string(name).c_str());
    run_frame(test, "initTestCase", test_slots);
    if (test_table().has_failed) ++totals.failed;
    for (const TestSlot& slot : test_slots)
        if (!slot.name.ends_with("_data") && !is_frame(slot.name) &&
            (wanted.empty() || std::ranges::count(wanted, slot.name) > 0))
            run_slot(test, slot, test_slots, totals);
    run_frame(test, "cleanupTestCase", test_slots);
    std::printf("Totals: %d passed, %d failed, %d skipped\n", totals.passed, totals.failed,
                totals.skipped);
    return totals.failed > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

}  // namespace lares::test

namespace QTest {

lares::test::TestRow& newRow(const char* name) {
    return lares::test::test_table().rows.emplace_back(lares::test::TestRow{name, {}});
}

lares::test::TestRow& addRow(const char* format, ...) {
    std::array<char, 512> name{};
    std::va_list arguments;
    va_start(arguments, format);
    std::vsnprintf(name.data(), name.size(), format, arguments);
    va_end(arguments);
    return newRow(name.data());
}

}  // namespace QTest
