#include "tests/cli/cli_program.h"
#include "tests/support/test_data.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QProcess>
#include <QStorageInfo>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <csignal>

using namespace lares::test;
using namespace Qt::Literals;

namespace {

QByteArray bytesOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

CliRun synth(const QString& type, const QString& out, const QStringList& more = {}) {
    return runCli(QStringList{"synth", "--like", "tiny", "--type", type, out, "--json"} + more);
}

}  // namespace

/// `lares-cli synth`: what it writes loads, computes and does not change.
class SynthTest : public QObject {
    Q_OBJECT

private slots:
    void everyTypeLoadsAndComputes_data();
    void everyTypeLoadsAndComputes();
    void theTinyMixIsAsPredicted_data();
    void theTinyMixIsAsPredicted();
    void sameSeedSameBytes();
    void copiesAVocabulary();
    void writesShardsWithAnIndex();
    void refusesWhatIsThere();
    void leavesNothingBehindWithoutRoom();
    void leavesNothingBehindWhenStopped();
    void contradictionsAreUsageErrors_data();
    void contradictionsAreUsageErrors();
};

void SynthTest::everyTypeLoadsAndComputes_data() {
    QTest::addColumn<QString>("type");
    for (const char* type : {"q4_k_m", "q5_k_m", "q6_k", "q8_0", "q5_1", "q5_0", "q4_1", "q4_0",
                             "iq4_nl", "iq4_xs", "q3_k_m", "q2_k", "bf16", "f16", "f32"})
        QTest::newRow(type) << type;
}

void SynthTest::everyTypeLoadsAndComputes() {
    QFETCH(QString, type);
    const QTemporaryDir folder;
    const QString path = folder.filePath("model.gguf");
    const CliRun written = synth(type, path);
    QVERIFY2(written.status == 0, written.err);
    QCOMPARE(written.json()["bytes"_L1].toInteger(), QFile(path).size());
    const CliRun run = runCli({"logits", "-m", path, "--tokens", "1,1300,2000,37", "--json"});
    QVERIFY2(run.status == 0, run.err);
    // Random weights of the right spread give logits of a few units that differ from each other.
    double squares = 0.0;
    const QJsonArray logits = run.json()["logits"_L1].toArray();
    QCOMPARE(logits.size(), 4096);
    for (const QJsonValue logit : logits) squares += logit.toDouble() * logit.toDouble();
    const double deviation = std::sqrt(squares / static_cast<double>(logits.size()));
    QVERIFY2(deviation > 1.0 && deviation < 6.0, qPrintable(QString::number(deviation)));
}

void SynthTest::theTinyMixIsAsPredicted_data() {
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("types");
    // 14 matrices; only attn_output and the two ffn_down have rows of whole 256-blocks.
    QTest::newRow("q4_k_m") << "q4_k_m"
                            << R"({"F32":18,"Q4_K":3,"Q5_0":9,"Q8_0":2})";
    QTest::newRow("q8_0") << "q8_0"
                          << R"({"F32":18,"Q8_0":14})";
    QTest::newRow("q4_0") << "q4_0"
                          << R"({"F32":18,"Q4_0":13,"Q8_0":1})";
    QTest::newRow("bf16") << "bf16"
                          << R"({"BF16":14,"F32":18})";
}

void SynthTest::theTinyMixIsAsPredicted() {
    QFETCH(QString, type);
    QFETCH(QString, types);
    const QTemporaryDir folder;
    const QString path = folder.filePath("model.gguf");
    QCOMPARE(synth(type, path).status, 0);
    const CliRun run = runCli({"inspect", path, "--json"});
    QCOMPARE(oneLine(run.json()["tensor_types"_L1].toObject()).trimmed(), types.toUtf8());
}

void SynthTest::sameSeedSameBytes() {
    const QTemporaryDir folder;
    QCOMPARE(synth("q4_k_m", folder.filePath("a.gguf"), {"-t", "1"}).status, 0);
    QCOMPARE(synth("q4_k_m", folder.filePath("b.gguf"), {"-t", "3"}).status, 0);
    QCOMPARE(synth("q4_k_m", folder.filePath("c.gguf"), {"--seed", "2"}).status, 0);
    QVERIFY(bytesOf(folder.filePath("a.gguf")) == bytesOf(folder.filePath("b.gguf")));
    QVERIFY(bytesOf(folder.filePath("a.gguf")) != bytesOf(folder.filePath("c.gguf")));
}

void SynthTest::copiesAVocabulary() {
    const QTemporaryDir folder;
    const QString path = folder.filePath("model.gguf");
    const CliRun written = synth("q8_0", path, {"--vocab", dataPath("tokenizer/vocab.gguf")});
    QVERIFY2(written.status == 0, written.err);
    const CliRun run = runCli({"tokenize", "-m", path, "--json"}, "Hello, world!\n");
    QCOMPARE(run.json()["ids"_L1].toArray(), (QJsonArray{22177, 1044, 4304, 11330}));
}

