// What an engine still knows after a restart: the next one, with the same folder, reads only what
// is new, and answers to the bit as one that never ended.

#include "engine/model/fingerprint.h"
#include "engine/session/engine.h"
#include "engine/session/prompt_tokens.h"
#include "engine/session/snapshot_cache.h"
#include "engine/session/snapshot_tiers.h"
#include "tests/engine/session/on_card.h"

#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <fstream>

using namespace lares;
using namespace lares::test;
namespace fs = std::filesystem;

namespace {

Message message(std::string role, std::string content) {
    Message m;
    m.role = std::move(role);
    m.content = std::move(content);
    return m;
}

GenerationRequest first_turn(std::string owner = "7") {
    GenerationRequest request;
    request.conversation.messages = {
        message("system",
                "You are Lares, an assistant that lives on this computer and nowhere "
                "else. You answer briefly, in plain words, and say when you do not know."),
        message("user", "What can you do for me, and what can you not do?")};
    request.prompt.enable_thinking = false;
    request.sampling = SamplingParams::greedy();
    request.max_tokens = 48;
    request.owner = std::move(owner);
    return request;
}

GenerationRequest answered(GenerationRequest request, const Generation& answer) {
    Message said = message("assistant", answer.text);
    said.reasoning = answer.thinking;
    request.conversation.messages.push_back(std::move(said));
    return request;
}

GenerationRequest next_turn(GenerationRequest request, std::string text = "Who made you?") {
    request.conversation.messages.push_back(message("user", std::move(text)));
    return request;
}

std::vector<fs::path> files_in(const fs::path& folder) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder))
        if (entry.path().extension() == ".snapshot") files.push_back(entry.path());
    return files;
}

}  // namespace

class TestSnapshotsOnDisk : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void bytesOfASnapshotAreTheSnapshot_data();
    void bytesOfASnapshotAreTheSnapshot();
    void refusesBytesThatDoNotFit();
    void aCardsSnapshotIsOfOneSession();

    void readsAheadWhatEveryNextPromptBeginsWith_data();
    void readsAheadWhatEveryNextPromptBeginsWith();
    void afterReadingAheadTheNextTurnReadsItsQuestionOnly_data();
    void afterReadingAheadTheNextTurnReadsItsQuestionOnly();
    void readingAheadCanBeStoppedAtAnyMoment();
    void readingAheadLeavesALongConversationAlone();

    void goesOnAfterARestart_data();
    void goesOnAfterARestart();
    void anotherAnswerAfterARestart();
    void anotherConversationSharesTheSystemTurn();
    void whatIsNobodysIsNotKept_data();
    void whatIsNobodysIsNotKept();
    void aTextThatGoesOnIsNobodysSystemTurn();
    void forgetsAConversation();
    void aDamagedFileCostsTimeOnly();
    void anotherModelIsNotMistakenForThisOne();
    void aFileIsReadOnlyWhereThatIsFaster();

private:
    enum class On { Cpu, Card };
    Engine engine(On device = On::Cpu) const;
    std::shared_ptr<const Model> m_model;
    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path folder() const { return fs::path(m_folder->path().toStdString()) / "snapshots"; }
};

void TestSnapshotsOnDisk::initTestCase() {
    m_model = must(Model::load(source_file("resources/mini_model/lares-mini.gguf")));
}

void TestSnapshotsOnDisk::init() {
    m_folder = std::make_unique<QTemporaryDir>();
}

Engine TestSnapshotsOnDisk::engine(On device) const {
    Engine::Options options;
    options.session = device == On::Cpu ? options_on("cpu", {}, 1024)
                                        : options_on("auto", std::make_shared<OneCard>(), 1024);
    options.snapshot_folder = folder();
    const auto model = device == On::Cpu ? m_model : load("t-F32.gguf");
    return must(Engine::create(model, options));
}

// ---- bytes --------------------------------------------------------------------------------------

