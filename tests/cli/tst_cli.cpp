#include "engine/base/json.h"
#include "tests/cli/cli_program.h"
#include "tests/support/test_data.h"

#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::Literals;
using namespace lares;
using namespace lares::test;

namespace {

const QStringList kCommands = {
    "chat",     "run",   "tool",       "inspect", "tokenize", "detokenize", "render", "logits",
    "generate", "bench", "perplexity", "eval",    "synth",    "imatrix",    "plan",   "serve"};

QString vocabulary() {
    return dataPath("tokenizer/vocab.gguf");
}

QString tinyModel() {
    return dataPath("golden/t-F32.gguf");
}

QString writeFile(const QTemporaryDir& folder, const QString& name, const QByteArray& bytes) {
    QFile file(folder.filePath(name));
    if (!file.open(QIODevice::WriteOnly)) return {};
    file.write(bytes);
    return file.fileName();
}

}  // namespace

/// Commands that need no weights, and what all commands have in common.
class CliTest : public QObject {
    Q_OBJECT

private slots:
    void everyCommandHasHelp();
    void wrongUsageEndsWithStatusTwo_data();
    void wrongUsageEndsWithStatusTwo();
    void failuresAreOneLineAndJson_data();
    void failuresAreOneLineAndJson();

    void tokensOfRecordedTextsAreTheSame();
    void detokenizeGivesBackEveryByte();
    void specialTokensOnlyOnRequest();

    void rendersRecordedPrompts_data();
    void rendersRecordedPrompts();
    void rendersOneFileExactly();
    void aBrokenLineDoesNotEndTheWork();

    void inspectsAModel();
    void inspectsAVocabulary();
    void plansMemory();
    void plansForACardOfAnySize_data();
    void plansForACardOfAnySize();
    void plansForTheLibraryWhereTheModelUsesIt();
};

void CliTest::everyCommandHasHelp() {
    const CliRun program = runCli({"--help"});
    QCOMPARE(program.status, 0);
    for (const QString& command : kCommands) {
        QVERIFY2(program.out.contains(command.toUtf8()), qPrintable(command));
        const CliRun help = runCli({command, "--help"});
        QCOMPARE(help.status, 0);
        QVERIFY2(help.out.startsWith("Usage: lares-cli " + command.toUtf8()), help.out);
        QVERIFY(help.err.isEmpty());
    }
}

void CliTest::wrongUsageEndsWithStatusTwo_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("no command") << QStringList{};
    QTest::newRow("unknown command") << QStringList{"fly"};
    QTest::newRow("unknown option") << QStringList{"tokenize", "--loud"};
    QTest::newRow("value missing") << QStringList{"tokenize", "--model"};
    QTest::newRow("value of a flag") << QStringList{"tokenize", "--special=yes"};
    QTest::newRow("no number") << QStringList{"generate", "-n", "many"};
    QTest::newRow("number too large") << QStringList{"generate", "-n", "99999999999999999999"};
    QTest::newRow("out of range") << QStringList{"run", "--temperature", "-1", "hello"};
    QTest::newRow("no list") << QStringList{"detokenize", "--tokens", "1,,2"};
    QTest::newRow("negative id") << QStringList{"detokenize", "--tokens", "1,-2"};
    QTest::newRow("tokens missing") << QStringList{"logits", "--exact"};
    QTest::newRow("one argument too many") << QStringList{"run", "hello", "there"};
    QTest::newRow("chat without a terminal") << QStringList{"chat"};
}

void CliTest::wrongUsageEndsWithStatusTwo() {
    QFETCH(QStringList, arguments);
    const CliRun run = runCli(arguments);
    QCOMPARE(run.status, 2);
    QVERIFY(!run.err.isEmpty());
    QVERIFY(run.out.isEmpty());
    if (arguments.size() < 2) return;
    const CliRun asJson = runCli(QStringList{arguments[0], "--json"} + arguments.sliced(1));
    QCOMPARE(asJson.status, 2);
    QCOMPARE(asJson.errorCode(), QString("invalid_argument"));
}

