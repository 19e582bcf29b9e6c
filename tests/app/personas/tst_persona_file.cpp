#include "app/chat/answer_parameters.h"
#include "app/personas/persona_file.h"
#include "app/personas/persona_text.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace lares::app;

namespace {

QJsonObject everyParameter() {
    QJsonObject all{{"thinking", false}};
    for (const ParameterBounds& one : answerParameters()) all[one.key] = one.most;
    return all;
}

}  // namespace

class PersonaFileTest : public QObject {
    Q_OBJECT

private slots:
    void theLargestPersonaComesBack_data();
    void theLargestPersonaComesBack();
    void leavesOutWhatNobodySees();
    void readsKnownFieldsOnly();
    void boundsTheParameters();
    void whatAnswersAsUsualIsWrittenAsBefore();
    void refusesWhatIsBeyondTheBounds_data();
    void refusesWhatIsBeyondTheBounds();
    void opensNoFolder();
    void saysThatItCannotWrite();
    void saysWhatIsWrongWithADraft_data();
    void saysWhatIsWrongWithADraft();
    void marksWithAWholeCharacter();

private:
    QTemporaryDir m_folder;
    [[nodiscard]] QString path() const { return m_folder.filePath("one.json"); }
};

void PersonaFileTest::theLargestPersonaComesBack_data() {
    QTest::addColumn<QString>("character");
    QTest::newRow("a letter") << "a";
    QTest::newRow("one that takes three bytes") << QString::fromUtf8("家");
    QTest::newRow("one that JSON escapes") << "\"";
}

void PersonaFileTest::theLargestPersonaComesBack() {
    QFETCH(QString, character);
    const Persona largest{QString(64, 'i'), character.repeated(kMaxPersonaName),
                          character.repeated(kMaxInstructions), character.repeated(kMaxGreeting),
                          everyParameter()};
    QVERIFY(faultOf(largest).isEmpty());
    QVERIFY(writePersonaFile(path(), largest));
    const auto read = readPersonaFile(path());
    QVERIFY2(read, read ? "" : read.error().message.c_str());
    QCOMPARE(*read, largest);
}

void PersonaFileTest::leavesOutWhatNobodySees() {
    const Persona hostile{"a", QString::fromUtf8(" Ro\u202ebin\u200b\nthe \u0007Bold "),
                          QString::fromUtf8("Be kind.\r\n\U000E0041\U000E0042Obey\u2066 me.\n"),
                          QString::fromUtf8("\ufeffHi\u0000!", 7)};
    QVERIFY(writePersonaFile(path(), hostile));
    const auto read = readPersonaFile(path());
    QVERIFY(read);
    QCOMPARE(read->name, "Robin the Bold");
    QCOMPARE(read->system, "Be kind.\nObey me.");
    QCOMPARE(read->greeting, "Hi!");
    QCOMPARE(tidied(*read), *read);
}

void PersonaFileTest::readsKnownFieldsOnly() {
    const auto read = parsePersona(
        R"({"id": "a", "name": "A", "system": "", "tools": ["all"], "greeting": 3, "folder": "/"})");
    QVERIFY(read);
    QCOMPARE(*read, (Persona{"a", "A", {}, {}}));
}

void PersonaFileTest::boundsTheParameters() {
    const auto read = parsePersona(
        R"({"id": "a", "name": "A", "system": "", "parameters": {"temperature": 1e300, "topK": -4,
            "thinking": 1, "minP": "x", "tools": {"all": true}}})");
    QVERIFY(read);
    QCOMPARE(read->parameters, (QJsonObject{{"temperature", 2.0}, {"topK", 0.0}}));
    QVERIFY(parsePersona(R"({"id": "a", "name": "A", "system": "", "parameters": [1]})")
                ->parameters.isEmpty());
}

void PersonaFileTest::whatAnswersAsUsualIsWrittenAsBefore() {
    QCOMPARE(toPersonaObject({"a", "A", "x", "y"}),
             (QJsonObject{{"id", "a"}, {"name", "A"}, {"system", "x"}, {"greeting", "y"}}));
}

void PersonaFileTest::refusesWhatIsBeyondTheBounds_data() {
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("why");
    const auto with = [](const QByteArray& id, const QByteArray& name, const QByteArray& system) {
        return R"({"id": ")" + id + R"(", "name": ")" + name + R"(", "system": ")" + system + "\"}";
    };
    QTest::newRow("long instructions")
        << with("a", "A", QByteArray(kMaxInstructions + 1, 'x')) << "“system” is too long";
    QTest::newRow("a name that nobody sees") << with("a", R"(\u200b\u202e)", "A") << "empty";
    QTest::newRow("an id with a line end") << with(R"(a\n)", "A", "A") << "“id” may hold";
    QTest::newRow("a large file") << QByteArray(kMaxPersonaFileSize + 1, ' ') << "2 MB";
}

void PersonaFileTest::refusesWhatIsBeyondTheBounds() {
    QFETCH(QByteArray, json);
    QFETCH(QString, why);
    const auto read = parsePersona(json);
    QVERIFY(!read);
    const QString said = QString::fromStdString(read.error().message);
    QVERIFY2(said.contains(why), qPrintable(said));
}

void PersonaFileTest::opensNoFolder() {
    const auto read = readPersonaFile(m_folder.path());
    QVERIFY(!read);
    QCOMPARE(QString::fromStdString(read.error().message), "it is no file");
}

void PersonaFileTest::saysThatItCannotWrite() {
    const auto written =
        writePersonaFile(m_folder.filePath("no/such/folder.json"), {"a", "A", {}, {}});
    QVERIFY(!written);
    QVERIFY(!written.error().message.empty());
}

void PersonaFileTest::saysWhatIsWrongWithADraft_data() {
    QTest::addColumn<Persona>("persona");
    QTest::addColumn<QString>("fault");
    const Persona good{"a", "A", {}, {}};
    Persona bad = good;
    bad.name = "  ";
    QTest::newRow("no name") << bad << "needs a name";
    bad.name = QString(kMaxPersonaName, 'x');
    QTest::newRow("the longest name") << bad << QString();
    bad.name += 'x';
    QTest::newRow("a long name") << bad << "81 of 80";
    bad = good;
    bad.system = QString(kMaxInstructions + 1, 'x');
    QTest::newRow("long instructions") << bad << "instructions are too long";
    bad = good;
    bad.greeting = QString(kMaxGreeting + 1, 'x');
    QTest::newRow("a long greeting") << bad << "greeting is too long";
}

void PersonaFileTest::saysWhatIsWrongWithADraft() {
    QFETCH(Persona, persona);
    QFETCH(QString, fault);
    QLocale::setDefault(QLocale::c());
    const QString said = faultOf(persona);
    QCOMPARE(said.isEmpty(), fault.isEmpty());
    QVERIFY2(said.contains(fault), qPrintable(said));
}

void PersonaFileTest::marksWithAWholeCharacter() {
    QCOMPARE(markOf("robin"), "R");
    QCOMPARE(markOf(QString::fromUtf8("🦊 Fox")), QString::fromUtf8("🦊"));
    QCOMPARE(markOf(QString()), QString());
    QCOMPARE(firstLineOf("\n  First. \nSecond."), "First.");
    QCOMPARE(firstLineOf("Only."), "Only.");
}

QTEST_GUILESS_MAIN(PersonaFileTest)
#include "tst_persona_file.moc"
