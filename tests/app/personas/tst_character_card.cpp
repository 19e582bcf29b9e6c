// What becomes of a character card, and what is said of the rest.
#include "app/personas/character_card.h"
#include "app/personas/persona_text.h"
#include "tests/app/personas/sample_cards.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QLocale>
#include <QTest>

using namespace lares;
using namespace lares::app;
using namespace lares::test;

namespace {

/// A V2 card of these fields alone.
QJsonObject card(const QJsonObject& data) {
    return {{"spec", "chara_card_v2"}, {"data", data}};
}

QJsonObject named(QJsonObject data) {
    data["name"] = "Ada";
    return card(data);
}

Persona read(const QJsonObject& object) {
    const auto read = fromCharacterCard(object);
    return read ? read->persona : Persona{};
}

QString leftOut(const QJsonObject& object) {
    const auto read = fromCharacterCard(object);
    return read ? read->leftOut.join("; ") : QString("refused");
}

}  // namespace

class CharacterCardTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void everythingForTheModelIsInTheInstructions();
    void namesWhatIsLeftOut();
    void readsEveryVersion_data();
    void readsEveryVersion();
    void aCardIsKnownByItsFields();
    void fillsInNames_data();
    void fillsInNames();
    void aNicknameIsWhatItIsCalled();
    void takesAnotherGreetingWhereThereIsNone();
    void shortensALongGreeting();
    void leavesExamplesOutWhereThereIsNoRoom();
    void refusesWhatIsBeyondTheBounds_data();
    void refusesWhatIsBeyondTheBounds();
    void carriesNoRightsAndNoTools();
    void namesHiddenCharacters();
    void markupStaysText();
    void comesBackAsItWas_data();
    void comesBackAsItWas();
    void whatIsWrittenHasEveryFieldOfTheSpecification();
};

void CharacterCardTest::initTestCase() {
    QLocale::setDefault(QLocale::c());
}

void CharacterCardTest::everythingForTheModelIsInTheInstructions() {
    const Persona ada = read(sampleCard());
    QVERIFY(ada.id.isEmpty());
    QCOMPARE(ada.name, "Ada");
    QCOMPARE(ada.system,
             "Write as Ada.\n\nAda counts the waves for the user.\n\nPersonality:\npatient, "
             "exact\n\nScenario:\nA pier. The user sits down beside Ada.\n\nExamples of how Ada "
             "speaks:\nThe user: How many?\nAda: Nine.\n---\nAda: Ten.\n\nAlways keep to "
             "this:\nNever guess.");
    QCOMPARE(ada.greeting, "*Ada looks up.* There is your chair. Sit, you!");
    QVERIFY(ada.parameters.isEmpty());
    QCOMPARE(ada.lore.entries.size(), std::size_t{2});
    QCOMPARE(ada.lore.entries[0].words, QStringList("sea"));
    QVERIFY(faultOf(ada).isEmpty());
}

void CharacterCardTest::namesWhatIsLeftOut() {
    QCOMPARE(leftOut(sampleCard()),
             "2 other greetings; its maker's notes; who made it, its "
             "version and tags; what other programs keep in it");
    QCOMPARE(leftOut(named({{"description", "x"}, {"tags", QJsonArray()}, {"creator", " "}})), "");
    QCOMPARE(leftOut(named({{"character_book", QJsonObject{{"entries", QJsonArray{1}}}}})),
             "1 lore entry without text or words");
    QCOMPARE(leftOut(named({{"assets", QJsonArray{QJsonObject{{"uri", "http://x"}}}}})),
             "pictures and sounds that it names");
    QCOMPARE(leftOut(named({{"first_mes", "a"}, {"alternate_greetings", QJsonArray{"b", ""}}})),
             "1 other greeting");
}

void CharacterCardTest::readsEveryVersion_data() {
    QTest::addColumn<QJsonObject>("object");
    const QJsonObject data{{"name", "Ada"}, {"description", "Old."}, {"first_mes", "Hi."}};
    QTest::newRow("1") << data;
    QTest::newRow("2") << card(data);
    QTest::newRow("3") << QJsonObject{{"spec", "chara_card_v3"}, {"data", data}};
    QJsonObject both = data;  // as programs write it that keep to both
    both["description"] = "Not this.";
    both["spec"] = "chara_card_v2";
    both["data"] = data;
    QTest::newRow("1 and 2") << both;
}

void CharacterCardTest::readsEveryVersion() {
    QFETCH(QJsonObject, object);
    QVERIFY(isCharacterCard(object));
    QCOMPARE(read(object).system, "You are Ada. Stay in this role and answer as Ada.\n\nOld.");
    QCOMPARE(read(object).greeting, "Hi.");
    QCOMPARE(leftOut(object), "");
}