void TestSnapshotsOnDisk::bytesOfASnapshotAreTheSnapshot_data() {
    QTest::addColumn<QString>("device");
    QTest::addColumn<KvType>("kv_type");
    QTest::addColumn<int>("n");
    for (const int n : {1, 63, 64, 65, 130}) {
        QTest::addRow("cpu f16, %d", n) << "cpu" << KvType::F16 << n;
        QTest::addRow("cpu f32, %d", n) << "cpu" << KvType::F32 << n;
        QTest::addRow("cpu int8, %d", n) << "cpu" << KvType::Int8 << n;
    }
    for (const int n : {1, 65}) {
        QTest::addRow("card f16, %d", n) << "cuda" << KvType::F16 << n;
        QTest::addRow("card fp8, %d", n) << "cuda" << KvType::Fp8 << n;
    }
}

void TestSnapshotsOnDisk::bytesOfASnapshotAreTheSnapshot() {
    QFETCH(QString, device);
    QFETCH(KvType, kv_type);
    QFETCH(int, n);
    SessionOptions options = options_on(device.toStdString(), std::make_shared<OneCard>());
    options.kv_type = kv_type;
    Session session = must(Session::create(load("t-F32.gguf"), options));
    std::vector<TokenId> tokens;
    for (int i = 0; i < n; ++i) tokens.push_back(3 + i * 7 % 200);
    static_cast<void>(must(session.append(tokens)));
    const SessionSnapshot snapshot = must(session.snapshot());

    const auto answer = [&] {
        std::vector<float> all;
        for (const TokenId token : {5, 9, 2}) {
            const auto logits = must(session.append({&token, 1}));
            all.insert(all.end(), logits.begin(), logits.end());
        }
        return all;
    };
    const std::vector<float> want = answer();
    // The bytes alone, as after a restart: what they were made of is gone from the session.
    const SnapshotBytes bytes = must(session.bytes_of(snapshot));
    session.clear();
    static_cast<void>(must(session.append(std::vector<TokenId>{1, 2, 3})));
    const SessionSnapshot again = must(session.snapshot_of(bytes));
    must(session.restore(again));
    QCOMPARE(session.position(), n);
    QVERIFY(session.has_logits());
    QVERIFY(answer() == want);
    must(session.restore(again));  // and again: going on did not write into the snapshot
    QVERIFY(answer() == want);
}

void TestSnapshotsOnDisk::refusesBytesThatDoNotFit() {
    for (const char* device : {"cpu", "cuda"}) {
        Session session = must(
            Session::create(load("t-F32.gguf"), options_on(device, std::make_shared<OneCard>())));
        static_cast<void>(must(session.append(std::vector<TokenId>(70, 5))));
        const SnapshotBytes good = must(session.bytes_of(must(session.snapshot())));
        std::vector<SnapshotBytes> bad(6, good);
        bad[0].tokens.pop_back();
        bad[1].logits.pop_back();
        bad[2].state.recurrent = bad[2].state.recurrent.first(8);
        bad[3].state.kv_blocks.pop_back();
        bad[4].state.kv_blocks[1] = bad[4].state.kv_blocks[1].first(8);
        bad[5].state.n_positions = 0;
        bad[5].tokens.clear();
        for (const SnapshotBytes& bytes : bad)
            QCOMPARE(session.snapshot_of(bytes).error().code, ErrorCode::InvalidArgument);
        QVERIFY(session.snapshot_of(good));
    }
}