void CliTest::failuresAreOneLineAndJson_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<QString>("code");
    const auto row = [](const char* name, const QStringList& arguments, const QByteArray& input,
                        const char* code) { QTest::newRow(name) << arguments << input << code; };
    row("no such model", {"inspect", "--model", "nowhere.gguf"}, "", "not_found");
    row("a folder without a model", {"inspect", "--model", dataPath("golden")}, "", "not_found");
    row("no GGUF file", {"inspect", "--model", dataPath("golden/logits.json")}, "", "corrupt");
    row("a vocabulary cannot answer", {"logits", "--tokens", "1", "--model", vocabulary()}, "",
        "not_found");
    row("id past the vocabulary", {"detokenize", "--tokens", "1,99999999", "--model", vocabulary()},
        "", "invalid_argument");
    row("id past the model's", {"logits", "--tokens", "100000", "--model", tinyModel()}, "",
        "invalid_argument");
    row("more tokens than the context",
        {"logits", "--tokens", "1,2,3", "-c", "2", "--model", tinyModel()}, "", "context_full");
    row("no JSON", {"render", "--format", "nemotron3"}, "{\"messages\":", "invalid_argument");
    row("no messages", {"render", "--format", "nemotron3"}, "{}", "invalid_argument");
    row("JSON of another kind", {"render", "--format", "nemotron3"}, "[1,2]", "invalid_argument");
    row("unknown format", {"render", "--format", "chatml"}, "{\"messages\":[]}",
        "invalid_argument");
    row("no such file", {"render", "--format", "nemotron3", "nowhere.json"}, "", "not_found");
    row("no persona's file", {"run", "hello", "--persona", dataPath("golden/logits.json")}, "",
        "invalid_argument");
    row("no such persona", {"run", "hello", "--persona", "nobody"}, "", "not_found");
    row("no such folder", {"run", "hello", "--allow-folder", "nowhere"}, "", "not_found");
#ifdef Q_OS_WIN
    const char* const everything = "C:\\";
#else
    const char* const everything = "/";
#endif
    row("a folder nobody may grant", {"run", "hello", "--allow-folder", everything}, "",
        "permission_denied");
    row("a wrong device", {"run", "hello", "--device", "gpu", "--model", tinyModel()}, "",
        "invalid_argument");
}

void CliTest::failuresAreOneLineAndJson() {
    QFETCH(QStringList, arguments);
    QFETCH(QByteArray, input);
    QFETCH(QString, code);
    const CliRun run = runCli(arguments + QStringList{"--json"}, input);
    QCOMPARE(run.status, 1);
    QCOMPARE(run.errorCode(), code);
    QVERIFY(!run.json()["error"_L1]["message"_L1].toString().isEmpty());
    QVERIFY2(run.err.startsWith("lares-cli: "), run.err);
    QCOMPARE(run.err.count('\n'), 1);
}

void CliTest::tokensOfRecordedTextsAreTheSame() {
    const QJsonArray cases = dataList("tokenizer/cases.json");
    QByteArray input;
    for (const QJsonValue& one : cases) {
        input += QJsonDocument(QJsonArray{one["text"_L1]})
                     .toJson(QJsonDocument::Compact)
                     .sliced(1)
                     .chopped(1) +
                 "\n";
    }
    const CliRun inspection = runCli({"inspect", "--json", "--model", vocabulary()});
    const bool isTekken =
        inspection.json()["tokenizer"_L1]["pre_tokenizer"_L1].toString() == "tekken";
    const CliRun run = runCli({"tokenize", "--jsonl", "--model", vocabulary()}, input);
    QCOMPARE(run.status, 0);
    const QList<QJsonObject> lines = run.jsonLines();
    QCOMPARE(lines.size(), cases.size());
    for (qsizetype i = 0; i < lines.size(); ++i) {
        QCOMPARE(lines[i]["ids"_L1].toArray(), cases[i][isTekken ? "tekken" : "plain"].toArray());
    }
}

void CliTest::detokenizeGivesBackEveryByte() {
    QByteArray bytes(
        "Gr\xC3\xBC\xC3\x9F Gott, \xE4\xBD\xA0\xE5\xA5\xBD \xF0\x9F\x99\x82\r\n\n  <|im_end|>\t");
    for (int byte = 0; byte < 256; ++byte) bytes.append(static_cast<char>(byte));
    const CliRun tokens = runCli({"tokenize", "--model", vocabulary()}, bytes);
    QCOMPARE(tokens.status, 0);
    const CliRun text = runCli({"detokenize", "--model", vocabulary(), "--tokens",
                                QString::fromUtf8(tokens.out).trimmed()});
    QCOMPARE(text.status, 0);
    QCOMPARE(text.out, bytes);
}

void CliTest::specialTokensOnlyOnRequest() {
    const QByteArray text = "<|im_end|>";
    QVERIFY(runCli({"tokenize", "--json", "--model", vocabulary()}, text)
                .json()["ids"_L1]
                .toArray()
                .size() > 1);
    const CliRun special =
        runCli({"tokenize", "--json", "--special", "--model", vocabulary()}, text);
    QCOMPARE(special.json()["ids"_L1].toArray().size(), 1);
}

