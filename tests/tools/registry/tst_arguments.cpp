#include "engine/base/json.h"
#include "tools/registry/arguments.h"

#include <QTest>

using namespace lares;

namespace {

const ToolDefinition& tool(const char* name) {
    return *ToolRegistry::builtin().find_or_null(name);
}

}  // namespace

Q_DECLARE_METATYPE(ArgumentFault)

class ArgumentsTest : public QObject {
    Q_OBJECT

private slots:
    void takesWhatTheToolTakes() {
        QVERIFY(!check_arguments(tool("get_time"), Json::object()));
        QVERIFY(!check_arguments(tool("read_file"), {{"path", "~/a b/ü.txt"}}));
        QVERIFY(!check_arguments(tool("calculate"), {{"expression", "1 +\n1"}}));
        QVERIFY(!check_arguments(tool("find_files"), {{"pattern", "*"}, {"folder", "/x"}}));
    }
    void refusesEverythingElse_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("arguments");
        QTest::addColumn<ArgumentFault>("fault");
        QTest::addColumn<QString>("message");
        const auto row = [](const char* title, const char* name, const QByteArray& arguments,
                            ArgumentFault fault, const char* message) {
            QTest::newRow(title) << name << arguments << fault << message;
        };
        row("list", "get_time", "[]", ArgumentFault::NotAnObject, "arguments are not an object");
        row("text", "get_time", "\"\"", ArgumentFault::NotAnObject, "arguments are not an object");
        row("null", "get_time", "null", ArgumentFault::NotAnObject, "arguments are not an object");
        row("unknown", "get_time", R"({"zone":"UTC"})", ArgumentFault::Unknown,
            "unknown argument: zone");
        row("unknown and hostile", "get_time", R"({"a\nb\u0000":1})", ArgumentFault::Unknown,
            "unknown argument: a?b?");
        row("more", "read_file", R"({"path":"/x","mode":"w"})", ArgumentFault::Unknown,
            "unknown argument: mode");
        row("other case", "read_file", R"({"Path":"/x"})", ArgumentFault::Unknown,
            "unknown argument: Path");
        row("missing", "read_file", "{}", ArgumentFault::Missing, "missing argument: path");
        row("second missing", "find_files", R"({"folder":"/x"})", ArgumentFault::Missing,
            "missing argument: pattern");
        row("number", "calculate", R"({"expression":42})", ArgumentFault::WrongType,
            "argument is not a text: expression");
        row("nested", "read_file", R"({"path":{"path":"/x"}})", ArgumentFault::WrongType,
            "argument is not a text: path");
        row("null value", "read_file", R"({"path":null})", ArgumentFault::WrongType,
            "argument is not a text: path");
        row("NUL", "read_file", R"({"path":"/x\u0000y"})", ArgumentFault::ControlCharacter,
            "control character in argument: path");
        row("line break", "list_folder", R"({"path":"/x\ny"})", ArgumentFault::ControlCharacter,
            "control character in argument: path");
        row("C1", "list_folder", R"({"path":"/x\u0085y"})", ArgumentFault::ControlCharacter,
            "control character in argument: path");
        row("NUL in an expression", "calculate", R"({"expression":"1\u0000"})",
            ArgumentFault::ControlCharacter, "control character in argument: expression");
        row("long path", "read_file", "{\"path\":\"/" + QByteArray(1'000'000, 'a') + "\"}",
            ArgumentFault::TooLong, "argument too long: path (4096 bytes at most)");
        row("long expression", "calculate", "{\"expression\":\"" + QByteArray(1001, '1') + "\"}",
            ArgumentFault::TooLong, "argument too long: expression (1000 bytes at most)");
    }
    void refusesEverythingElse() {
        QFETCH(QString, name);
        QFETCH(QByteArray, arguments);
        QFETCH(ArgumentFault, fault);
        QFETCH(QString, message);
        const auto problem =
            check_arguments(tool(name.toUtf8().constData()), *parse_json(arguments.toStdString()));
        QVERIFY(problem);
        QCOMPARE(problem->fault, fault);
        QCOMPARE(QString::fromStdString(problem->message), message);
    }
    void refusesBytesThatAreNoText() {
        const auto problem = check_arguments(tool("read_file"), {{"path", "/x\xff"}});
        QVERIFY(problem);
        QCOMPARE(problem->fault, ArgumentFault::NotUtf8);
    }
    void aLongUnknownNameIsCut() {
        const auto problem = check_arguments(tool("get_time"), {{std::string(100'000, 'n'), 1}});
        QVERIFY(problem);
        QVERIFY(problem->message.size() < 100);
    }
    void canonicalJsonDoesNotDependOnTheOrder() {
        QCOMPARE(canonical_json({{"b", "2"}, {"a", "1"}}),
                 canonical_json({{"a", "1"}, {"b", "2"}}));
        QCOMPARE(canonical_json({{"b", "2"}, {"a", "1"}}), std::string(R"({"a":"1","b":"2"})"));
    }
};

QTEST_GUILESS_MAIN(ArgumentsTest)
#include "tst_arguments.moc"
