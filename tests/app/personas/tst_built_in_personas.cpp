#include "app/personas/built_in_personas.h"
#include "tests/support/test_data.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace lares::app;

namespace {

constexpr const char* kGood =
    R"({"id": "one", "name": "One", "system": "You are One.", "greeting": "Hello."})";

class PersonaFolder {
public:
    void write(const char* name, const QByteArray& bytes) const {
        QFile file(m_folder.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
    }
    [[nodiscard]] BuiltInPersonas load() const {
        return loadBuiltInPersonas(m_folder.path().toStdString());
    }

private:
    QTemporaryDir m_folder;
};

}  // namespace

class BuiltInPersonasTest : public QObject {
    Q_OBJECT

private slots:
    void loadsWhatLaresShips();
    void readsEveryField();
    void skipsABadFile_data();
    void skipsABadFile();
    void skipsASecondOneWithTheSameId();
    void readsOnlySoManyFiles();
    void saysWhenThereIsNone();
};

void BuiltInPersonasTest::loadsWhatLaresShips() {
    const auto loaded = loadBuiltInPersonas(lares::test::source_file("resources/personas"));
    QVERIFY2(loaded.warnings.isEmpty(), qPrintable(loaded.warnings.join('\n')));
    QVERIFY(loaded.personas.size() >= 3);
    QCOMPARE(loaded.personas[0].id, "lares");
    for (const Persona& persona : loaded.personas) {
        QVERIFY(persona.greeting.contains("I am "));
        QVERIFY(persona.greeting.contains("everything stays on this machine"));
    }
}

void BuiltInPersonasTest::readsEveryField() {
    PersonaFolder folder;
    folder.write("one.json", kGood);
    folder.write("notes.txt", "not a persona");
    const auto loaded = folder.load();
    QVERIFY(loaded.warnings.isEmpty());
    QCOMPARE(loaded.personas, std::vector{(Persona{"one", "One", "You are One.", "Hello."})});
}

void BuiltInPersonasTest::skipsABadFile_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("why");
    QTest::newRow("empty") << QByteArray() << "illegal value";
    QTest::newRow("no JSON") << QByteArray("You are One.") << "illegal value";
    QTest::newRow("cut off") << QByteArray(kGood).chopped(4) << "unterminated";
    QTest::newRow("no object") << QByteArray("[1]") << "no JSON object";
    QTest::newRow("too large") << QByteArray((2 << 20) + 1, ' ') << "2 MB";
    QTest::newRow("no UTF-8") << QByteArray("{\"id\": \"a\", \"name\": \"\xff\"}") << "UTF8";
    QTest::newRow("too deep") << QByteArray(5000, '[') << "deep";
    QTest::newRow("no system") << QByteArray(R"({"id": "b", "name": "B"})") << "system";
    QTest::newRow("blank name") << QByteArray(R"({"id": "b", "name": " ", "system": "B"})")
                                << "name";
    QTest::newRow("number as id") << QByteArray(R"({"id": 3, "name": "B", "system": "B"})") << "id";
    QTest::newRow("path as id") << QByteArray(R"({"id": "../b", "name": "B", "system": "B"})")
                                << "id";
    QTest::newRow("long name") << QByteArray(R"({"id": "b", "system": "B", "name": ")") +
                                      QByteArray(81, 'x') + "\"}"
                               << "too long";
}

void BuiltInPersonasTest::skipsABadFile() {
    QFETCH(QByteArray, bytes);
    QFETCH(QString, why);
    PersonaFolder folder;
    folder.write("bad.json", bytes);
    folder.write("one.json", kGood);
    const auto loaded = folder.load();
    QCOMPARE(loaded.personas.size(), std::size_t{1});
    QCOMPARE(loaded.warnings.size(), 1);
    QVERIFY(loaded.warnings[0].contains("bad.json"));
    QVERIFY2(loaded.warnings[0].contains(why), qPrintable(loaded.warnings[0]));
}

void BuiltInPersonasTest::skipsASecondOneWithTheSameId() {
    PersonaFolder folder;
    folder.write("a.json", kGood);
    folder.write("b.json", kGood);
    const auto loaded = folder.load();
    QCOMPARE(loaded.personas.size(), std::size_t{1});
    QCOMPARE(loaded.warnings.size(), 1);
    QVERIFY(loaded.warnings[0].contains("b.json"));
}

void BuiltInPersonasTest::readsOnlySoManyFiles() {
    PersonaFolder folder;
    for (int i = 0; i < 110; ++i) {
        const QByteArray id = QByteArray::number(i);
        folder.write(qPrintable(id + ".json"),
                     R"({"name": "A", "system": "B", "id": ")" + id + "\"}");
    }
    QCOMPARE(folder.load().personas.size(), std::size_t{100});
}

void BuiltInPersonasTest::saysWhenThereIsNone() {
    const auto loaded = loadBuiltInPersonas("no/such/folder");
    QVERIFY(loaded.personas.empty());
    QCOMPARE(loaded.warnings.size(), 1);
}

QTEST_GUILESS_MAIN(BuiltInPersonasTest)
#include "tst_built_in_personas.moc"
