#include "app/turn/attached_text.h"
#include "tests/cli/cli_program.h"
#include "tests/support/test_data.h"
#include "tools/audit/audit_database.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QJsonDocument>
#include <QProcess>
#include <QScopeGuard>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace Qt::Literals;
using namespace lares::test;

namespace {

/// The tiny model's vocabulary spells most words out: the tools alone take 4,400 of its tokens.
constexpr const char* kToolsContext = "8192";

const char* const kStatsKeys =
    "accepted_tokens cached_tokens decode_tps drafted_tokens first_token_ms generated_tokens "
    "prompt_tokens prompt_tps";

QString tinyModel() {
    return dataPath("golden/t-F32.gguf");
}

QString laresMini() {
    return QString::fromStdString(source_file("resources/mini_model/lares-mini.gguf").string());
}

bool hasLaresMini() {
    return QFileInfo::exists(laresMini());
}

QString commaList(const QJsonArray& numbers) {
    QStringList words;
    for (const QJsonValue& number : numbers) words.append(QString::number(number.toInt()));
    return words.join(',');
}

/// The recorded cases of one model file.
QList<QJsonObject> goldenLogits(const QString& file) {
    QList<QJsonObject> cases;
    for (const QJsonValue& one : dataObject("golden/logits.json")["logits"_L1].toArray()) {
        if (one["file"_L1].toString() == file) cases.append(one.toObject());
    }
    return cases;
}

}  // namespace

/// Commands that compute: on the tiny models with random weights, and on Lares Mini where it is
/// there.
class CliModelTest : public QObject {
    Q_OBJECT

private slots:
    void exactLogitsAreTheRecordedOnes();
    void logitsOfEveryPosition();
    void topLogitsComeLargestFirst();

    void greedyTokensAreTheRecordedOnes();
    void theSameSeedDrawsTheSame();
    void interruptEndsCleanly();
    void aClosedPipeIsNoError();

    void evalAsksEveryCase();
    void evalSaysWhatIsWrongWithACase_data();
    void evalSaysWhatIsWrongWithACase();

    void laresMiniDoesSmallTasks();
    void laresMiniAnswers();
    void laresMiniAnswersInJson();
    void laresMiniAnswersLineByLine();
    void aCallRunsAndItsResultIsRead();
    void aTemporaryRunLeavesNoWordInTheToolLog();
    void aFolderIsReadWhereItIsAllowed();
    void filesGoWithThePrompt();
    void aFileThatIsNoTextIsRefused();
    void aDocumentGoesAsItsText();
};

void CliModelTest::exactLogitsAreTheRecordedOnes() {
    const QList<QJsonObject> cases = goldenLogits("t-Q5_0.gguf");
    QVERIFY(!cases.isEmpty());
    QByteArray input;
    for (const QJsonObject& one : cases) input += oneLine({{"tokens", one["tokens"_L1]}});
    const CliRun run =
        runCli({"logits", "--exact", "--jsonl", "--model", dataPath("golden/t-Q5_0.gguf")}, input);
    QCOMPARE(run.status, 0);
    const QList<QJsonObject> lines = run.jsonLines();
    QCOMPARE(lines.size(), cases.size());
    for (qsizetype i = 0; i < lines.size(); ++i) {
        const QJsonArray want = cases[i]["logits"_L1].toArray();
        const QJsonArray got = lines[i]["logits"_L1].toArray();
        QCOMPARE(lines[i]["tokens"_L1].toInt(), cases[i]["tokens"_L1].toArray().size());
        QCOMPARE(got.size(), want.size());
        for (qsizetype k = 0; k < got.size(); ++k) {
            const double error = std::abs(got[k].toDouble() - want[k].toDouble());
            QVERIFY2(error <= 2e-3 + 2e-3 * std::abs(want[k].toDouble()),
                     qPrintable(QString::number(error)));
        }
    }
}

void CliModelTest::logitsOfEveryPosition() {
    const QStringList base = {"logits",    "--json",   "--exact", "--model",
                              tinyModel(), "--tokens", "5,6,7"};
    const QJsonArray last = runCli(base).json()["logits"_L1].toArray();
    const CliRun all = runCli(base + QStringList{"--all"});
    QCOMPARE(all.status, 0);
    const QJsonArray rows = all.json()["logits"_L1].toArray();
    QCOMPARE(rows.size(), 3);
    QCOMPARE(rows[2].toArray().size(), last.size());
    for (qsizetype k = 0; k < last.size(); ++k) {
        QVERIFY(std::abs(rows[2][k].toDouble() - last[k].toDouble()) < 1e-3);
    }
}

