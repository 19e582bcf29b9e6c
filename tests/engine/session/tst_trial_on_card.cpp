// Several tokens computed at once on a card, of which some are kept: logits, state and answers are
// to the bit those of one token after the other.

#include "engine/session/drafter.h"
#include "engine/session/engine.h"
#include "engine/session/token_picker.h"
#include "tests/engine/session/on_card.h"

#include <QTest>

using namespace lares;
using namespace lares::test;

namespace {

using Logits = std::vector<float>;

Session session_of(const std::string& file, KvType kv = KvType::F16, bool look_ahead = true) {
    SessionOptions options = options_on("auto", std::make_shared<OneCard>());
    options.kv_type = kv;
    options.look_ahead = look_ahead;
    return must(Session::create(load(file), options));
}

std::vector<TokenId> some_tokens(const Session& session, int n, int first = 3) {
    std::vector<TokenId> tokens;
    for (int i = 0; i < n; ++i)
        tokens.push_back((first + 37 * i + i * i) % session.model().hparams().n_vocab);
    return tokens;
}

Logits logits_of(Session& session) {
    const auto logits = must(session.fetch_logits());
    return {logits.begin(), logits.end()};
}

Logits read_one(Session& session, TokenId token) {
    must(session.read({&token, 1}));
    return logits_of(session);
}

/// A text of `period` tokens, again and again.
std::vector<TokenId> repeated(int period, int n) {
    std::vector<TokenId> tokens;
    for (int i = 0; i < n; ++i) tokens.push_back(3 + 7 * (i % period));
    return tokens;
}

struct Answer {
    std::vector<TokenId> tokens;
    int n_drafted = 0;
    int n_accepted = 0;
    Logits last;
};

/// What an engine does, with nothing of a chat; `forced` as if a grammar knew what comes.
Answer answer_of(Session& session,
                 const SamplingParams& sampling,
                 int n,
                 std::span<const TokenId> forced = {}) {
    session.clear();
    const auto prompt = repeated(9, 40);
    must(session.read(prompt));
    auto picker = must(TokenPicker::create(session, sampling, prompt));
    Drafter drafter(session);
    Answer answer;
    for (int i = 0; i < n; ++i) {
        if (!drafter.wants_to_see_next(forced)) {
            answer.tokens.push_back(must(picker.pick_and_read()));
            forced = forced.subspan(std::min<std::size_t>(1, forced.size()));
            continue;
        }
        const TokenId token = must(picker.pick());
        answer.tokens.push_back(token);
        forced = forced.subspan(std::min<std::size_t>(1, forced.size()));
        if (!drafter.try_read(token, n - i - 1, forced)) must(session.read({&token, 1}));
    }
    answer.n_drafted = drafter.n_drafted();
    answer.n_accepted = drafter.n_accepted();
    answer.last = logits_of(session);
    return answer;
}

}  // namespace

class TestTrialOnCard : public QObject {
    Q_OBJECT

private slots:
    void equalsOneByOneToTheBit_data();
    void equalsOneByOneToTheBit();
    void acrossBlocksOfTheContext();
    void snapshotsInMidTrialAreThoseOfTheTokensRead();
    void answersAreThoseWithoutDrafts_data();
    void answersAreThoseWithoutDrafts();
    void aRepeatedTextTakesFewSteps();
    void whatIsNeverRepeatedWaitsForNobody();
    void aLostCardInATrialIsAnError();
};

void TestTrialOnCard::equalsOneByOneToTheBit_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<int>("kv");
    for (const char* file : {"t-F32.gguf", "t-BF16.gguf", "t-fp8", "t-MIX.gguf"})
        QTest::newRow(file) << file << static_cast<int>(KvType::F16);
    QTest::newRow("t-MIX.gguf, fp8 keys and values")
        << "t-MIX.gguf" << static_cast<int>(KvType::Fp8);
    QTest::newRow("k-quants") << "shapes/k-quants-Q6_K.gguf" << static_cast<int>(KvType::F16);
}