void CliTest::rendersRecordedPrompts_data() {
    QTest::addColumn<QString>("prefix");
    QTest::addColumn<QString>("format");
    QTest::newRow("nemotron3") << "n3-"
                               << "nemotron3";
    QTest::newRow("nemotron-v2") << "v2card-"
                                 << "nemotron-v2";
    QTest::newRow("nemotron-v2-llamacpp") << "v2llamacpp-"
                                          << "nemotron-v2-llamacpp";
}

void CliTest::rendersRecordedPrompts() {
    QFETCH(QString, prefix);
    QFETCH(QString, format);
    // The order of keys counts in prompts, and Qt's JSON has none: cut the lines out of the file's
    // text.
    const std::string text = read_file(data_file("chat/golden_renders.json"));
    const Json cases = *parse_json(text);
    QByteArray input;
    QList<Json> expected;
    for (const auto& one : cases) {
        if (!QString::fromStdString(one["name"]).startsWith(prefix)) continue;
        const Json line = {
            {"messages", one["messages"]}, {"tools", one["tools"]}, {"kwargs", one["kwargs"]}};
        input += QByteArray::fromStdString(json_text(line)) + "\n";
        expected.append(one);
    }
    QVERIFY(!expected.isEmpty());
    const CliRun run = runCli({"render", "--jsonl", "--format", format}, input);
    QCOMPARE(run.status, 0);
    const QList<QJsonObject> lines = run.jsonLines();
    QCOMPARE(lines.size(), expected.size());
    for (qsizetype i = 0; i < lines.size(); ++i) {
        if (expected[i].contains("expected")) {
            QCOMPARE(lines[i]["prompt"_L1].toString(),
                     QString::fromStdString(expected[i]["expected"]));
        } else {
            QVERIFY2(lines[i].contains("error"),
                     qPrintable(QString::fromStdString(expected[i]["name"])));
        }
    }
}

void CliTest::rendersOneFileExactly() {
    const QTemporaryDir folder;
    const QByteArray input = R"({"messages":[{"role":"user","content":"Hello"}]})";
    const QByteArray prompt =
        "<|im_start|>system\n<|im_end|>\n<|im_start|>user\nHello<|im_end|>\n<|im_start|>"
        "assistant\n<think>\n";
    const QString file = writeFile(folder, "messages.json", input);
    const CliRun fromFile = runCli({"render", file, "--format", "nemotron3"});
    QCOMPARE(fromFile.status, 0);
    QCOMPARE(fromFile.out, prompt);
    QCOMPARE(runCli({"render", "--format=nemotron3"}, input).out, prompt);
}

void CliTest::aBrokenLineDoesNotEndTheWork() {
    const QByteArray good = R"({"messages":[{"role":"user","content":"Hello"}]})";
    const CliRun run =
        runCli({"render", "--jsonl", "--format", "nemotron3"}, good + "\n{\n\n" + good + "\n");
    QCOMPARE(run.status, 0);
    const QList<QJsonObject> lines = run.jsonLines();
    QCOMPARE(lines.size(), 3);
    QVERIFY(lines[0].contains("prompt"));
    QCOMPARE(lines[1]["error"_L1]["code"_L1].toString(), QString("invalid_argument"));
    QCOMPARE(lines[2], lines[0]);
}

void CliTest::inspectsAModel() {
    const CliRun run = runCli({"inspect", "--json", dataPath("golden/t-MIX.gguf"), "-c", "100"});
    QCOMPARE(run.status, 0);
    const QJsonObject report = run.json();
    QCOMPARE(keysOf(report), QString("architecture chat_format file_bytes format hparams layers "
                                     "memory parameters tensor_bytes tensor_types tokenizer"));
    QCOMPARE(report["architecture"_L1].toString(), QString("nemotron_h"));
    QCOMPARE(report["file_bytes"_L1].toInteger(), QFileInfo(dataPath("golden/t-MIX.gguf")).size());
    QCOMPARE(report["layers"_L1].toArray().size(), report["hparams"_L1]["n_layer"_L1].toInt());
    QVERIFY(report["tensor_types"_L1].toObject().contains("F32"));
    const QJsonValue memory = report["memory"_L1];
    QVERIFY(memory["weights_bytes"_L1].toInteger() > 0);
    // Blocks of 64 tokens, so 100 take two and 1,024 take sixteen.
    QCOMPARE(8 * memory["kv_bytes"_L1].toInteger(),
             memory["kv_bytes_per_1024_tokens"_L1].toInteger());
    QCOMPARE(memory["total_bytes"_L1].toInteger(),
             memory["weights_bytes"_L1].toInteger() + memory["state_bytes"_L1].toInteger() +
                 memory["kv_bytes"_L1].toInteger() + memory["work_bytes"_L1].toInteger());
    qint64 tensors = 0;
    for (const QJsonValue bytes : report["tensor_bytes"_L1].toObject())
        tensors += bytes.toInteger();
    QCOMPARE(tensors, memory["weights_bytes"_L1].toInteger());
    QVERIFY(runCli({"inspect", dataPath("golden/t-MIX.gguf")})
                .out.contains("architecture: nemotron_h"));
}

