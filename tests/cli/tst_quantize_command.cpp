#include "tests/cli/cli_program.h"
#include "tests/support/test_data.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace lares::test;
using namespace Qt::Literals;

namespace {

CliRun quantize(const QString& in, const QString& out, const QString& type) {
    return runCli({"quantize", in, out, "--type", type, "--json"});
}

std::vector<double> logitsOf(const QString& model) {
    const CliRun run =
        runCli({"logits", "-m", model, "--tokens", "1,7,300,42", "--exact", "--json"});
    std::vector<double> logits;
    for (const QJsonValue one : run.json()["logits"_L1].toArray()) logits.push_back(one.toDouble());
    return logits;
}

double distance(const std::vector<double>& a, const std::vector<double>& b) {
    if (a.size() != b.size() || a.empty()) return 1e9;
    double off = 0;
    double all = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        off += (a[i] - b[i]) * (a[i] - b[i]);
        all += a[i] * a[i];
    }
    return std::sqrt(off / all);
}

QByteArray bytesOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

}  // namespace

/// `lares-cli quantize`: what it writes is the same model, nearly.
class QuantizeCommandTest : public QObject {
    Q_OBJECT

private slots:
    void isNearlyTheSameModel_data() {
        QTest::addColumn<QString>("type");
        QTest::addColumn<double>("most");  // relative distance of the logits
        QTest::newRow("f32") << "f32" << 1e-6;
        QTest::newRow("bf16") << "bf16" << 1e-6;  // so are the folder's
        QTest::newRow("q8_0") << "q8_0" << 0.02;
        QTest::newRow("q6_k") << "q6_k" << 0.03;
        QTest::newRow("q5_k_m") << "q5_k_m" << 0.2;
        QTest::newRow("q4_k_m") << "q4_k_m" << 0.35;
        QTest::newRow("iq4_xs") << "iq4_xs" << 0.45;
        QTest::newRow("q3_k_m") << "q3_k_m" << 0.6;
        QTest::newRow("q2_k") << "q2_k" << 0.9;
    }
    void isNearlyTheSameModel() {
        QFETCH(QString, type);
        QFETCH(double, most);
        const QTemporaryDir folder;
        const QString out = folder.filePath("out.gguf");
        const CliRun run = quantize(dataPath("golden/t-bf16"), out, type);
        QVERIFY2(run.status == 0, run.err);
        QCOMPARE(run.json()["bytes"_L1].toInteger(), QFile(out).size());
        const double off = distance(logitsOf(dataPath("golden/t-bf16")), logitsOf(out));
        QVERIFY2(off <= most, qPrintable(QString::number(off)));
        QVERIFY(type == "f32" || type == "bf16" || off > 1e-4);
    }
    void aFileHasTheTypesOfItsName() {
        const QTemporaryDir folder;
        const QString source = folder.filePath("bf16.gguf");
        const QString like = folder.filePath("like.gguf");
        const QString out = folder.filePath("out.gguf");
        const auto synth = [](const QString& path, const QString& type) {
            return runCli({"synth", "--like", "tiny", "--type", type, path}).status;
        };
        QCOMPARE(synth(source, "bf16"), 0);
        QCOMPARE(synth(like, "q4_k_m"), 0);
        QCOMPARE(quantize(source, out, "q4_k_m").status, 0);
        const auto inspected = [](const QString& path) {
            QJsonObject json = runCli({"inspect", path, "--json"}).json();
            return json["tensor_types"_L1].toObject();
        };
        QVERIFY(!inspected(out).isEmpty());
        QCOMPARE(inspected(out), inspected(like));
        QCOMPARE(QFile(out).size() / 4096, QFile(like).size() / 4096);
    }
    void keepsTheTokenizerAndTheTemplate() {
        const QTemporaryDir folder;
        const QString out = folder.filePath("out.gguf");
        for (const char* in : {"golden/t-bf16", "golden/t-F32.gguf"}) {
            QFile::remove(out);
            QCOMPARE(quantize(dataPath(in), out, "q8_0").status, 0);
            const auto ids = [](const QString& model) {
                return runCli({"tokenize", "-m", model, "--special", "--json"},
                              "<s>Hello, wörld! 123 <|im_end|>")
                    .json();
            };
            QVERIFY(!ids(out).isEmpty());
            QCOMPARE(ids(out), ids(dataPath(in)));
            const auto inspected = [](const QString& model) {
                return runCli({"inspect", model, "--json"}).json();
            };
            QCOMPARE(inspected(out)["chat_format"_L1], inspected(dataPath(in))["chat_format"_L1]);
            QCOMPARE(inspected(out)["hparams"_L1], inspected(dataPath(in))["hparams"_L1]);
            QCOMPARE(inspected(out)["tokenizer"_L1]["stop_ids"_L1],
                     inspected(dataPath(in))["tokenizer"_L1]["stop_ids"_L1]);
        }
    }
    void sameWeightsSameBytes() {
        const QTemporaryDir folder;
        const QStringList outs = {folder.filePath("a.gguf"), folder.filePath("b.gguf")};
        for (int i = 0; i < 2; ++i)
            QCOMPARE(runCli({"quantize", dataPath("golden/t-bf16"), outs[i], "--type", "q4_k_m",
                             "-t", QString::number(1 + 2 * i)})
                         .status,
                     0);
        QVERIFY(bytesOf(outs[0]) == bytesOf(outs[1]));
    }
    /// What Lares Mini loses in four bits, with and without knowing which columns count.
    void anImportanceMatrixKeepsMoreOfTheModel() {
        const QString mini =
            QString::fromStdString(source_file("resources/mini_model/lares-mini.gguf").string());
        if (!QFile::exists(mini)) QSKIP("Lares Mini is not here");
        const QTemporaryDir folder;
        const auto write = [&](const QString& name, int first, int last) {
            QFile file(folder.filePath(name));
            QVERIFY(file.open(QIODevice::WriteOnly));
            QFile heldout(
                QString::fromStdString(source_file("resources/mini_model/heldout.jsonl").string()));
            QVERIFY(heldout.open(QIODevice::ReadOnly));
            for (int i = 0; i < last; ++i) {
                const QJsonObject one = QJsonDocument::fromJson(heldout.readLine()).object();
                for (const QJsonValue turn : one["turns"_L1].toArray()) {
                    if (i < first) continue;
                    file.write("<|im_start|>user\n" + turn["user"_L1].toString().toUtf8() +
                               "<|im_end|>\n<|im_start|>assistant\n<think></think>" +
                               turn["answer"_L1].toString().toUtf8() + "<|im_end|>\n");
                }
            }
        };
        write("calibration.txt", 0, 120);
        write("text.txt", 120, 160);
        const QString matrix = folder.filePath("matrix.gguf");
        const QStringList measure = {
            "imatrix", folder.filePath("calibration.txt"), "-m", mini, "-o", matrix, "--special",
            "--json"};
        const CliRun measured = runCli(measure);
        QVERIFY2(measured.status == 0, measured.err);
        QVERIFY(measured.json()["matrices"_L1].toInt() > 20);
        QVERIFY(measured.json()["tokens"_L1].toInt() > 1000);
        QCOMPARE(runCli(measure).status, 1);  // it is there already
        const auto lost = [&](const QString& name, const QStringList& more) {
            const QString out = folder.filePath(name);
            const CliRun made = runCli(QStringList{"quantize", mini, out, "--type", "q4_0"} + more);
            if (made.status != 0) qWarning("%s", made.err.constData());
            const CliRun read = runCli({"perplexity", folder.filePath("text.txt"), "-m", out,
                                        "--base", mini, "--special", "--json"});
            return read.json()["divergence"_L1].toDouble(1e9);
        };
        const double plain = lost("plain.gguf", {});
        const double kept = lost("kept.gguf", {"--imatrix", matrix});
        qInfo("divergence %.4f, with an importance matrix %.4f", plain, kept);
        QVERIFY(plain > 0 && plain < 1);
        QVERIFY2(kept < 0.97 * plain, qPrintable(QString::number(kept / plain)));

        const QString none = folder.filePath("none.gguf");
        const auto with = [&](const QString& model, const QString& file) {
            return runCli({"quantize", model, none, "--type", "q4_0", "--imatrix", file});
        };
        const CliRun other = with(dataPath("golden/t-bf16"), matrix);
        QVERIFY2(other.status == 1 && other.err.contains("measure it with this model"), other.err);
        const CliRun noMatrix = with(mini, mini);
        QVERIFY2(noMatrix.status == 1 && noMatrix.err.contains("importance matrix"), noMatrix.err);
        QVERIFY(QFile(folder.filePath("empty.txt")).open(QIODevice::WriteOnly));
        const CliRun empty = runCli({"imatrix", folder.filePath("empty.txt"), "-o", none});
        QVERIFY2(empty.status == 1 && empty.err.contains("there is no text"), empty.err);
        QVERIFY(!QFile::exists(none));
        QCOMPARE(runCli({"imatrix", folder.filePath("text.txt")}).status, 2);
    }
    void saysWhatIsWrong() {
        const QTemporaryDir folder;
        const QString out = folder.filePath("out.gguf");
        const QString bf16 = dataPath("golden/t-bf16");
        const CliRun again = quantize(dataPath("golden/t-Q4_K.gguf"), out, "q8_0");
        QCOMPARE(again.status, 1);
        QCOMPARE(again.errorCode(), QString("unsupported"));
        QVERIFY2(again.err.contains("is quantised already (Q4_K)"), again.err);
        QVERIFY(!QFile::exists(out));
        QCOMPARE(quantize(bf16, out, "fp8").status, 2);
        QCOMPARE(quantize(bf16, out, "q3").status, 2);
        QCOMPARE(quantize(bf16, folder.filePath("out"), "q8_0").status, 2);
        QCOMPARE(runCli({"quantize", bf16, "--type", "q8_0"}).status, 2);
        QCOMPARE(quantize(folder.filePath("none"), out, "q8_0").status, 1);
        QCOMPARE(quantize(bf16, out, "q8_0").status, 0);
        const CliRun there = quantize(bf16, out, "q8_0");
        QCOMPARE(there.status, 1);
        QVERIFY2(there.err.contains("already there"), there.err);
    }
    void aWeightThatIsNoNumberIsFound() {
        const QTemporaryDir folder;
        const QString source = folder.filePath("source.gguf");
        QCOMPARE(runCli({"synth", "--like", "tiny", "--type", "f32", source}).status, 0);
        QFile file(source);
        QVERIFY(file.open(QIODevice::ReadWrite));
        file.seek(file.size() - 4000);  // in the head, the last tensor
        const quint32 infinite = 0x7F800000;
        file.write(reinterpret_cast<const char*>(&infinite), 4);
        file.close();
        const QString out = folder.filePath("out.gguf");
        const CliRun run = quantize(source, out, "q8_0");
        QCOMPARE(run.status, 1);
        QVERIFY2(run.err.contains("tensor output.weight holds something that is no number"),
                 run.err);
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files), QStringList("source.gguf"));
    }
};

QTEST_GUILESS_MAIN(QuantizeCommandTest)
#include "tst_quantize_command.moc"
