#include "engine/model/model.h"
#include "engine/session/session.h"
#include "tests/support/golden_logits.h"
#include "tests/support/test_data.h"

#include <QTest>

#include <algorithm>
#include <optional>

using namespace lares;

namespace {

using Logits = std::vector<float>;

std::shared_ptr<const Model> load(const char* file) {
    auto model = Model::load(test::data_file("golden/" + std::string(file)));
    if (!model) qFatal("%s", model.error().message.c_str());
    return std::move(model).value();
}

Session start(const std::shared_ptr<const Model>& model, SessionOptions options = {}) {
    options.n_ctx = std::min(options.n_ctx, 512);
    auto session = Session::create(model, options);
    if (!session) qFatal("%s", session.error().message.c_str());
    return std::move(session).value();
}

/// 300 tokens that mean nothing.
const std::vector<TokenId>& prompt() {
    for (const test::GoldenLogits& golden : test::golden_logits())
        if (golden.tokens.size() == 300) return golden.tokens;
    qFatal("no prompt of 300 tokens");
}

Logits append(Session& session, std::span<const TokenId> tokens) {
    const auto logits = session.append(tokens);
    if (!logits) qFatal("%s", logits.error().message.c_str());
    return {logits->begin(), logits->end()};
}

SessionSnapshot snapshot_of(const Session& session) {
    auto snapshot = session.snapshot();
    if (!snapshot) qFatal("%s", snapshot.error().message.c_str());
    return std::move(snapshot).value();
}

/// What an answer leaves behind: each token, always the likeliest, and the logits that chose it.
struct Answer {
    std::vector<TokenId> tokens;
    std::vector<Logits> logits;

    friend bool operator==(const Answer&, const Answer&) = default;
};

Answer answer(Session& session, int n) {
    Answer answer;
    Logits logits(session.logits().begin(), session.logits().end());
    for (int i = 0; i < n; ++i) {
        const auto best = std::max_element(logits.begin(), logits.end()) - logits.begin();
        answer.tokens.push_back(static_cast<TokenId>(best));
        logits = append(session, {&answer.tokens.back(), 1});
        answer.logits.push_back(logits);
    }
    return answer;
}

std::vector<TokenId> copy_of(std::span<const TokenId> tokens) {
    return {tokens.begin(), tokens.end()};
}

}  // namespace

/// Going back must leave no trace: every comparison here is bit for bit.
class TestSnapshot : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void givesTheSameFiftyTokensAgain_data();
    void givesTheSameFiftyTokensAgain();
    void returnsToAnyOfSeveralPositions();
    void keepsTheLogitsOfItsLastToken();
    void goesForwardAgain();
    void branchesAndComesBack();
    void survivesClear();
    void survivesItsSession();
    void restoresIntoAnotherSessionOfTheModel();
    void ofAnEmptySessionIsEmpty();
    void isNotChangedByRestoring();
    void refusesAnotherModelsSnapshot();
    void refusesASnapshotOfAModelThatIsGone();
    void refusesASnapshotOfNothing();
    void refusesASnapshotThatDoesNotFit();
    void sharesKeysAndValues();

private:
    std::shared_ptr<const Model> m_model;
};

void TestSnapshot::initTestCase() {
    m_model = load("t-MIX.gguf");
}

void TestSnapshot::givesTheSameFiftyTokensAgain_data() {
    QTest::addColumn<int>("n_prompt");
    QTest::addColumn<int>("precision");
    for (const int n : {1, 3, 64, 127, 128, 129, 256, 300})
        for (const Precision precision : {Precision::Fast, Precision::Exact})
            QTest::addRow("%d tokens, %s", n, precision == Precision::Fast ? "fast" : "exact")
                << n << static_cast<int>(precision);
}

void TestSnapshot::givesTheSameFiftyTokensAgain() {
    QFETCH(int, n_prompt);
    QFETCH(int, precision);
    Session session = start(m_model, {.precision = static_cast<Precision>(precision)});
    append(session, std::span(prompt()).first(static_cast<std::size_t>(n_prompt)));
    const SessionSnapshot snapshot = snapshot_of(session);
    QCOMPARE(snapshot.position(), n_prompt);

    const Answer first = answer(session, 50);
    QCOMPARE(session.position(), n_prompt + 50);
    QVERIFY(session.restore(snapshot));
    QCOMPARE(session.position(), n_prompt);
    QVERIFY(answer(session, 50) == first);
}

