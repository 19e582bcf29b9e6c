// Personas of any texts as files: what goes out comes in as it was, and what a stranger's file
// holds beside it is said. LARES_SEED=N plays other texts.
#include "app/personas/bounded_object.h"
#include "app/personas/character_card.h"
#include "app/personas/persona_file.h"
#include "app/personas/persona_import.h"
#include "app/personas/persona_text.h"
#include "tests/app/personas/random_persona.h"
#include "tests/app/personas/sample_cards.h"
#include "tests/support/seeds.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QLocale>
#include <QTest>

using namespace lares;
using namespace lares::app;
using namespace lares::test;

namespace {

QString difference(const Persona& a, const Persona& b) {
    if (a.name != b.name) return "name: " + a.name + " / " + b.name;
    if (a.system != b.system) return "instructions: " + a.system + " / " + b.system;
    if (a.greeting != b.greeting) return "greeting: " + a.greeting + " / " + b.greeting;
    if (a.parameters != b.parameters) return "parameters";
    if (a.lore.entries.size() != b.lore.entries.size())
        return QString("%1 and %2 lore entries")
            .arg(a.lore.entries.size())
            .arg(b.lore.entries.size());
    for (std::size_t i = 0; i < a.lore.entries.size(); ++i) {
        if (a.lore.entries[i] != b.lore.entries[i])
            return "lore entry: " + a.lore.entries[i].text + " / " + b.lore.entries[i].text;
    }
    return a == b ? QString() : QString("the rest");
}

QJsonObject objectOf(const QByteArray& json) {
    return QJsonDocument::fromJson(json).object();
}

/// A value of any kind.
QJsonValue anyValue(RandomTexts& texts, int depth = 0) {
    switch (texts.below(depth > 3 ? 5 : 7)) {
        case 0:
            return QJsonValue::Null;
        case 1:
            return texts.oneIn(2);
        case 2:
            return (texts.below(2000) - 1000) * (texts.oneIn(9) ? 1e300 : 0.5);
        case 3:
        case 4:
            return texts.text();
        case 5:
            return QJsonArray{anyValue(texts, depth + 1), anyValue(texts, depth + 1)};
        default:
            return QJsonObject{{texts.line(), anyValue(texts, depth + 1)}};
    }
}

/// The same with some of its members, on every level, gone, of another kind, or new.
QJsonObject changed(QJsonObject object, RandomTexts& texts, int depth = 0) {
    for (const QString& key : object.keys()) {
        const QJsonValue value = object[key];
        if (texts.oneIn(12)) {
            object[key] = anyValue(texts);
        } else if (texts.oneIn(20)) {
            object.remove(key);
        } else if (value.isObject() && depth < 8) {
            object[key] = changed(value.toObject(), texts, depth + 1);
        } else if (value.isArray()) {
            QJsonArray all;
            for (const QJsonValue one : value.toArray())
                all.append(one.isObject() ? changed(one.toObject(), texts, depth + 1) : one);
            object[key] = all;
        }
    }
    if (texts.oneIn(3)) object[texts.line()] = anyValue(texts);
    return object;
}

}  // namespace

class PersonaRoundTripTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }
    void comesBackAsItWas_data() { addSeedRows(8); }
    void comesBackAsItWas();
    void strangersCardsAreTakenOrRefused_data() { addSeedRows(8); }
    void strangersCardsAreTakenOrRefused();
    void aBrokenFileIsRefusedInASentence_data() { addSeedRows(8); }
    void aBrokenFileIsRefusedInASentence();
};