void CliTest::inspectsAVocabulary() {
    const CliRun run = runCli({"inspect", "--json", "--model", vocabulary()});
    QCOMPARE(run.status, 0);
    QVERIFY(run.json()["tokenizer"_L1]["n_vocab"_L1].toInt() > 1000);
    QVERIFY(run.json()["memory"_L1].isNull());
}

void CliTest::plansMemory() {
    const CliRun run = runCli({"plan", "--json", dataPath("golden/t-MIX.gguf"), "-c", "100", "-t",
                               "1", "--kv-type", "int8"});
    QCOMPARE(run.status, 0);
    const QJsonObject report = run.json();
    QCOMPARE(keysOf(report), QString("cards cpu model why_no_card"));
    const QJsonValue cpu = report["cpu"_L1];
    QCOMPARE(cpu["n_ctx"_L1].toInt(), 100);
    QCOMPARE(cpu["kv_type"_L1].toString(), QString("int8"));
    qint64 sum = 0;
    for (const QJsonValue& bytes : cpu["bytes"_L1].toObject()) sum += bytes.toInteger();
    QCOMPARE(cpu["total_bytes"_L1].toInteger(), sum);
    // Either there are cards, or one sentence why there is none.
    const bool hasCards = !report["cards"_L1].toArray().isEmpty();
    QVERIFY(hasCards || report["why_no_card"_L1].toString().size() > 20);
    QVERIFY(runCli({"plan", dataPath("golden/t-MIX.gguf")}).out.contains("CPU, a context of 4096"));
}

void CliTest::plansForACardOfAnySize_data() {
    QTest::addColumn<QString>("size");
    QTest::addColumn<qint64>("bytes");  // 0: refused
    QTest::newRow("8G") << "8G" << (qint64{8} << 30);
    QTest::newRow("500M") << "500M" << (qint64{500} << 20);
    QTest::newRow("bytes") << "123456" << qint64{123456};
    for (const char* wrong : {"8X", "G", "-8G", "0", "8GB", "8.5G", "99999999999999G", ""})
        QTest::addRow("'%s'", wrong) << wrong << qint64{0};
}

void CliTest::plansForACardOfAnySize() {
    QFETCH(QString, size);
    QFETCH(qint64, bytes);
    const CliRun run = runCli({"plan", "--json", dataPath("golden/t-MIX.gguf"), "--vram=" + size,
                               "--kv-type", "fp8", "--snapshots", "2", "-c", "5000"});
    QCOMPARE(run.status, bytes > 0 ? 0 : 2);
    if (bytes == 0) return;
    QVERIFY(run.json()["why_no_card"_L1].isNull());
    const QJsonValue plan = run.json()["cards"_L1][0]["plan"_L1];
    QCOMPARE(plan["free_bytes"_L1].toInteger(), bytes);
    QCOMPARE(plan["kv_type"_L1].toString(), QString("fp8"));
    QCOMPARE(plan["n_ctx"_L1].toInt(), 5000);
    qint64 sum = 0;
    for (const QJsonValue& part : plan["bytes"_L1].toObject()) sum += part.toInteger();
    QCOMPARE(plan["total_bytes"_L1].toInteger(), sum);
    QCOMPARE(plan["fits"_L1].toBool(), sum <= bytes);
    QCOMPARE(plan["longest_n_ctx"_L1].toInt() > 0, bytes > 700'000'000);
}

void CliTest::plansForTheLibraryWhereTheModelUsesIt() {
    const auto library = [](const char* file, const char* size) {
        const CliRun run = runCli({"plan", "--json", dataPath(file), size});
        return run.json()["cards"_L1][0]["plan"_L1]["bytes"_L1]["library"_L1].toInteger(-1);
    };
    QVERIFY(library("golden/t-BF16.gguf", "--vram=8G") > 0);
    QCOMPARE(library("golden/t-BF16.gguf", "--vram=500M"), 0);  // it does not fit
    QCOMPARE(library("golden/t-Q8_0.gguf", "--vram=8G"), 0);    // it would do nothing
}

QTEST_GUILESS_MAIN(CliTest)
#include "tst_cli.moc"