void CharacterCardTest::aCardIsKnownByItsFields() {
    QVERIFY(!isCharacterCard({{"id", "a"}, {"name", "A"}, {"system", "x"}}));
    QVERIFY(!isCharacterCard({{"name", "A"}}));
    QVERIFY(isCharacterCard(sampleCard()));
}

void CharacterCardTest::fillsInNames_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("forTheModel");
    QTest::addColumn<QString>("forTheUser");
    QTest::newRow("character") << "I am {{char}}."
                               << "I am Ada."
                               << "I am Ada.";
    QTest::newRow("any case, old forms") << "{{ CHAR }}, <BOT>, <char>"
                                         << "Ada, Ada, Ada"
                                         << "Ada, Ada, Ada";
    QTest::newRow("user") << "Hi {{user}}!"
                          << "Hi the user!"
                          << "Hi you!";
    QTest::newRow("a sentence begins") << "Yes. {{user}} waits."
                                       << "Yes. The user waits."
                                       << "Yes. You waits.";
    QTest::newRow("behind an asterisk") << "x\n*{{user}} waits*"
                                        << "x\n*The user waits*"
                                        << "x\n*You waits*";
    QTest::newRow("possessive") << "it is {{user}}'s"
                                << "it is the user's"
                                << "it is your";
    QTest::newRow("half a character") << QString("{{char}} " + QString(QChar(0xd83d))) << "Ada ?"
                                      << "Ada ?";
    QTest::newRow("nothing is read twice") << "{{{{char}}}}"
                                           << "{{Ada}}"
                                           << "{{Ada}}";
    QTest::newRow("what nobody knows stays") << "{{random:a,b}} {{"
                                             << "{{random:a,b}} {{"
                                             << "{{random:a,b}} {{";
}

void CharacterCardTest::fillsInNames() {
    QFETCH(QString, text);
    const Persona persona = read(named({{"system_prompt", text}, {"first_mes", text}}));
    QTEST(persona.system, "forTheModel");
    QTEST(persona.greeting, "forTheUser");
}

void CharacterCardTest::aNicknameIsWhatItIsCalled() {
    const Persona ada = read(named({{"nickname", "Addie"}, {"system_prompt", "Be {{char}}."}}));
    QCOMPARE(ada.name, "Ada");
    QCOMPARE(ada.system, "Be Addie.");
    // A name is filled in as it is, and not read again.
    QCOMPARE(read(card({{"name", "{{user}}"}, {"system_prompt", "{{char}}"}})).system, "{{user}}");
}

void CharacterCardTest::takesAnotherGreetingWhereThereIsNone() {
    const QJsonObject object =
        named({{"first_mes", " "}, {"alternate_greetings", QJsonArray{"", "One.", 3, "Two."}}});
    QCOMPARE(read(object).greeting, "One.");
    QCOMPARE(leftOut(object), "1 other greeting");
}

void CharacterCardTest::shortensALongGreeting() {
    const QString sentence = "The sea is grey today. ";
    const QJsonObject object = named({{"first_mes", sentence.repeated(100)}});
    const QString greeting = read(object).greeting;
    QVERIFY(greeting.size() <= kMaxGreeting);
    QVERIFY(greeting.size() > kMaxGreeting - 2 * sentence.size());
    QVERIFY2(greeting.endsWith(QString::fromUtf8("today.…")), qPrintable(greeting));
    QCOMPARE(leftOut(object), "the end of its greeting");
    // Not in the middle of a character.
    const QString foxes = QString::fromUtf8("🦊").repeated(kMaxGreeting);
    QVERIFY(!read(named({{"first_mes", foxes}})).greeting.contains(QChar(0xfffd)));
}

void CharacterCardTest::leavesExamplesOutWhereThereIsNoRoom() {
    const QString most(kMaxInstructions - 100, 'x');
    const QJsonObject object = named({{"description", most},
                                      {"mes_example", QString(200, 'y')},
                                      {"post_history_instructions", "Last."}});
    QVERIFY(read(object).system.endsWith("x\n\nAlways keep to this:\nLast."));
    QCOMPARE(leftOut(object), "the examples of its speech, for which there is no room");
}