void SynthTest::writesShardsWithAnIndex() {
    const QTemporaryDir folder;
    const QString path = folder.filePath("model");
    QCOMPARE(synth("fp8", path, {"--shard-mb", "1"}).status, 0);
    const QJsonObject index =
        QJsonDocument::fromJson(bytesOf(path + "/model.safetensors.index.json")).object();
    const QJsonObject files = index["weight_map"_L1].toObject();
    QCOMPARE(files["backbone.embeddings.weight"_L1].toString(), "model-00001-of-00002.safetensors");
    QCOMPARE(files["lm_head.weight"_L1].toString(), "model-00002-of-00002.safetensors");
    QVERIFY(files.contains("backbone.layers.0.mixer.in_proj.weight_scale"));
    QVERIFY(files.contains("backbone.layers.2.mixer.k_proj.k_scale"));
    for (const char* name : {"config.json", "tokenizer.json", "tokenizer_config.json"})
        QVERIFY2(!QJsonDocument::fromJson(bytesOf(path + "/" + name)).isNull(), name);
}

void SynthTest::refusesWhatIsThere() {
    const QTemporaryDir folder;
    const QString path = folder.filePath("model.gguf");
    QCOMPARE(synth("q8_0", path).status, 0);
    const QByteArray before = bytesOf(path);
    const CliRun again = synth("q4_0", path);
    QCOMPARE(again.status, 1);
    QCOMPARE(again.errorCode(), "io");
    QVERIFY(bytesOf(path) == before);
}

void SynthTest::leavesNothingBehindWithoutRoom() {
#ifdef Q_OS_WIN
    QSKIP("there is no limit on the size of files here");
#endif
    const QTemporaryDir folder;
    for (const QString& out : {u"m.gguf"_s, u"folder"_s}) {
        // A limit on the size of files stands for a full disk; 200 blocks are less than the model.
        QProcess process;
        process.start("sh", {"-c", "ulimit -f 200; exec \"$0\" \"$@\"",
                             QString::fromStdString(program("lares-cli").string()), "synth",
                             "--like", "tiny", "--type", "bf16", folder.filePath(out)});
        QVERIFY(process.waitForFinished());
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), 1);
        QVERIFY(process.readAllStandardError().contains("cannot write after byte"));
        QVERIFY(QDir(folder.path()).isEmpty());
    }
}

void SynthTest::leavesNothingBehindWhenStopped() {
#ifdef Q_OS_WIN
    QSKIP("there is no SIGINT here");
#else
    const QTemporaryDir folder;
    constexpr qint64 kModelBytes = 3'000'000'000;
    if (QStorageInfo(folder.path()).bytesAvailable() < kModelBytes)
        QSKIP("a model that takes long enough to write needs 3 GB of free space");
    QProcess process;
    process.start(QString::fromStdString(program("lares-cli").string()),
                  {"synth", "--like", "4b", "--type", "q4_k_m", folder.filePath("m.gguf")});
    QVERIFY(process.waitForStarted());
    QTRY_VERIFY(QFile::exists(folder.filePath("m.gguf.partial")));
    ::kill(static_cast<pid_t>(process.processId()), SIGINT);
    QVERIFY(process.waitForFinished());
    QCOMPARE(process.exitCode(), 130);
    QVERIFY(process.readAllStandardError().contains("nothing was left behind"));
    QVERIFY(QDir(folder.path()).isEmpty());
#endif
}

void SynthTest::contradictionsAreUsageErrors_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("no output") << QStringList{"--like", "tiny", "--type", "q8_0"};
    QTest::newRow("no shape") << QStringList{"--type", "q8_0", "a.gguf"};
    QTest::newRow("no type") << QStringList{"--like", "tiny", "a.gguf"};
    QTest::newRow("unknown shape") << QStringList{"--like", "5b", "--type", "q8_0", "a.gguf"};
    QTest::newRow("unknown type") << QStringList{"--like", "tiny", "--type", "q9", "a.gguf"};
    QTest::newRow("fp8 in GGUF") << QStringList{"--like", "tiny", "--type", "fp8", "a.gguf"};
    QTest::newRow("q8_0 in a folder") << QStringList{"--like", "tiny", "--type", "q8_0", "a"};
}

void SynthTest::contradictionsAreUsageErrors() {
    QFETCH(QStringList, arguments);
    const CliRun run = runCli(QStringList{"synth"} + arguments);
    QCOMPARE(run.status, 2);
    QVERIFY(!run.err.isEmpty());
}

QTEST_GUILESS_MAIN(SynthTest)
#include "tst_synth.moc"