void CliModelTest::topLogitsComeLargestFirst() {
    const CliRun run =
        runCli({"logits", "--json", "--top", "5", "--model", tinyModel(), "--tokens", "5,6,7"});
    QCOMPARE(run.status, 0);
    const QJsonArray top = run.json()["logits"_L1].toArray();
    QCOMPARE(top.size(), 5);
    QCOMPARE(keysOf(top[0]), QString("id logit text"));
    for (qsizetype k = 1; k < top.size(); ++k) {
        QVERIFY(top[k - 1]["logit"_L1].toDouble() >= top[k]["logit"_L1].toDouble());
    }
}

void CliModelTest::greedyTokensAreTheRecordedOnes() {
    for (const QJsonValue& one : dataObject("golden/logits.json")["greedy"_L1].toArray()) {
        if (one["file"_L1].toString() != "t-bf16") continue;  // t-F32.gguf holds the same weights
        const CliRun run =
            runCli({"generate", "--json", "--greedy", "--exact", "--ignore-eos", "-n", "48",
                    "--model", tinyModel(), "--tokens", commaList(one["tokens"_L1].toArray())});
        QCOMPARE(run.status, 0);
        QCOMPARE(run.json()["tokens"_L1].toArray(), one["greedy"_L1].toArray());
        QCOMPARE(keysOf(run.json()), QString("stats text tokens"));
        QCOMPARE(keysOf(run.json()["stats"_L1]), QString(kStatsKeys));
        QCOMPARE(run.json()["stats"_L1]["generated_tokens"_L1].toInt(), 48);
    }
}

void CliModelTest::theSameSeedDrawsTheSame() {
    const QStringList base = {"generate",  "--json",   "--temperature", "1.5",
                              "-n",        "20",       "--ignore-eos",  "--model",
                              tinyModel(), "--tokens", "5,6,7",         "--seed"};
    const QJsonValue one = runCli(base + QStringList{"1"}).json()["tokens"_L1];
    QCOMPARE(runCli(base + QStringList{"1"}).json()["tokens"_L1], one);
    QVERIFY(runCli(base + QStringList{"2"}).json()["tokens"_L1] != one);
}

