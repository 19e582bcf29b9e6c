#pragma once

#include <any>
#include <concepts>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What the engine's and the tools' tests use of Qt Test, under its names, for builds that have no
/// Qt: for another system a compiler and an emulator are a package each, a Qt is not. The tests'
/// sources stay as they are. cmake/LaresTests.cmake writes the list of their slots, which moc
/// would; comparisons are exact, where Qt lets floats differ a little. One thread.

#define Q_OBJECT                                                    \
public:                                                             \
    static std::vector<lares::test::TestSlot> list_of_test_slots(); \
                                                                    \
private:
#define slots

/// Text as the tests put it into messages.
class QString {
public:
    QString() = default;
    QString(const char* text) : m_text(text) {}  // NOLINT(google-explicit-constructor): as Qt's
    [[nodiscard]] static QString fromStdString(std::string text);
    [[nodiscard]] static QString number(double value) { return QString("%1").arg(value); }
    [[nodiscard]] static QString fromUtf8(const char* text, std::size_t size) {
        return fromStdString({text, size});
    }
    [[nodiscard]] const std::string& toStdString() const { return m_text; }
    [[nodiscard]] bool startsWith(const QString& text) const {
        return m_text.starts_with(text.m_text);
    }
    [[nodiscard]] bool startsWith(char c) const { return m_text.starts_with(c); }
    [[nodiscard]] bool endsWith(const QString& text) const { return m_text.ends_with(text.m_text); }
    [[nodiscard]] bool contains(const QString& text) const {
        return m_text.find(text.m_text) != std::string::npos;
    }
    [[nodiscard]] bool isEmpty() const { return m_text.empty(); }
    [[nodiscard]] QString repeated(int n) const {
        QString all;
        while (n-- > 0) all.m_text += m_text;
        return all;
    }
    friend bool operator==(const QString&, const QString&) = default;
    friend QString operator+(const QString& one, const QString& other) {
        return fromStdString(one.m_text + other.m_text);
    }

    /// Replaces the lowest %1 … %9.
    [[nodiscard]] QString arg(const QString& value) const;
    [[nodiscard]] QString arg(double value,
                              int width = 0,
                              char format = 'g',
                              int precision = 6) const;
    [[nodiscard]] QString arg(std::integral auto value) const {
        return arg(fromStdString(std::to_string(value)));
    }

private:
    std::string m_text;
};
#define qPrintable(text) ((text).toStdString().c_str())

[[noreturn, gnu::format(printf, 1, 2)]] void qFatal(const char* format, ...);
[[gnu::format(gnu_printf, 1, 2)]] void qInfo(const char* format, ...);

class QObject {
public:
    QObject() = default;
    QObject(const QObject&) = delete;
    QObject& operator=(const QObject&) = delete;
    virtual ~QObject() = default;
};

namespace lares::test {

struct TestSlot {
    std::string_view name;
    void (*run)(QObject& test);
};

/// One row of a table.
struct TestRow {
    std::string name;
    std::vector<std::any> values;
};
TestRow& operator<<(TestRow& row, const char* text);
template <class T>
TestRow& operator<<(TestRow& row, T value) {
    row.values.emplace_back(std::move(value));
    return row;
}

/// The table of the function that runs, and what became of it.
class TestTable {
public:
    std::vector<std::string> columns;
    std::vector<TestRow> rows;
    const TestRow* current = nullptr;
    bool has_failed = false;
    bool was_skipped = false;

    /// Ends the program when there is no such column, or its value has another type.
    template <class T>
    [[nodiscard]] T value(std::string_view column) const {
        for (std::size_t i = 0; current && i < columns.size() && i < current->values.size(); ++i)
            if (columns[i] == column)
                if (const T* found = std::any_cast<T>(&current->values[i])) return *found;
        qFatal("the table has no such value: %s", std::string(column).c_str());
    }
};
[[nodiscard]] TestTable& test_table();

/// Reports; false as `holds` is.
bool check(bool holds, const char* what, const char* message, const char* file, int line);
void skip(const char* reason);

/// Runs the functions that argv names, or all. The program's exit status: 1 when one failed.
[[nodiscard]] int run_tests(QObject& test,
                            const std::vector<TestSlot>& test_slots,
                            int argc,
                            char** argv);

}  // namespace lares::test

namespace QTest {

template <class T>
void addColumn(const char* name) {
    lares::test::test_table().columns.emplace_back(name);
}
inline void qFail(const char* message, const char* file, int line) {
    lares::test::check(false, "QFAIL", message, file, line);
}
[[nodiscard]] lares::test::TestRow& newRow(const char* name);
[[nodiscard, gnu::format(printf, 1, 2)]] lares::test::TestRow& addRow(const char* format, ...);

}  // namespace QTest

#define QVERIFY2(condition, message)                                                         \
    do {                                                                                     \
        if (!lares::test::check(static_cast<bool>(condition), #condition, message, __FILE__, \
                                __LINE__))                                                   \
            return;                                                                          \
    } while (false)
#define QVERIFY(condition) QVERIFY2(condition, "")
#define QCOMPARE(got, want)                                                                  \
    do {                                                                                     \
        if (!lares::test::check((got) == (want), #got " == " #want, "", __FILE__, __LINE__)) \
            return;                                                                          \
    } while (false)
#define QSKIP(reason)              \
    do {                           \
        lares::test::skip(reason); \
        return;                    \
    } while (false)
#define QFETCH(Type, name) Type name = lares::test::test_table().value<Type>(#name)

#define QTEST_APPLESS_MAIN(Test)                                                     \
    int main(int argc, char** argv) {                                                \
        Test test;                                                                   \
        return lares::test::run_tests(test, Test::list_of_test_slots(), argc, argv); \
    }
#define QFAIL(message) QVERIFY2(false, message)
#define Q_DECLARE_METATYPE(Type)
#define QTEST_GUILESS_MAIN(Test) QTEST_APPLESS_MAIN(Test)