/// For every number of tokens and every part of them that is kept: the logits of all that are, and
/// those of a token after them, which see the state.
void TestTrialOnCard::equalsOneByOneToTheBit() {
    QFETCH(QString, file);
    QFETCH(int, kv);
    Session session = session_of(file.toStdString(), static_cast<KvType>(kv));
    QVERIFY(session.device() != "cpu");
    QCOMPARE(session.max_expected(), 3);
    const auto tokens = some_tokens(session, 4, 11);
    const TokenId after = 5;
    must(session.append(some_tokens(session, 9)));
    const auto start = must(session.snapshot());

    std::vector<Logits> want, want_after;
    for (const TokenId token : tokens) {
        want.push_back(read_one(session, token));
        const auto here = must(session.snapshot());
        want_after.push_back(read_one(session, after));
        must(session.restore(here));
    }
    for (std::size_t n = 2; n <= tokens.size(); ++n)
        for (std::size_t kept = 1; kept <= n; ++kept) {
            must(session.restore(start));
            must(session.read_expecting(tokens[0], std::span(tokens).subspan(1, n - 1)));
            for (std::size_t i = 0; i < kept; ++i) {
                if (i > 0) {
                    QVERIFY(session.expects(tokens[i]));
                    must(session.read({&tokens[i], 1}));
                }
                QVERIFY(logits_of(session) == want[i]);
                QCOMPARE(session.position(), 9 + static_cast<int>(i) + 1);
            }
            QCOMPARE(session.expects_any(), kept < n);
            QVERIFY(read_one(session, after) == want_after[kept - 1]);
        }
}

void TestTrialOnCard::acrossBlocksOfTheContext() {
    for (const int position : {1, 62, 126}) {
        Session session = session_of("t-MIX.gguf");
        must(session.append(some_tokens(session, position)));
        const auto start = must(session.snapshot());
        const auto tokens = some_tokens(session, 9, 11);
        std::vector<Logits> want;
        for (const TokenId token : tokens) want.push_back(read_one(session, token));
        must(session.restore(start));
        // Two trials, of which the first is cut short, and a token.
        must(session.read_expecting(tokens[0], std::span(tokens).subspan(1, 3)));
        QVERIFY(read_one(session, tokens[1]) == want[1]);
        must(session.read({&tokens[2], 1}));
        const TokenId other[] = {tokens[4], 1, 2};
        must(session.read_expecting(tokens[3], other));
        QVERIFY(logits_of(session) == want[3]);
        QVERIFY(read_one(session, tokens[4]) == want[4]);
        QVERIFY(read_one(session, tokens[5]) == want[5]);
        must(session.read_expecting(tokens[6], std::span(tokens).subspan(7, 2)));
        for (std::size_t i = 7; i < 9; ++i) QVERIFY(read_one(session, tokens[i]) == want[i]);
    }
}

void TestTrialOnCard::snapshotsInMidTrialAreThoseOfTheTokensRead() {
    Session session = session_of("t-MIX.gguf");
    const auto tokens = some_tokens(session, 12);
    must(session.append(std::span(tokens).first(8)));
    must(session.read_expecting(tokens[8], std::span(tokens).subspan(9, 3)));
    must(session.read({&tokens[9], 1}));
    const auto middle = must(session.snapshot());
    QCOMPARE(middle.position(), 10);
    QVERIFY(!session.expects(tokens[10]));  // forgotten, not lost
    const Logits want = read_one(session, tokens[10]);
    must(session.read_expecting(tokens[11], std::span(tokens).first(2)));
    must(session.restore(middle));
    QVERIFY(read_one(session, tokens[10]) == want);
    must(session.read_expecting(tokens[11], std::span(tokens).first(2)));
    session.clear();
    must(session.append(std::span(tokens).first(8)));
    for (const std::size_t i : {8U, 9U}) read_one(session, tokens[i]);
    QVERIFY(read_one(session, tokens[10]) == want);
}

void TestTrialOnCard::answersAreThoseWithoutDrafts_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<int>("kv");
    QTest::newRow("F32") << "t-F32.gguf" << static_cast<int>(KvType::F16);
    QTest::newRow("MIX") << "t-MIX.gguf" << static_cast<int>(KvType::F16);
    QTest::newRow("FP8, with fp8 keys and values") << "t-fp8" << static_cast<int>(KvType::Fp8);
}