void CliModelTest::interruptEndsCleanly() {
    QProcess process;
    process.start(QString::fromStdString(program("lares-cli").string()),
                  {"generate", "--ignore-eos", "-n", "1000000", "-c", "1000000", "-t", "1",
                   "--model", tinyModel(), "--tokens", "5,6,7"});
    QVERIFY(process.waitForReadyRead(60'000));
    ::kill(static_cast<pid_t>(process.processId()), SIGINT);
    QVERIFY(process.waitForFinished(60'000));
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.exitCode(), 130);
}

void CliModelTest::aClosedPipeIsNoError() {
    const QString command =
        QString(
            "'%1' generate --ignore-eos -n 100000 -c 100010 -t 1 --model '%2' --tokens 5 | head -c "
            "10 >/dev/null")
            .arg(QString::fromStdString(program("lares-cli").string()), tinyModel());
    QProcess shell;
    shell.start("sh", {"-c", command});
    QVERIFY(shell.waitForFinished(60'000));
    QCOMPARE(shell.readAllStandardError(), QByteArray());
}

void CliModelTest::evalAsksEveryCase() {
    const QTemporaryDir folder;
    QFile cases(folder.filePath("cases.jsonl"));
    QVERIFY(cases.open(QIODevice::WriteOnly));
    cases.write(
        "# two cases\n"
        "{\"name\": \"quiet\", \"prompt\": \"Hello\", \"expect\": {\"no_calls\": true}}\n"
        "\n"
        "{\"prompt\": \"Hello\", \"files\": {\"Documents/a.txt\": \"x\"}, "
        "\"expect\": {\"files\": {\"Documents/a.txt\": \"y\"}}}\n");
    cases.close();
    const QStringList words = {"eval",    cases.fileName(), "--json", "--max-tokens", "8",
                               "--model", tinyModel(),      "--ctx",  kToolsContext};
    const CliRun run = runCli(words);
    QVERIFY2(run.status == 0, run.err);
    QCOMPARE(keysOf(run.json()), QString("cases passed seconds share total"));
    QCOMPARE(run.json()["passed"_L1].toInt(), 1);
    QCOMPARE(run.json()["share"_L1].toDouble(), 0.5);
    const QJsonArray rows = run.json()["cases"_L1].toArray();
    QCOMPARE(rows.size(), 2);
    QCOMPARE(keysOf(rows[0]), QString("finish_reason name passed stats text thinking tool_calls"));
    QCOMPARE(rows[0]["name"_L1].toString(), QString("quiet"));
    QCOMPARE(rows[1]["name"_L1].toString(), QString("line 4"));
    QVERIFY(
        rows[1]["reason"_L1].toString().startsWith("Documents/a.txt holds another text: \"x\""));
    // Again is the same again, and a bar that is not reached is a failure.
    const CliRun again = runCli(words + QStringList{"--at-least", "0.6"});
    QCOMPARE(again.status, 1);
    QVERIFY(again.err.contains("50 % of the cases passed, and 60 % were asked for"));
    for (int i = 0; i < 2; ++i)
        QCOMPARE(again.json()["cases"_L1][i]["text"_L1], rows[i]["text"_L1]);
}

void CliModelTest::evalSaysWhatIsWrongWithACase_data() {
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QString>("message");
    QTest::newRow("no JSON") << QByteArray("nothing") << QString("line 2");
    QTest::newRow("no prompt") << QByteArray("{\"expect\":{\"text\":[\"x\"]}}")
                               << QString("a \"prompt\"");
    QTest::newRow("nothing expected")
        << QByteArray("{\"prompt\":\"x\",\"expect\":{}}") << QString("expects nothing");
    QTest::newRow("misspelt") << QByteArray("{\"prompt\":\"x\",\"expect\":{\"txt\":[\"x\"]}}")
                              << QString("nobody knows: txt");
    QTest::newRow("leads out")
        << QByteArray(
               "{\"prompt\":\"x\",\"files\":{\"a/../../b\":\"\"},\"expect\":{\"no_calls\":true}}")
        << QString("a/../../b");
    QTest::newRow("in the home itself")
        << QByteArray("{\"prompt\":\"x\",\"files\":{\"b\":\"\"},\"expect\":{\"no_calls\":true}}")
        << QString("Documents/a.txt");
    QTest::newRow("both") << QByteArray(
                                 "{\"prompt\":\"x\",\"expect\":{\"no_calls\":true,\"calls\":[{"
                                 "\"name\":\"move\"}]}}")
                          << QString("cannot both hold");
}

void CliModelTest::evalSaysWhatIsWrongWithACase() {
    QFETCH(QByteArray, line);
    QFETCH(QString, message);
    const QTemporaryDir folder;
    QFile cases(folder.filePath("cases.jsonl"));
    QVERIFY(cases.open(QIODevice::WriteOnly));
    cases.write("# one\n" + line + "\n");
    cases.close();
    const CliRun run = runCli({"eval", cases.fileName(), "--model", tinyModel()});
    QCOMPARE(run.status, 1);
    QVERIFY2(run.err.contains("line 2") && run.err.contains(message.toUtf8()), run.err);
}

/// The bundled cases, with real tools on real files, and nothing of it in this user's folders.
void CliModelTest::laresMiniDoesSmallTasks() {
    if (!hasLaresMini()) QSKIP("resources/mini_model/lares-mini.gguf is not there");
    const QTemporaryDir home;
    const QTemporaryDir temporary;
    const QByteArray homeBefore = qgetenv("HOME");
    const QByteArray temporaryBefore = qgetenv("TMPDIR");
    qputenv("HOME", home.path().toUtf8());
    qputenv("TMPDIR", temporary.path().toUtf8());
    const CliRun run = runCli({"eval", "--json", "--greedy", "--at-least", "0.6"});
    qputenv("HOME", homeBefore);
    temporaryBefore.isEmpty() ? qunsetenv("TMPDIR") : qputenv("TMPDIR", temporaryBefore);
    QVERIFY2(run.status == 0, run.err + run.out);
    bool hasMoved = false;
    for (const QJsonValue& row : run.json()["cases"_L1].toArray())
        hasMoved = hasMoved || (row["name"_L1] == "moves a file"_L1 && row["passed"_L1].toBool());
    QVERIFY(hasMoved);
    QVERIFY(!QFileInfo::exists(home.filePath(".local/share/lares")));
    QVERIFY(QDir(temporary.path()).isEmpty());
}

void CliModelTest::laresMiniAnswers() {
    if (!hasLaresMini()) QSKIP("resources/mini_model/lares-mini.gguf is not there");
    const QStringList base = {"run", "Hello, who are you?", "--greedy", "--max-tokens", "200"};
    const CliRun run = runCli(base + QStringList{"--json"});
    QCOMPARE(run.status, 0);
    QCOMPARE(keysOf(run.json()), QString("finish_reason stats text thinking tool_calls"));
    QCOMPARE(keysOf(run.json()["stats"_L1]), QString(kStatsKeys));
    QVERIFY(!run.json()["text"_L1].toString().isEmpty());
    const CliRun asText = runCli(base);
    QCOMPARE(asText.status, 0);
    QCOMPARE(QString::fromUtf8(asText.out).trimmed(), run.json()["text"_L1].toString().trimmed());
}

void CliModelTest::laresMiniAnswersInJson() {
    if (!hasLaresMini()) QSKIP("Lares Mini is not here");
    QTemporaryDir folder;
    const auto schema = [&](const char* text) {
        QFile file(folder.filePath("schema.json"));
        if (!file.open(QIODevice::WriteOnly)) qFatal("no file");
        file.write(text);
        return file.fileName();
    };
    const QString list =
        schema(R"({"type":"array","items":{"type":"boolean"},"minItems":2,"maxItems":3})");
    const CliRun run = runCli({"run", "--no-thinking", "--seed", "3", "--schema", list, "hello"});
    QCOMPARE(run.status, 0);
    const QJsonArray answer = QJsonDocument::fromJson(run.out).array();
    QVERIFY2(answer.size() >= 2 && answer.size() <= 3 && answer[0].isBool(), run.out.constData());

    const CliRun refused = runCli({"run", "--schema", schema(R"({"not":{}})"), "--json", "hello"});
    QCOMPARE(refused.status, 1);
    QCOMPARE(refused.errorCode(), "invalid_argument");
    const CliRun broken = runCli({"run", "--schema", schema("{"), "hello"});
    QCOMPARE(broken.status, 1);
    QVERIFY(broken.err.contains("schema.json"));
}

void CliModelTest::laresMiniAnswersLineByLine() {
    if (!hasLaresMini()) QSKIP("resources/mini_model/lares-mini.gguf is not there");
    const QByteArray good =
        R"({"messages":[{"role":"user","content":"Hello"}],"tools":null,"kwargs":{"enable_thinking":false}})";
    const CliRun run = runCli({"run", "--jsonl", "--greedy", "--max-tokens", "100"},
                              good + "\n{\"messages\":1}\n" + good + "\n");
    QCOMPARE(run.status, 0);
    const QList<QJsonObject> lines = run.jsonLines();
    QCOMPARE(lines.size(), 3);
    QCOMPARE(keysOf(lines[0]), QString("finish_reason stats text thinking tool_calls"));
    QCOMPARE(lines[1]["error"_L1]["code"_L1].toString(), QString("invalid_argument"));
    QCOMPARE(lines[2]["text"_L1], lines[0]["text"_L1]);
}

void CliModelTest::aCallRunsAndItsResultIsRead() {
    if (!hasLaresMini()) QSKIP("resources/mini_model/lares-mini.gguf is not there");
    const CliRun run = runCli({"run", "What time is it?", "--json", "--greedy"});
    QCOMPARE(run.status, 0);
    QCOMPARE(run.json()["finish_reason"_L1].toString(), QString("stop"));
    const QJsonValue call = run.json()["tool_calls"_L1][0];
    QCOMPARE(keysOf(call), QString("arguments name result"));
    QCOMPARE(call["name"_L1].toString(), QString("get_time"));
    const QString time = call["result"_L1].toString().right(5);
    QVERIFY2(run.json()["text"_L1].toString().contains(time), run.out);
    QVERIFY(run.err.contains("Looked at the clock"));
}

/// The log says that the clock was looked at, and with --temporary not one word of the call.
void CliModelTest::aTemporaryRunLeavesNoWordInTheToolLog() {
    if (!hasLaresMini()) QSKIP("resources/mini_model/lares-mini.gguf is not there");
    const QByteArray before = qgetenv("HOME");
    const auto restore = qScopeGuard([&] { qputenv("HOME", before); });
    for (const bool isTemporary : {false, true}) {
        const QTemporaryDir home;
        qputenv("HOME", home.path().toUtf8());
        QStringList words = {"run", "What time is it?", "--greedy"};
        if (isTemporary) words << "--temporary";
        QCOMPARE(runCli(words).status, 0);
        const auto log =
            lares::open_audit_files((home.path() + "/.local/share/lares/audit").toStdString());
        QVERIFY(log);
        QCOMPARE(log->number("SELECT count(*) FROM entries WHERE tool='get_time'").value_or(-1), 2);
        QCOMPARE(log->number("SELECT count(*) FROM private").value_or(-1), isTemporary ? 0 : 1);
    }
}

void CliModelTest::aFolderIsReadWhereItIsAllowed() {
    if (!hasLaresMini()) QSKIP("resources/mini_model/lares-mini.gguf is not there");
    // A home of its own: Lares Mini copies plain paths better than random letters.
    const QTemporaryDir home;
    QVERIFY(QDir(home.path()).mkdir("Documents"));
    QFile file(home.filePath("Documents/notes.txt"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.close();
    const QByteArray before = qgetenv("HOME");
    qputenv("HOME", home.path().toUtf8());
    for (const bool isAllowed : {true, false}) {
        QStringList words = {"run", "What is in ~/Documents?", "--json", "--greedy", "--max-tokens",
                             "120"};
        if (isAllowed) words += {"--allow-folder", home.filePath("Documents") + ":ro"};
        const CliRun run = runCli(words);
        QCOMPARE(run.status, 0);
        const QJsonValue call = run.json()["tool_calls"_L1][0];
        if (call["arguments"_L1]["path"_L1].toString() != "~/Documents")
            QSKIP("Lares Mini asked for something else");
        QCOMPARE(call["name"_L1].toString(), QString("list_folder"));
        QCOMPARE(call["result"_L1].toString(),
                 QString(isAllowed ? "notes.txt (0 B)" : "error: permission denied: ~/Documents"));
    }
    qputenv("HOME", before);
}

/// The prompt is the one that the window makes of the same files.
void CliModelTest::filesGoWithThePrompt() {
    const QTemporaryDir folder;
    QStringList words = {"run", "Compare.", "--model", tinyModel(),  "--json",
                         "-n",  "1",        "--ctx",   kToolsContext};
    std::vector<lares::AttachedText> attached;
    for (const char* name : {"a.csv", "b.md"}) {
        QFile file(folder.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("1,2\n3,4\n");
        words += {"--file", file.fileName()};
        attached.push_back({name, "1,2\n3,4\n", 8});
    }
    const CliRun run = runCli(words);
    QVERIFY2(run.status == 0, run.err);
    QStringList same = words.mid(0, 9);
    same[1] = QString::fromStdString(lares::userTurn("Compare.", attached));
    const CliRun plain = runCli(same);
    QCOMPARE(run.json()["stats"_L1]["prompt_tokens"_L1],
             plain.json()["stats"_L1]["prompt_tokens"_L1]);
    QCOMPARE(run.json()["text"_L1], plain.json()["text"_L1]);
}

void CliModelTest::aFileThatIsNoTextIsRefused() {
    const QTemporaryDir folder;
    QFile file(folder.filePath("photo.png"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray("\x89PNG\r\n\x1a\n\0", 9));
    file.close();
    const CliRun image = runCli(
        {"run", "What is this?", "--model", tinyModel(), "--json", "--file", file.fileName()});
    QCOMPARE(image.status, 1);
    QCOMPARE(image.errorCode(), QString("invalid_argument"));
    QVERIFY2(image.err.contains("“photo.png” is an image. Text can be attached"), image.err);
    QCOMPARE(image.err.count('\n'), 1);
    const CliRun missing = runCli(
        {"run", "What is this?", "--model", tinyModel(), "--file", folder.filePath("no.txt")});
    QCOMPARE(missing.status, 1);
    QVERIFY2(missing.err.contains("there is no file"), missing.err);
    QCOMPARE(runCli({"run", "--jsonl", "--file", file.fileName()}).status, 2);
}

void CliModelTest::aDocumentGoesAsItsText() {
    if (!lares::DocumentReader::is_supported()) QSKIP("documents are not read on this system");
    const auto sample = [](const std::string& name) {
        return QString::fromStdString(lares::test::data_file("documents/" + name).string());
    };
    const CliRun run = runCli({"run", "Sum it up.", "--model", tinyModel(), "--json", "-n", "1",
                               "--ctx", kToolsContext, "--file", sample("letter.odt")});
    QVERIFY2(run.status == 0, run.err);
    const std::string text =
        lares::test::read_file(lares::test::data_file("documents/letter.odt.txt"));
    const std::vector<lares::AttachedText> attached = {{"letter.odt", text, text.size()}};
    const CliRun plain =
        runCli({"run", QString::fromStdString(lares::userTurn("Sum it up.", attached)), "--model",
                tinyModel(), "--json", "-n", "1", "--ctx", kToolsContext});
    QCOMPARE(run.json()["stats"_L1]["prompt_tokens"_L1],
             plain.json()["stats"_L1]["prompt_tokens"_L1]);
    const CliRun locked =
        runCli({"run", "What is this?", "--model", tinyModel(), "--file", sample("locked.odt")});
    QCOMPARE(locked.status, 1);
    QVERIFY2(locked.err.contains("“locked.odt” is protected with a password."), locked.err);
    QCOMPARE(locked.err.count('\n'), 1);
}

QTEST_GUILESS_MAIN(CliModelTest)
#include "tst_cli_model.moc"
