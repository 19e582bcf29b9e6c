#include "tools/registry/builtin_tools.h"
#include "tools/registry/tool_registry.h"

#include <QTest>

using namespace lares;

class ToolRegistryTest : public QObject {
    Q_OBJECT

private slots:
    void holdsTheToolsThatExist() {
        QStringList names;
        for (const ToolDefinition& tool : ToolRegistry::builtin().tools())
            names.append(QString::fromStdString(tool.name));
        QCOMPARE(names.join(' '),
                 QString("get_time calculate list_folder read_file find_files find_text "
                         "search_documents make_folder move write_file edit_file run_command "
                         "remember search_conversations"));
        QVERIFY(ToolRegistry::from_json(builtin_tools_json()).has_value());
    }
    void definitionsAreThoseOfThePrompt() {
        const auto definitions = ToolRegistry::builtin().definitions();
        QCOMPARE(definitions.size(), std::size_t{11});
        const auto reading = ToolRegistry::builtin().definitions(ToolEffect::ReadFolders);
        QCOMPARE(reading.size(), std::size_t{7});
        const auto running = ToolRegistry::builtin().definitions(ToolEffect::RunPrograms);
        QCOMPARE(running.size(), std::size_t{12});
        QCOMPARE(QString::fromStdString(definitions[2]["function"]["name"].get<std::string>()),
                 QString("list_folder"));
    }
    void findsByName() {
        const ToolDefinition* tool = ToolRegistry::builtin().find_or_null("read_file");
        QVERIFY(tool);
        QCOMPARE(tool->effect, ToolEffect::ReadFolders);
        QVERIFY(!ToolRegistry::builtin().find_or_null("delete"));
        QVERIFY(!ToolRegistry::builtin().find_or_null(""));
    }
    void refusesDefinitionsThatPromiseSomethingElse_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("no JSON") << QByteArray("[{");
        QTest::newRow("no list") << QByteArray("{}");
        QTest::newRow("no function") << QByteArray("[1]");
        QTest::newRow("no parameters") << QByteArray(R"([{"function":{"name":"calculate"}}])");
        QTest::newRow("another parameter") << QByteArray(
            R"([{"function":{"name":"calculate","parameters":{"properties":{"x":{"type":"string"}}}}}])");
        QTest::newRow("another type") << QByteArray(
            R"([{"function":{"name":"calculate","parameters":{"properties":{"expression":{"type":"integer"}}}}}])");
        QTest::newRow("not required") << QByteArray(
            R"([{"function":{"name":"calculate","parameters":{"properties":{"expression":{"type":"string"}}}}}])");
        QTest::newRow("required, which is not") << QByteArray(
            R"([{"function":{"name":"read_file","parameters":{"properties":{"path":{"type":"string"},"part":{"type":"string"}},"required":["path","part"]}}}])");
        QTest::newRow("twice") << QByteArray(
            R"([{"function":{"name":"get_time","parameters":{"properties":{}}}},{"function":{"name":"get_time","parameters":{"properties":{}}}}])");
    }
    void refusesDefinitionsThatPromiseSomethingElse() {
        QFETCH(QByteArray, text);
        const auto registry = ToolRegistry::from_json(text.toStdString());
        QVERIFY(!registry);
        QCOMPARE(registry.error().code, ErrorCode::InvalidArgument);
        QVERIFY(!registry.error().message.empty());
    }
};

QTEST_GUILESS_MAIN(ToolRegistryTest)
#include "tst_tool_registry.moc"