/// Greedy, drawn, cut and penalised; drafts of what was read before, and such as are right but for
/// every seventh token.
void TestTrialOnCard::answersAreThoseWithoutDrafts() {
    QFETCH(QString, file);
    QFETCH(int, kv);
    Session with = session_of(file.toStdString(), static_cast<KvType>(kv));
    Session without = session_of(file.toStdString(), static_cast<KvType>(kv), false);
    QCOMPARE(without.max_expected(), 0);
    std::vector<SamplingParams> all{SamplingParams::greedy()};
    for (std::uint64_t seed = 1; seed <= 2; ++seed) {
        SamplingParams drawn = drawing(seed);
        drawn.temperature = 0.4F * static_cast<float>(seed);
        drawn.top_k = seed == 1 ? 3 : 0;
        drawn.frequency_penalty = seed == 2 ? 0.05F : 0.0F;
        all.push_back(drawn);
    }
    int n_accepted = 0;
    int n_drafted = 0;
    for (const SamplingParams& sampling : all) {
        const Answer want = answer_of(without, sampling, 20);
        QCOMPARE(want.n_drafted, 0);
        std::vector<TokenId> known = want.tokens;
        for (std::size_t i = 3; i < known.size(); i += 7) known[i] = (known[i] + 1) % 50;
        for (const bool is_forced : {false, true}) {
            const Answer got =
                answer_of(with, sampling, 20, is_forced ? known : std::vector<TokenId>());
            QVERIFY(got.tokens == want.tokens);
            QVERIFY(got.last == want.last);
            QVERIFY(std::ranges::equal(with.tokens(), without.tokens()));
            n_accepted += got.n_accepted;
            n_drafted += got.n_drafted;
        }
    }
    qInfo("%d of %d", n_accepted, n_drafted);
    QVERIFY(n_accepted > 0);          // some drafts were right
    QVERIFY(n_drafted > n_accepted);  // and some wrong, so both ends were tried
}

/// Counted: a step is a replay; its picks are others. The text is given, as if it had been picked.
void TestTrialOnCard::aRepeatedTextTakesFewSteps() {
    const auto cards = std::make_shared<OneCard>();
    Session session = must(Session::create(load("t-MIX.gguf"), options_on("auto", cards)));
    const auto text = repeated(20, 60);
    must(session.read(std::span(text).first(24)));
    const std::size_t before = cards->last->work().n_replay;
    Drafter drafter(session);
    for (std::size_t i = 24; i < text.size(); ++i)
        if (!drafter.try_read(text[i], static_cast<int>(text.size() - i) - 1))
            must(session.read(std::span(text).subspan(i, 1)));
    QCOMPARE(session.position(), 60);
    const std::size_t n_step = cards->last->work().n_replay - before;
    QVERIFY2(n_step <= 12, qPrintable(QString::number(n_step)));
    QCOMPARE(drafter.n_accepted(), 36 - static_cast<int>(n_step));
}

/// Without anything to draft a card goes on unseen: one wait a token, one replay for its step and
/// one for its pick.
void TestTrialOnCard::whatIsNeverRepeatedWaitsForNobody() {
    const auto cards = std::make_shared<OneCard>();
    Session session = must(Session::create(load("t-MIX.gguf"), options_on("auto", cards)));
    const auto text = repeated(30, 30);
    must(session.read(text));
    Drafter drafter(session);
    QVERIFY(!drafter.wants_to_see_next());
    const TokenId forced[] = {1, 2};
    QVERIFY(drafter.wants_to_see_next(forced));
    QVERIFY(!drafter.wants_to_see_next(std::span(forced).first(1)));
}

void TestTrialOnCard::aLostCardInATrialIsAnError() {
    const auto cards = std::make_shared<OneCard>();
    Session session = must(Session::create(load("t-MIX.gguf"), options_on("auto", cards)));
    const auto tokens = some_tokens(session, 8);
    must(session.read(std::span(tokens).first(4)));
    auto picker = must(TokenPicker::create(session, SamplingParams::greedy(), tokens));
    cards->last->fail_at_launch(20);
    must(session.read_expecting(tokens[4], std::span(tokens).subspan(5)));
    const auto picked = picker.pick();
    QVERIFY(!picked);
    QCOMPARE(picked.error().code, ErrorCode::DeviceFailed);
    must(session.move_to_cpu("it was lost"));
    must(session.read(tokens));
    QVERIFY(picker.pick());
}

QTEST_GUILESS_MAIN(TestTrialOnCard)
#include "tst_trial_on_card.moc"
