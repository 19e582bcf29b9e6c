// What lares-cli measures: how well a model foretells a text, how fast it is, what memory it takes.
#include "tests/cli/cli_program.h"
#include "tests/support/test_data.h"

#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>

#include <vector>

using namespace Qt::Literals;
using namespace lares::test;

namespace {

QString tinyModel() {
    return dataPath("golden/t-F32.gguf");
}

}  // namespace

class CliBenchTest : public QObject {
    Q_OBJECT

private slots:
    void perplexityOfAText();
    void benchMeasures();
    void theBenchsMemoryIsItsOwn();
};

void CliBenchTest::perplexityOfAText() {
    const QTemporaryDir folder;
    QFile file(folder.filePath("text.txt"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray("One small text. ").repeated(20));
    file.close();
    const CliRun run =
        runCli({"perplexity", "--json", "-c", "64", "--model", tinyModel(), file.fileName()});
    QCOMPARE(run.status, 0);
    QCOMPARE(keysOf(run.json()), QString("perplexity seconds tokens"));
    QVERIFY(run.json()["perplexity"_L1].toDouble() > 1.0);
    QVERIFY(run.json()["tokens"_L1].toInt() > 64);
}

void CliBenchTest::benchMeasures() {
    const CliRun run = runCli({"bench", "--json", "-p", "8,16", "-n", "4", "-d", "0,8", "-t", "1",
                               "-r", "2", "--model", dataPath("golden/t-Q8_0.gguf")});
    QCOMPARE(run.status, 0);
    QCOMPARE(keysOf(run.json()), QString("load_seconds machine model peak_rss_bytes results"));
    QCOMPARE(run.json()["results"_L1].toArray().size(), 6);
    for (const QJsonValue& row : run.json()["results"_L1].toArray()) {
        QCOMPARE(keysOf(row), QString("depth depth_seconds generate prompt share_of_limit threads "
                                      "tokens_per_second"));
        QCOMPARE(row["depth_seconds"_L1].toDouble() > 0.0, row["depth"_L1].toInt() > 0);
        QVERIFY(row["tokens_per_second"_L1]["min"_L1].toDouble() > 0.0);
        QVERIFY(row["tokens_per_second"_L1]["min"_L1].toDouble() <=
                row["tokens_per_second"_L1]["median"_L1].toDouble());
        QVERIFY(row["tokens_per_second"_L1]["median"_L1].toDouble() <=
                row["tokens_per_second"_L1]["max"_L1].toDouble());
        QVERIFY(row["share_of_limit"_L1].toDouble() > 0.0);
    }
    QVERIFY(run.json()["machine"_L1]["bandwidth_gb_s"_L1].toDouble() > 0.0);
    QVERIFY(run.json()["machine"_L1]["int8_gops"_L1].toDouble() > 0.0);
    QVERIFY(run.json()["peak_rss_bytes"_L1].toDouble() > 0.0);
}

void CliBenchTest::theBenchsMemoryIsItsOwn() {
    // What starts it may be large, a script with another engine in it.
    const std::vector<char> held(400'000'000, 'x');
    const CliRun run = runCli({"bench", "--json", "-p", "8", "-n", "2", "-t", "1", "-r", "1",
                               "--model", dataPath("golden/t-Q8_0.gguf")});
    QCOMPARE(run.status, 0);
    QCOMPARE(held.back(), 'x');
    QVERIFY(run.json()["peak_rss_bytes"_L1].toDouble() > 1e6);
    QVERIFY(run.json()["peak_rss_bytes"_L1].toDouble() < 3e8);
}

QTEST_GUILESS_MAIN(CliBenchTest)
#include "tst_cli_bench.moc"