void TestSnapshot::returnsToAnyOfSeveralPositions() {
    Session session = start(m_model);
    std::vector<SessionSnapshot> snapshots;
    std::vector<Answer> answers;
    for (std::size_t begin = 0; begin < 300; begin += 60) {
        append(session, std::span(prompt()).subspan(begin, 60));
        snapshots.push_back(snapshot_of(session));
        answers.push_back(answer(session, 5));
        QVERIFY(session.restore(snapshots.back()));
    }
    for (const std::size_t i : {4U, 0U, 2U, 1U, 3U, 4U}) {
        QVERIFY(session.restore(snapshots[i]));
        QCOMPARE(session.position(), static_cast<int>(60 * (i + 1)));
        QVERIFY(answer(session, 5) == answers[i]);
    }
}

void TestSnapshot::keepsTheLogitsOfItsLastToken() {
    Session session = start(m_model);
    const Logits before = append(session, std::span(prompt()).first(100));
    const SessionSnapshot snapshot = snapshot_of(session);
    answer(session, 3);
    QVERIFY(session.restore(snapshot));
    QCOMPARE(Logits(session.logits().begin(), session.logits().end()), before);
    QCOMPARE(copy_of(session.tokens()), copy_of(std::span(prompt()).first(100)));
    QCOMPARE(copy_of(snapshot.tokens()), copy_of(session.tokens()));
}

void TestSnapshot::goesForwardAgain() {
    Session session = start(m_model);
    append(session, std::span(prompt()).first(50));
    const SessionSnapshot early = snapshot_of(session);
    append(session, std::span(prompt()).subspan(50, 200));
    const SessionSnapshot late = snapshot_of(session);
    const Answer want = answer(session, 10);

    QVERIFY(session.restore(early));
    answer(session, 150);  // other keys and values where the late snapshot's were
    QVERIFY(session.restore(late));
    QCOMPARE(session.position(), 250);
    QVERIFY(answer(session, 10) == want);
}

void TestSnapshot::branchesAndComesBack() {
    Session session = start(m_model);
    append(session, std::span(prompt()).first(70));
    const SessionSnapshot fork = snapshot_of(session);
    std::vector<SessionSnapshot> tips;
    std::vector<Answer> answers;
    for (std::size_t branch = 0; branch < 3; ++branch) {
        QVERIFY(session.restore(fork));
        append(session, std::span(prompt()).subspan(100 + 40 * branch, 40));
        tips.push_back(snapshot_of(session));
        answers.push_back(answer(session, 10));
    }
    for (std::size_t branch = 0; branch < 3; ++branch) {
        QVERIFY(session.restore(tips[branch]));
        QVERIFY(answer(session, 10) == answers[branch]);
    }
    // And as if there had been no branches at all.
    Session fresh = start(m_model);
    append(fresh, std::span(prompt()).first(70));
    append(fresh, std::span(prompt()).subspan(140, 40));
    QVERIFY(answer(fresh, 10) == answers[1]);
}

void TestSnapshot::survivesClear() {
    Session session = start(m_model);
    append(session, std::span(prompt()).first(140));
    const SessionSnapshot snapshot = snapshot_of(session);
    const Answer want = answer(session, 10);
    session.clear();
    QCOMPARE(session.position(), 0);
    QVERIFY(session.logits().empty());
    append(session, std::span(prompt()).subspan(150, 150));
    QVERIFY(session.restore(snapshot));
    QVERIFY(answer(session, 10) == want);

    session.clear();  // and an empty session begins from nothing
    Session fresh = start(m_model);
    QCOMPARE(append(session, prompt()), append(fresh, prompt()));
}

void TestSnapshot::survivesItsSession() {
    std::optional<SessionSnapshot> snapshot;
    Answer want;
    {
        Session session = start(m_model);
        append(session, std::span(prompt()).first(90));
        snapshot = snapshot_of(session);
        want = answer(session, 10);
    }
    Session other = start(m_model);
    QVERIFY(other.restore(*snapshot));
    QVERIFY(answer(other, 10) == want);
}