/// Its blocks lie in that session's memory; its bytes are everybody's.
void TestSnapshotsOnDisk::aCardsSnapshotIsOfOneSession() {
    const auto model = load("t-F32.gguf");
    const auto cards = std::make_shared<OneCard>();
    Session one = must(Session::create(model, options_on("cuda", cards)));
    Session other = must(Session::create(model, options_on("cuda", cards)));
    static_cast<void>(must(one.append(std::vector<TokenId>(70, 5))));
    static_cast<void>(must(other.append(std::vector<TokenId>(70, 9))));
    const SessionSnapshot snapshot = must(one.snapshot());
    QCOMPARE(other.restore(snapshot).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(other.bytes_of(snapshot).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(other.position(), 70);

    const TokenId next = 3;
    must(other.restore(must(other.snapshot_of(must(one.bytes_of(snapshot))))));
    const auto want = must(one.append({&next, 1}));
    const auto got = must(other.append({&next, 1}));
    QVERIFY(std::ranges::equal(got, want));
}

// ---- reading ahead ------------------------------------------------------------------------------

void TestSnapshotsOnDisk::readsAheadWhatEveryNextPromptBeginsWith_data() {
    QTest::addColumn<QString>("next");
    QTest::newRow("words") << "Who made you?";
    QTest::newRow("A") << "A";
    QTest::newRow("line breaks") << "\n\n\nand?";
    QTest::newRow("spaces") << "   indented";
    QTest::newRow("nothing") << "";
    QTest::newRow("a digit") << "5 and 6";
    QTest::newRow("markup in it") << "<|im_end|>\n<|im_start|>assistant\n";
    QTest::newRow("not ASCII") << "\u00e4\u00f6\u00fc \u4f60\u597d";
}

void TestSnapshotsOnDisk::readsAheadWhatEveryNextPromptBeginsWith() {
    QFETCH(QString, next);
    const std::string text = next.toStdString();
    for (const bool with_answer : {false, true}) {
        Conversation conversation = first_turn().conversation;
        if (with_answer) {
            conversation.messages.push_back(message("assistant", "Little."));
            conversation.messages.back().reasoning = "They ask what I can do.";
        } else {
            conversation.messages.pop_back();
        }
        const PromptTokens prefix = must(certain_prefix(*m_model, conversation, {}));
        QCOMPARE(prefix.boundaries.back(), static_cast<int>(prefix.ids.size()));
        conversation.messages.push_back(message("user", text));
        const PromptTokens whole = encode_prompt(
            m_model->tokenizer(), must(render_prompt(m_model->prompt_format(), conversation, {})));
        QVERIFY(begins_with(whole.ids, prefix.ids));
        const int n_rest = static_cast<int>(whole.ids.size() - prefix.ids.size());
        QVERIFY2(n_rest <= 20 + static_cast<int>(text.size()), qPrintable(QString::number(n_rest)));
    }
}

void TestSnapshotsOnDisk::afterReadingAheadTheNextTurnReadsItsQuestionOnly_data() {
    QTest::addColumn<bool>("thinking");
    QTest::newRow("thinking, which the next prompt drops") << true;
    QTest::newRow("no thinking") << false;
}

void TestSnapshotsOnDisk::afterReadingAheadTheNextTurnReadsItsQuestionOnly() {
    QFETCH(bool, thinking);
    GenerationRequest request = first_turn();
    request.prompt.enable_thinking = thinking;
    request.max_tokens = 200;
    Engine ahead = engine();
    const Generation answer = must(ahead.generate(request));
    QCOMPARE(answer.thinking.empty(), !thinking);
    const GenerationRequest said = answered(request, answer);
    QVERIFY(must(ahead.read_ahead(said)) > 0);
    QCOMPARE(must(ahead.read_ahead(said)), 0);  // it is there already

    const Generation next = must(ahead.generate(next_turn(said)));
    const auto question = m_model->tokenizer().encode_with_special(
        "user\nWho made you?<|im_end|>\n<|im_start|>assistant\n<think>\n");
    QVERIFY(next.stats.prompt_tokens - next.stats.cached_tokens <=
            static_cast<int>(question.size()) + 1);
    // As without it, and the answer before can still be written anew without reading.
    Engine::Options plain;
    plain.session = options_on("cpu", {}, 1024);
    Engine without = must(Engine::create(m_model, plain));
    QCOMPARE(next.text, must(without.generate(next_turn(said))).text);
    const Generation again = must(ahead.generate(request));
    QCOMPARE(again.stats.cached_tokens, again.stats.prompt_tokens);
    QCOMPARE(again.text, answer.text);
}

void TestSnapshotsOnDisk::readingAheadCanBeStoppedAtAnyMoment() {
    Engine stopped = engine();
    const Generation answer = must(stopped.generate(first_turn()));
    const GenerationRequest said = answered(first_turn(), answer);
    std::stop_source stop;
    stop.request_stop();
    QCOMPARE(stopped.read_ahead(said, stop.get_token()).error().code, ErrorCode::Cancelled);
    const Generation next = must(stopped.generate(next_turn(said)));
    Engine fresh = engine();
    QCOMPARE(next.text, must(fresh.generate(next_turn(said))).text);
}

void TestSnapshotsOnDisk::readingAheadLeavesALongConversationAlone() {
    Engine::Options options;
    options.session = options_on("cpu", {}, 64);
    Engine small = must(Engine::create(m_model, options));
    QCOMPARE(must(small.read_ahead(first_turn())), 0);
    QCOMPARE(small.session().position(), 0);
}

// ---- a restart ----------------------------------------------------------------------------------

void TestSnapshotsOnDisk::goesOnAfterARestart_data() {
    QTest::addColumn<bool>("is_on_card");
    QTest::newRow("processor") << false;
    QTest::newRow("card") << true;
}

void TestSnapshotsOnDisk::goesOnAfterARestart() {
    QFETCH(bool, is_on_card);
    const On device = is_on_card ? On::Card : On::Cpu;
    GenerationRequest request = first_turn();
    if (is_on_card) request.max_tokens = 3;  // its threads are simulated
    GenerationRequest said;
    Generation want;
    {
        Engine before = engine(device);
        said = answered(request, must(before.generate(request)));
        static_cast<void>(must(before.read_ahead(said)));
        before.keep_snapshots();
        want = must(before.generate(next_turn(said)));
    }
    Engine after = engine(device);
    const Generation got = must(after.generate(next_turn(said)));
    QCOMPARE(got.text, want.text);
    QCOMPARE(got.thinking, want.thinking);
    QCOMPARE(got.stats.cached_tokens, want.stats.cached_tokens);
    QVERIFY(got.stats.cached_tokens > 50);
    QVERIFY2(after.snapshot_use().notice.empty(), after.snapshot_use().notice.c_str());
    QVERIFY(after.snapshot_use().disk_bytes > 0);
}

void TestSnapshotsOnDisk::anotherAnswerAfterARestart() {
    Generation want;
    {
        Engine before = engine();
        want = must(before.generate(first_turn()));
        static_cast<void>(must(before.read_ahead(answered(first_turn(), want))));
        before.keep_snapshots();
    }
    Engine after = engine();
    const Generation got = must(after.generate(first_turn()));
    QCOMPARE(got.text, want.text);
    QCOMPARE(got.stats.cached_tokens, got.stats.prompt_tokens);  // not even the end of the prompt
}

void TestSnapshotsOnDisk::anotherConversationSharesTheSystemTurn() {
    {
        Engine before = engine();
        static_cast<void>(must(before.generate(first_turn("7"))));
        before.keep_snapshots();
        before.forget("7");
    }
    Engine after = engine();
    GenerationRequest other = first_turn("8");
    other.conversation.messages.back().content = "hi";
    const Generation got = must(after.generate(other));
    other.conversation.messages.pop_back();
    // The snapshot ends with the system turn, the prefix with what opens the next one.
    const auto system = must(certain_prefix(*m_model, other.conversation, other.prompt));
    QCOMPARE(got.stats.cached_tokens, static_cast<int>(system.ids.size()) - 1);
}

void TestSnapshotsOnDisk::whatIsNobodysIsNotKept_data() {
    QTest::addColumn<bool>("is_temporary");
    QTest::newRow("nobody's") << false;
    QTest::newRow("temporary") << true;
}

void TestSnapshotsOnDisk::whatIsNobodysIsNotKept() {
    QFETCH(bool, is_temporary);
    {
        Engine before = engine();
        GenerationRequest request = first_turn(is_temporary ? "7" : "");
        request.is_temporary = is_temporary;
        const Generation answer = must(before.generate(request));
        static_cast<void>(must(before.read_ahead(answered(request, answer))));
        before.keep_snapshots();
        // In memory it is there all the same.
        const GenerationRequest next = next_turn(answered(request, answer));
        QVERIFY(must(before.generate(next)).stats.cached_tokens > 60);
        before.keep_snapshots();
    }
    QCOMPARE(files_in(folder()).size(), std::size_t{1});  // the system turn
    for (const fs::path& file : files_in(folder())) {
        const SnapshotFile kept = must(SnapshotFile::open(file));
        const std::string text = must(m_model->tokenizer().decode(kept.tokens()));
        QVERIFY(text.find("What can you do") == std::string::npos);
    }
}

/// Whatever conversation stands beside it.
void TestSnapshotsOnDisk::aTextThatGoesOnIsNobodysSystemTurn() {
    GenerationRequest request = first_turn("");
    request.raw_prompt = "A diary: what happened today, and what did not?";
    {
        Engine before = engine();
        static_cast<void>(must(before.generate(request)));
        before.keep_snapshots();
    }
    QCOMPARE(files_in(folder()).size(), std::size_t{0});
}

void TestSnapshotsOnDisk::forgetsAConversation() {
    Engine before = engine();
    const Generation first = must(before.generate(first_turn("7")));
    static_cast<void>(must(before.generate(first_turn("8"))));
    before.keep_snapshots();
    before.forget("7");
    before.forget("8");
    before.keep_snapshots();  // nothing of them comes back
    const Generation again = must(before.generate(first_turn("7")));
    QVERIFY(again.stats.cached_tokens < again.stats.prompt_tokens);
    QCOMPARE(again.text, first.text);
    before.keep_snapshots();
    before.forget_all();
    QCOMPARE(files_in(folder()).size(), std::size_t{0});
    QCOMPARE(before.snapshot_use().disk_bytes, std::uint64_t{0});
}

void TestSnapshotsOnDisk::aDamagedFileCostsTimeOnly() {
    Generation want;
    {
        Engine before = engine();
        want = must(before.generate(first_turn()));
        before.keep_snapshots();
    }
    for (const fs::path& path : files_in(folder())) {
        std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
        for (const auto at : {1, 2, 3, 4, 5, 6, 7}) {  // in every part of it
            file.seekp(static_cast<std::streamoff>(fs::file_size(path) * at / 8));
            file.put('!').put('!');
        }
    }
    Engine after = engine();
    const Generation got = must(after.generate(first_turn()));
    QCOMPARE(got.text, want.text);
    QCOMPARE(got.stats.cached_tokens, 0);
    QVERIFY(after.snapshot_use().notice.find("damaged") != std::string::npos);
}

void TestSnapshotsOnDisk::anotherModelIsNotMistakenForThisOne() {
    const fs::path mini = source_file("resources/mini_model/lares-mini.gguf");
    const fs::path copy = fs::path(m_folder->path().toStdString()) / "renamed.gguf";
    fs::copy_file(mini, copy);
    const std::string same = fingerprint(*must(Model::load(copy)));
    QCOMPARE(same, fingerprint(*m_model));
    QCOMPARE(same.size(), std::size_t{32});
    {
        const auto& tensors = m_model->file().tensors();
        const FileTensor& last = tensors.back();
        std::fstream file(copy, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(static_cast<std::streamoff>(last.file_offset));
        file.put('\1').put('\2').put('\3');
    }
    QVERIFY(fingerprint(*must(Model::load(copy))) != same);
    QVERIFY(fingerprint(*load("t-F32.gguf")) != fingerprint(*load("t-F16.gguf")));
}

void TestSnapshotsOnDisk::aFileIsReadOnlyWhereThatIsFaster() {
    const auto prompt = must(certain_prefix(*m_model, first_turn().conversation, {}));
    {
        Engine before = engine();
        static_cast<void>(must(before.read_ahead(first_turn())));
        before.keep_snapshots();
    }
    for (const double speed : {0.0, 1.0, 1e12}) {  // not known, slow, faster than any disk
        Session session = must(Session::create(m_model, options_on("cpu", {}, 1024)));
        SnapshotTiers tiers(std::size_t{64} << 20,
                            must(SnapshotFolder::open({.folder = folder()})));
        tiers.set_tokens_per_second(speed);
        const int known = must(tiers.restore_deepest(session, prompt.ids));
        QCOMPARE(known > 0, speed < 2.0);
        QCOMPARE(known, session.position());
    }
}

QTEST_GUILESS_MAIN(TestSnapshotsOnDisk)
#include "tst_snapshots_on_disk.moc"