void CharacterCardTest::refusesWhatIsBeyondTheBounds_data() {
    QTest::addColumn<QJsonObject>("object");
    QTest::addColumn<QString>("why");
    const QString large(kMaxCardText + 1, 'x');
    const QString wide = QString::fromUtf8("家").repeated(kMaxCardText / 3 + 1);
    QTest::newRow("no name") << card({{"description", "x"}}) << "“name” is missing";
    QTest::newRow("a name that nobody sees")
        << card({{"name", QString(QChar(0x200b))}}) << "“name” is missing";
    QTest::newRow("a name of another kind") << card({{"name", 3}}) << "“name” is no text";
    QTest::newRow("texts of another kind")
        << named({{"description", QJsonArray{"x"}}}) << "“description” is no text";
    QTest::newRow("one large text") << named({{"scenario", large}}) << "“scenario” is longer";
    QTest::newRow("large as UTF-8") << named({{"scenario", wide}}) << "“scenario” is longer";
    QTest::newRow("more than there is room for")
        << named({{"description", QString(kMaxInstructions + 1, 'x')}}) << "too long together";
    QTest::newRow("names filled in that make it too large")
        << named({{"description", QString("{{char}}").repeated(10'000)}}) << "too long together";
}

void CharacterCardTest::refusesWhatIsBeyondTheBounds() {
    QFETCH(QJsonObject, object);
    QFETCH(QString, why);
    const auto read = fromCharacterCard(object);
    QVERIFY(!read);
    const QString said = QString::fromStdString(read.error().message);
    QVERIFY2(said.contains(why), qPrintable(said));
}

void CharacterCardTest::carriesNoRightsAndNoTools() {
    const QJsonObject hostile =
        named({{"tools", QJsonArray{"run_command"}},
               {"grants", QJsonArray{"/"}},
               {"permissions", "all"},
               {QString::fromUtf8("zz\u202e%1").arg(QString(500, 'x')), 1},
               {"id", "lares"},
               {"extensions",
                QJsonObject{{"lares", QJsonObject{{"parameters", QJsonObject{{"temperature", 99},
                                                                             {"tools", "all"},
                                                                             {"topK", "many"}}},
                                                  {"grants", "/"}}}}}});
    const Persona persona = read(hostile);
    QCOMPARE(persona, (Persona{{}, "Ada", {}, {}, {{"temperature", 2.0}}}));
    const QString said = leftOut(hostile);
    QVERIFY2(said.contains("unknown fields (“grants”, “id”, “permissions”, …)"), qPrintable(said));
}

void CharacterCardTest::namesHiddenCharacters() {
    const QJsonObject object =
        named({{"system_prompt", QString::fromUtf8("Be\u202e kind\u0000.\u202e", 12)},
               {"first_mes", QString::fromUtf8("\U000E0041Hi")}});
    QCOMPARE(read(object).system, "Be kind.");
    QCOMPARE(read(object).greeting, "Hi");
    QCOMPARE(leftOut(object), "characters that nobody sees (U+202E, U+0000, U+E0041)");
}

void CharacterCardTest::markupStaysText() {
    const QString markup = "<h1>x</h1><img src=\"http://x/y.png\"> ![a](file:///etc/passwd)";
    const Persona persona = read(named({{"system_prompt", markup}, {"first_mes", markup}}));
    QCOMPARE(persona.system, markup);
    QCOMPARE(persona.greeting, markup);
}

void CharacterCardTest::comesBackAsItWas_data() {
    QTest::addColumn<Persona>("persona");
    QTest::newRow("all of it") << Persona{{},
                                          "Ada",
                                          "You are Ada.\n\n\"Count\".",
                                          "Hello.",
                                          {{"temperature", 0.9}, {"thinking", false}}};
    QTest::newRow("no instructions") << Persona{{}, "Ada", {}, {}};
    QTest::newRow("the largest") << Persona{{},
                                            QString(kMaxPersonaName, QChar(0x5bb6)),
                                            QString(kMaxInstructions, QChar(0x5bb6)),
                                            QString(kMaxGreeting, QChar(0x5bb6))};
}

void CharacterCardTest::comesBackAsItWas() {
    QFETCH(Persona, persona);
    const auto document = QJsonDocument::fromJson(toCharacterCard(persona));
    QVERIFY(isCharacterCard(document.object()));
    const auto read = fromCharacterCard(document.object());
    QVERIFY2(read, read ? "" : read.error().message.c_str());
    QCOMPARE(read->persona, persona);
    QVERIFY2(read->leftOut.isEmpty(), qPrintable(read->leftOut.join("; ")));
}

void CharacterCardTest::whatIsWrittenHasEveryFieldOfTheSpecification() {
    const auto written =
        QJsonDocument::fromJson(toCharacterCard({"a", "Ada", "You are Ada.", "Hi."})).object();
    QCOMPARE(written["spec"].toString(), "chara_card_v2");
    QCOMPARE(written["spec_version"].toString(), "2.0");
    const QJsonObject data = written["data"].toObject();
    for (const char* text : {"name", "description", "personality", "scenario", "first_mes",
                             "mes_example", "creator_notes", "system_prompt",
                             "post_history_instructions", "creator", "character_version"})
        QVERIFY2(data[QLatin1String(text)].isString(), text);
    QVERIFY(data["alternate_greetings"].isArray());
    QVERIFY(data["tags"].isArray());
    QVERIFY(data["extensions"].isObject());
    QCOMPARE(data["system_prompt"].toString(), "You are Ada.");
    QCOMPARE(data["first_mes"].toString(), "Hi.");
}

QTEST_GUILESS_MAIN(CharacterCardTest)
#include "tst_character_card.moc"