void PersonaRoundTripTest::comesBackAsItWas() {
    QFETCH(const unsigned, seed);
    RandomTexts texts(seed);
    for (int i = 0; i < 20; ++i) {
        const Persona persona = randomPersona(texts, "ada");
        QCOMPARE(faultOf(persona), QString());
        const auto own = importPersona(QJsonDocument(toPersonaObject(persona)).toJson());
        QVERIFY2(own, own ? "" : own.error().message.c_str());
        QVERIFY2(own->persona == persona, qPrintable(difference(own->persona, persona)));
        QCOMPARE(own->leftOut, QStringList());

        QJsonObject more = toPersonaObject(persona);
        if (!persona.lore.isEmpty()) {
            QJsonObject lore = more["lore"].toObject();
            QJsonArray entries = lore["entries"].toArray();
            QJsonObject entry = entries.last().toObject();
            entry["zz"] = 1;
            entries[entries.size() - 1] = entry;
            lore["entries"] = entries;
            more["lore"] = lore;
        } else {
            more["zz"] = 1;
        }
        QCOMPARE(importPersona(QJsonDocument(more).toJson())->leftOut.join(' '),
                 QString::fromUtf8("unknown fields (“zz”)"));

        const QByteArray card = toCharacterCard(persona);
        Persona withoutId = persona;
        withoutId.id.clear();
        const auto read = importPersona(card);
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        QVERIFY2(read->persona == withoutId, qPrintable(difference(read->persona, withoutId)));
        QCOMPARE(read->leftOut, QStringList());
        QCOMPARE(toCharacterCard(read->persona), card);
        const auto picture = importPersona(pngCard(objectOf(card)));
        QVERIFY2(picture, picture ? "" : picture.error().message.c_str());
        QVERIFY2(picture->persona == withoutId,
                 qPrintable(difference(picture->persona, withoutId)));
        QCOMPARE(picture->leftOut, QStringList("its picture"));
    }
}

void PersonaRoundTripTest::strangersCardsAreTakenOrRefused() {
    QFETCH(const unsigned, seed);
    RandomTexts texts(seed);
    int nTaken = 0;
    for (int i = 0; i < 60; ++i) {
        QJsonObject card =
            i % 2 == 0 ? sampleCard() : objectOf(toCharacterCard(randomPersona(texts, "ada")));
        QJsonObject data = card["data"].toObject();
        const bool isStrange = !texts.oneIn(3);
        if (isStrange) data = changed(data, texts);
        // What no place is for has to be named, wherever it stands.
        data["zz_unknown"] = 1;
        QJsonObject book = data["character_book"].toObject();
        const bool hasBook = !book["entries"].toArray().isEmpty() && !isStrange;
        if (hasBook) book["zz_more"] = true;
        if (!book.isEmpty()) data["character_book"] = book;
        card["data"] = data;
        const auto read = fromCharacterCard(card);
        if (!read) {
            QVERIFY(!read.error().message.empty());
            continue;
        }
        ++nTaken;
        QCOMPARE(faultOf(read->persona), QString());
        QVERIFY(tidied(read->persona) == read->persona);
        const QString said = read->leftOut.join("; ");
        QVERIFY2(said.contains("unknown fields ("), qPrintable(said));
        if (hasBook)
            QVERIFY2(said.contains("what other programs keep in its lore book"), qPrintable(said));
        // As a card of our own it is whole.
        const auto again = importPersona(toCharacterCard(read->persona));
        QVERIFY(again && again->persona == read->persona);
    }
    QVERIFY(nTaken > 20);
}

void PersonaRoundTripTest::aBrokenFileIsRefusedInASentence() {
    QFETCH(const unsigned, seed);
    RandomTexts texts(seed);
    const Persona persona = randomPersona(texts, "ada");
    const QByteArray card = toCharacterCard(persona);
    const QList<QByteArray> files = {QJsonDocument(toPersonaObject(persona)).toJson(), card,
                                     pngCard(objectOf(card))};
    for (const QByteArray& whole : files) {
        for (int i = 0; i < 60; ++i) {
            QByteArray file = whole;
            const int at = texts.below(int(file.size()));
            if (i % 2 == 0)
                file.truncate(at);
            else
                file[at] = static_cast<char>(texts.below(256));
            const auto read = importPersona(file);
            if (i % 2 == 0 && at < file.trimmed().size()) QVERIFY(!read);  // a part is none
            if (!read) {
                QVERIFY(!read.error().message.empty());
            } else {
                QCOMPARE(faultOf(read->persona), QString());
                QVERIFY(tidied(read->persona) == read->persona);
            }
        }
    }
}

QTEST_GUILESS_MAIN(PersonaRoundTripTest)
#include "tst_persona_round_trip.moc"
