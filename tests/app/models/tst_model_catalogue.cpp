#include "app/models/model_catalogue.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace lares;
using namespace lares::app;

namespace {

QJsonObject goodEntry() {
    return {{"id", "one"},
            {"name", "One"},
            {"file", "one.gguf"},
            {"url", "https://models.example.org/one.gguf"},
            {"size", 1000},
            {"sha256", QString(64, 'a')},
            {"hosts", QJsonArray{"models.example.org", "*.cdn.example.org"}}};
}

QByteArray catalogueOf(const QJsonArray& models) {
    return QJsonDocument(QJsonObject{{"models", models}}).toJson();
}

}  // namespace

class ModelCatalogueTest : public QObject {
    Q_OBJECT

private slots:
    void theBuiltInOneHasTheModel();
    void readsAGoodEntry();
    void refusesWhatIsWrong_data();
    void refusesWhatIsWrong();
    void refusesWhatIsNoCatalogue();
    void knowsWhereAnAddressMayLead_data();
    void knowsWhereAnAddressMayLead();
};

void ModelCatalogueTest::theBuiltInOneHasTheModel() {
    const auto catalogue = readCatalogue();
    QVERIFY2(catalogue.has_value(), catalogue ? "" : catalogue.error().message.c_str());
    QCOMPARE(catalogue->size(), std::size_t{1});
    const CatalogueEntry& model = catalogue->front();
    QCOMPARE(model.file, "NVIDIA-Nemotron3-Nano-4B-Q4_K_M.gguf");
    QCOMPARE(model.size, 2837072864);
    QCOMPARE(model.sha256, "be5d9a656a51922f24f1f09a759cebb694e1f5d9728bf0ef9f8c972c5a0b5ef2");
    QVERIFY(checkAddress(QUrl("https://cas-bridge.xethub.hf.co/x"), model.hosts).has_value());
    QVERIFY(!checkAddress(QUrl("https://hf.co.example.org/x"), model.hosts).has_value());
}

void ModelCatalogueTest::readsAGoodEntry() {
    const auto catalogue = parseCatalogue(catalogueOf({goodEntry()}));
    QVERIFY(catalogue.has_value());
    QCOMPARE(catalogue->front().size, 1000);
    QCOMPARE(catalogue->front().hosts.size(), 2);
}

void ModelCatalogueTest::refusesWhatIsWrong_data() {
    QTest::addColumn<QString>("key");
    QTest::addColumn<QJsonValue>("value");
    const auto row = [](const char* key, const QJsonValue& value) {
        QTest::addRow("%s %d", key, static_cast<int>(qHash(value) % 100000)) << key << value;
    };
    row("id", "");
    row("id", "a b");
    row("name", QJsonValue());
    row("name", QString("two\nlines"));
    row("name", QString(2000, 'x'));
    row("file", "../one.gguf");
    row("file", "a/one.gguf");
    row("file", "a\\one.gguf");
    row("file", "c:one.gguf");
    row("file", ".gguf");
    row("file", "-one.gguf");
    row("file", "one.exe");
    row("file", QString(200, 'x') + ".gguf");
    row("url", "http://models.example.org/one.gguf");
    row("url", "http://127.0.0.1/one.gguf");
    row("url", "https://elsewhere.org/one.gguf");
    row("url", "https://me@models.example.org/one.gguf");
    row("url", "file:///one.gguf");
    row("url", "nonsense");
    row("size", 0);
    row("size", -1);
    row("size", 1.5);
    row("size", 1e300);
    row("size", "1000");
    row("sha256", QString(63, 'a'));
    row("sha256", QString(64, 'A'));
    row("sha256", QString(64, 'g'));
    row("hosts", QJsonArray());
    row("hosts", "models.example.org");
    row("hosts", QJsonArray{"*"});
    row("hosts", QJsonArray{"*.org", 5});
    row("hosts", QJsonArray{"models.example.org", "*.*"});
}

void ModelCatalogueTest::refusesWhatIsWrong() {
    QFETCH(QString, key);
    QFETCH(QJsonValue, value);
    QJsonObject entry = goodEntry();
    entry[key] = value;
    const auto catalogue = parseCatalogue(catalogueOf({entry}));
    QVERIFY(!catalogue.has_value());
    QCOMPARE(catalogue.error().code, ErrorCode::Corrupt);
}

void ModelCatalogueTest::refusesWhatIsNoCatalogue() {
    QVERIFY(!parseCatalogue({}).has_value());
    QVERIFY(!parseCatalogue("[1, 2]").has_value());
    QVERIFY(!parseCatalogue("{\"models\": [5]}").has_value());
    QVERIFY(!parseCatalogue(QByteArray(300 * 1024, ' ')).has_value());
    QVERIFY(!parseCatalogue(catalogueOf({goodEntry(), goodEntry()})).has_value());
    QVERIFY(!readCatalogue("/nowhere/catalogue.json").has_value());
    const QByteArray good = catalogueOf({goodEntry()});
    for (qsizetype i = 0; i < good.size() - 2; ++i)
        QVERIFY2(!parseCatalogue(good.left(i)).has_value(), QByteArray::number(i).constData());
}

void ModelCatalogueTest::knowsWhereAnAddressMayLead_data() {
    QTest::addColumn<QString>("address");
    QTest::addColumn<bool>("isAllowed");
    const auto row = [](const char* address, bool isAllowed) {
        QTest::newRow(address) << address << isAllowed;
    };
    row("https://models.example.org/a", true);
    row("https://MODELS.example.org/a", true);
    row("https://models.example.org:443/a", true);
    row("https://eu.cdn.example.org/a", true);
    row("https://a.b.cdn.example.org/a", true);
    row("https://cdn.example.org/a", false);
    row("https://xcdn.example.org/a", false);
    row("https://models.example.org.evil.net/a", false);
    row("https://models.example.org:8443/a", false);
    row("https://user@models.example.org/a", false);
    row("https://127.0.0.1/a", false);
    row("http://127.0.0.1:8080/a", false);
    row("http://models.example.org/a", false);
    row("ftp://models.example.org/a", false);
    row("https:///a", false);
    row("", false);
}

void ModelCatalogueTest::knowsWhereAnAddressMayLead() {
    QFETCH(QString, address);
    QFETCH(bool, isAllowed);
    const QStringList hosts{"models.example.org", "*.cdn.example.org"};
    QCOMPARE(checkAddress(QUrl(address), hosts).has_value(), isAllowed);
    QVERIFY(checkAddress(QUrl("http://127.0.0.1:8080/a"), hosts, LocalServer::Allowed).has_value());
    QVERIFY(!checkAddress(QUrl("http://127.0.0.2/a"), hosts, LocalServer::Allowed).has_value());
}

QTEST_APPLESS_MAIN(ModelCatalogueTest)
#include "tst_model_catalogue.moc"