void TestSnapshot::restoresIntoAnotherSessionOfTheModel() {
    Session one = start(m_model, {.n_threads = 1});
    Session two = start(m_model, {.n_threads = 3, .prefill_batch = 16});
    append(one, std::span(prompt()).first(129));
    append(two, std::span(prompt()).subspan(200, 33));
    QVERIFY(two.restore(snapshot_of(one)));
    // From here both go on without disturbing each other.
    const Answer of_one = answer(one, 20);
    QVERIFY(answer(two, 20) == of_one);
}

void TestSnapshot::ofAnEmptySessionIsEmpty() {
    Session session = start(m_model);
    const SessionSnapshot empty = snapshot_of(session);
    QCOMPARE(empty.position(), 0);
    const Logits want = append(session, std::span(prompt()).first(20));
    QVERIFY(session.restore(empty));
    QCOMPARE(session.position(), 0);
    QVERIFY(session.logits().empty());
    QCOMPARE(append(session, std::span(prompt()).first(20)), want);
}

void TestSnapshot::isNotChangedByRestoring() {
    Session session = start(m_model);
    append(session, std::span(prompt()).first(30));
    const SessionSnapshot snapshot = snapshot_of(session);
    const SessionSnapshot copy = snapshot;
    Answer first;
    for (int i = 0; i < 5; ++i) {
        QVERIFY(session.restore(i % 2 ? snapshot : copy));
        const Answer again = answer(session, 8);
        if (i == 0) first = again;
        QVERIFY(again == first);
    }
}

void TestSnapshot::refusesAnotherModelsSnapshot() {
    Session other = start(load("t-Q4_K.gguf"));
    append(other, std::span(prompt()).first(10));
    Session session = start(m_model);
    const Logits before = append(session, std::span(prompt()).first(20));
    const auto restored = session.restore(snapshot_of(other));
    QVERIFY(!restored);
    QCOMPARE(restored.error().code, ErrorCode::InvalidArgument);
    QCOMPARE(session.position(), 20);
    QCOMPARE(Logits(session.logits().begin(), session.logits().end()), before);
}

/// A model may be loaded at the address where the snapshot's model was.
void TestSnapshot::refusesASnapshotOfAModelThatIsGone() {
    for (int i = 0; i < 10; ++i) {
        std::optional<Session> session = start(load("t-Q4_K.gguf"));
        append(*session, std::span(prompt()).first(10));
        const SessionSnapshot snapshot = snapshot_of(*session);
        session.reset();
        Session other = start(load("t-F32.gguf"));
        const auto restored = other.restore(snapshot);
        QVERIFY(!restored);
        QCOMPARE(restored.error().code, ErrorCode::InvalidArgument);
    }
}

void TestSnapshot::refusesASnapshotOfNothing() {
    Session session = start(m_model);
    const auto restored = session.restore(SessionSnapshot());
    QVERIFY(!restored);
    QCOMPARE(restored.error().code, ErrorCode::InvalidArgument);
}

void TestSnapshot::refusesASnapshotThatDoesNotFit() {
    Session large = start(m_model);
    append(large, prompt());
    Session small = start(m_model, {.n_ctx = 64});
    const Logits before = append(small, std::span(prompt()).first(10));
    const auto restored = small.restore(snapshot_of(large));
    QVERIFY(!restored);
    QCOMPARE(restored.error().code, ErrorCode::ContextFull);
    QCOMPARE(small.position(), 10);
    QCOMPARE(Logits(small.logits().begin(), small.logits().end()), before);
}

void TestSnapshot::sharesKeysAndValues() {
    Session session = start(m_model);
    append(session, std::span(prompt()).first(10));
    const std::size_t after_few = snapshot_of(session).size_bytes();
    append(session, std::span(prompt()).subspan(10, 290));
    const std::size_t after_many = snapshot_of(session).size_bytes();
    // Only the list of tokens grows.
    QCOMPARE(after_many - after_few, 290 * sizeof(TokenId));
}

QTEST_APPLESS_MAIN(TestSnapshot)
#include "tst_snapshot.moc"
