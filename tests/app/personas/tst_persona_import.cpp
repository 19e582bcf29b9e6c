// Whatever file is chosen or dropped: our own, a card, a picture that holds one, or something else.
#include "app/personas/bounded_object.h"
#include "app/personas/persona_file.h"
#include "app/personas/persona_import.h"
#include "tests/app/personas/sample_cards.h"

#include <QElapsedTimer>
#include <QFile>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>

using namespace lares;
using namespace lares::app;
using namespace lares::test;

namespace {

const QByteArray kOwn = R"({"id": "a", "name": "A", "system": "x", "greeting": "Hi."})";

QByteArray compact(const QJsonObject& object) {
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

QByteArray picture(const QByteArray& text) {
    return pngWith(pngChunk("tEXt", QByteArray("chara\0", 6) + text));
}

QString reason(const QByteArray& file) {
    const auto read = importPersona(file);
    return read ? QString() : QString::fromStdString(read.error().message);
}

}  // namespace

class PersonaImportTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void knowsAFileByWhatIsInIt();
    void thePictureIsNamed();
    void namesWhatAnOwnFileHasTooMuch();
    void refusesInASentence_data();
    void refusesInASentence();
    void refusesACardCutOffAnywhere();
    void refusesAPictureCutOffAnywhere();
    void depthAndNumberAreBounded();
    void readsNoMoreThanAFileMayHave();
    void opensNoFolder();
};

void PersonaImportTest::initTestCase() {
    QLocale::setDefault(QLocale::c());
}

void PersonaImportTest::knowsAFileByWhatIsInIt() {
    const Persona ada = importPersona(compact(sampleCard()))->persona;
    QCOMPARE(ada.name, "Ada");
    QCOMPARE(importPersona(pngCard(sampleCard()))->persona, ada);
    QCOMPARE(importPersona(pngCard(sampleCard(), "ccv3"))->persona, ada);
    QCOMPARE(importPersona(kOwn)->persona, (Persona{"a", "A", "x", "Hi."}));
}

void PersonaImportTest::thePictureIsNamed() {
    const auto read = importPersona(pngCard(sampleCard()));
    QCOMPARE(read->leftOut.front(), "its picture");
    QCOMPARE(read->leftOut.mid(1), importPersona(compact(sampleCard()))->leftOut);
}

void PersonaImportTest::namesWhatAnOwnFileHasTooMuch() {
    QVERIFY(importPersona(kOwn)->leftOut.isEmpty());
    QJsonObject more = QJsonDocument::fromJson(kOwn).object();
    more["parameters"] = QJsonObject{{"topK", 40}, {"mirostat", 2}};
    more["tools"] = "all";
    more["greeting"] = QString(1001, 'x');
    const auto read = importPersona(compact(more));
    QCOMPARE(read->persona.parameters, (QJsonObject{{"topK", 40}}));
    QCOMPARE(read->leftOut, QStringList({"unknown fields (“tools”)",
                                         "parameters that Lares does not have (“mirostat”)",
                                         "the end of its greeting"}));
}

void PersonaImportTest::refusesInASentence_data() {
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<QString>("why");
    const QByteArray base64 = compact(sampleCard()).toBase64();
    QTest::newRow("empty") << QByteArray() << "illegal value";
    QTest::newRow("an archive") << QByteArray("PK\x03\x04rest") << "archive";
    QTest::newRow("another picture") << QByteArray("\xff\xd8\xff\xe0 JFIF") << "illegal value";
    QTest::newRow("another object") << QByteArray("{\"a\": 1}") << "“id” is missing";
    QTest::newRow("a list") << QByteArray("[]") << "no JSON object";
    QTest::newRow("a zero byte") << QByteArray(kOwn).replace(10, 1, QByteArray(1, '\0')) << "";
    QTest::newRow("an own file that is too large") << kOwn + QByteArray(2 << 20, ' ') << "2 MB";
    QTest::newRow("no picture with a card") << pngWith({}) << "holds no character";
    QTest::newRow("no base64") << picture("{\"spec\"") << "damaged";
    QTest::newRow("base64 with rubbish in it") << picture(base64 + "\x80\xff") << "damaged";
    QTest::newRow("base64 with a zero") << picture(base64 + QByteArray(1, '\0')) << "damaged";
    QTest::newRow("base64 of rubbish") << picture(QByteArray("\x80\0\xff", 3).toBase64()) << "";
    QTest::newRow("nothing in it") << picture({}) << "illegal value";
    QTest::newRow("a deep card") << picture(QByteArray(1 << 20, '[').toBase64()) << "deep";
    QTest::newRow("no card in it") << picture(kOwn.toBase64()) << "no character";
}

void PersonaImportTest::refusesInASentence() {
    QFETCH(QByteArray, file);
    QFETCH(QString, why);
    const QString said = reason(file);
    QVERIFY(!said.isEmpty());
    QVERIFY2(said.contains(why), qPrintable(said));
}

void PersonaImportTest::refusesACardCutOffAnywhere() {
    const QByteArray card = compact(sampleCard());
    for (qsizetype size = 0; size < card.size(); ++size)
        QVERIFY(!importPersona(QByteArray(card.constData(), size)));
}

void PersonaImportTest::refusesAPictureCutOffAnywhere() {
    const QByteArray file = pngCard(sampleCard());
    for (qsizetype size = 0; size < file.size(); ++size)
        QVERIFY(!importPersona(QByteArray(file.constData(), size)));
    // The card alone cut off, in a picture that is whole.
    const QByteArray text = compact(sampleCard()).toBase64();
    for (qsizetype size = 0; size < text.size(); size += 3)
        QVERIFY(!importPersona(picture(text.left(size))));
}

void PersonaImportTest::depthAndNumberAreBounded() {
    const auto nested = [](int depth) {
        return "{\"a\":" + QByteArray(depth - 1, '[') + QByteArray(depth - 1, ']') + '}';
    };
    QVERIFY(parseBoundedObject(nested(kMaxObjectDepth)));
    QVERIFY(!parseBoundedObject(nested(kMaxObjectDepth + 1)));
    // Brackets in a text are none.
    QVERIFY(parseBoundedObject("{\"a\":\"" + QByteArray(1000, '[') + "\\\"[{\"}"));
    QByteArray many = "{\"a\":[";
    for (int i = 0; i < kMaxObjectValues; ++i) many += "[],";
    QVERIFY(!parseBoundedObject(many + "0]}"));
}

void PersonaImportTest::readsNoMoreThanAFileMayHave() {
    const QTemporaryDir folder;
    QFile file(folder.filePath("huge.png"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(pngCard(sampleCard()));
    QVERIFY(file.resize(qint64{1} << 32));
    const auto read = importPersonaFile(file.fileName());
    QVERIFY(!read);
    QCOMPARE(QString::fromStdString(read.error().message), "it is larger than 16 MB");
}

void PersonaImportTest::opensNoFolder() {
    const QTemporaryDir folder;
    QVERIFY(!importPersonaFile(folder.path()));
    QVERIFY(!importPersonaFile(folder.filePath("none")));
}

QTEST_GUILESS_MAIN(PersonaImportTest)
#include "tst_persona_import.moc"
