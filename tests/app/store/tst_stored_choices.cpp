#include "app/personas/persona_text.h"
#include "app/store/conversation_store.h"
#include "tests/app/store/store_samples.h"

#include <QTest>

using namespace lares;
using namespace lares::app;
using namespace lares::test;

/// What the store keeps beside conversations: settings, permissions, personas.
class StoredChoicesTest : public QObject {
    Q_OBJECT

private slots:
    void keepsSettingsOfEveryType();
    void keepsGrants();
    void keepsPersonas();
    void refusesAPersonaBeyondTheBounds();
};

void StoredChoicesTest::keepsSettingsOfEveryType() {
    const StoreFolder folder;
    const QJsonObject settings = {{"theme", "dark"},
                                  {"thinking", true},
                                  {"threads", 8},
                                  {"share", 0.25},
                                  {"nothing", QJsonValue::Null},
                                  {"window", QJsonObject{{"x", 1}}}};
    {
        const auto store = openStore(folder.path());
        QVERIFY(answer(store->setSetting("theme", "light")));
        QVERIFY(answer(store->setSetting("gone", 1)));
        for (auto at = settings.begin(); at != settings.end(); ++at) {
            QVERIFY(answer(store->setSetting(at.key(), at.value())));
        }
        QVERIFY(answer(store->setSetting("gone", QJsonValue(QJsonValue::Undefined))));
    }
    QCOMPARE(answer(openStore(folder.path())->settings()).value(), settings);
}

void StoredChoicesTest::keepsGrants() {
    const StoreFolder folder;
    const auto store = openStore(folder.path());
    const StoredGrant documents = answer(store->addGrant("/home/a/Documents", "read-only")).value();
    const StoredGrant music = answer(store->addGrant("/home/a/Music", "read-only")).value();
    QCOMPARE(documents.folder, "/home/a/Documents");
    QVERIFY(documents.grantedAt.isValid());
    QVERIFY(music.id > documents.id);
    QCOMPARE(answer(store->grants()).value(), (std::vector{documents, music}));
    QCOMPARE(answer(store->addGrant("/home/a/Music", "read-only")).value().id, music.id);
    QVERIFY(answer(store->removeGrant(documents.id)));
    const auto left = answer(store->grants()).value();
    QCOMPARE(left.size(), std::size_t{1});
    QCOMPARE(left[0].id, music.id);
}

void StoredChoicesTest::keepsPersonas() {
    const StoreFolder folder;
    const Persona robin{"robin", "Robin", "You are \"Robin\";\n--", "Hi.", {{"topK", 40}}};
    Persona ada{"ada", " Ada ", QString(kMaxInstructions, QChar(0x5bb6)), {}};
    ada.lore.budget = 30;
    ada.lore.entries = {{"The \"Sea\"", {"sea"}, {"pier"}, "Grey;\n--", false, false, true, 2}};
    {
        const auto store = openStore(folder.path());
        QVERIFY(answer(store->save(robin)));
        QVERIFY(answer(
            store->save(Persona{"ada", "Eve", "You are Eve.", "Hello.", {{"thinking", true}}})));
        QVERIFY(answer(store->save(Persona{"gone", "Gone", {}, {}})));
        QVERIFY(answer(store->save(ada)));
        QVERIFY(answer(store->removePersona("gone")));
        QVERIFY(answer(store->removePersona("never there")));
    }
    ada.name = "Ada";
    QCOMPARE(answer(openStore(folder.path())->personas()).value(), (std::vector{ada, robin}));
}

void StoredChoicesTest::refusesAPersonaBeyondTheBounds() {
    const StoreFolder folder;
    const auto store = openStore(folder.path());
    const Persona before{"a", "A", {}, {}};
    QVERIFY(answer(store->save(before)));
    Persona withoutText = before;
    withoutText.lore.entries = {{{}, {"sea"}, {}, {}}};
    for (const Persona& bad :
         {Persona{"a", " ", {}, {}}, Persona{"a", QString(kMaxPersonaName + 1, 'x'), {}, {}},
          Persona{"a", "A", QString(kMaxInstructions + 1, 'x'), {}},
          Persona{"a", "A", {}, QString(kMaxGreeting + 1, 'x')}, withoutText}) {
        const auto saved = answer(store->save(bad));
        QVERIFY(!saved);
        QCOMPARE(saved.error().code, ErrorCode::InvalidArgument);
    }
    QCOMPARE(answer(store->personas()).value(), std::vector{before});
}

QTEST_GUILESS_MAIN(StoredChoicesTest)
#include "tst_stored_choices.moc"
