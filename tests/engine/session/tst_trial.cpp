// Several tokens computed at once, of which some are kept: logits and state are to the bit those of
// one token after the other.

#include "engine/model/model.h"
#include "engine/session/session.h"
#include "tests/support/test_data.h"

#include <QTest>

#include <vector>

using namespace lares;

namespace {

using Logits = std::vector<float>;

Session session_of(const QString& file, SessionOptions options) {
    options.n_ctx = 1024;
    auto model = Model::load(test::data_file("golden/" + file.toStdString() + ".gguf"));
    if (!model) qFatal("%s", model.error().message.c_str());
    auto session = Session::create(std::move(model).value(), options);
    if (!session) qFatal("%s", session.error().message.c_str());
    return std::move(session).value();
}

std::vector<TokenId> some_tokens(const Session& session, int n, int first = 3) {
    std::vector<TokenId> tokens;
    for (int i = 0; i < n; ++i)
        tokens.push_back((first + 37 * i + i * i) % session.model().hparams().n_vocab);
    return tokens;
}

Logits read_one(Session& session, TokenId token) {
    const auto logits = session.append({&token, 1});
    if (!logits) qFatal("%s", logits.error().message.c_str());
    return {logits->begin(), logits->end()};
}

}  // namespace

class TestTrial : public QObject {
    Q_OBJECT

private slots:
    void equalsOneByOneToTheBit_data();
    void equalsOneByOneToTheBit();
    void acrossBlocksAndSplitsOfTheContext_data();
    void acrossBlocksAndSplitsOfTheContext();
    void snapshotsInMidTrialAreThoseOfTheTokensRead();
    void tokensOutsideTheVocabularyEndWhatIsExpected();
    void expectsNoMoreThanTheContextHolds();
    void threadsDoNotChangeABit();
};

void TestTrial::equalsOneByOneToTheBit_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<int>("kv");
    QTest::addColumn<bool>("exact");
    for (const char* file :
         {"t-F32", "t-F16", "t-BF16", "t-Q4_0", "t-Q4_K", "t-Q5_0", "t-Q6_K", "t-Q8_0", "t-IQ4_XS",
          "t-Q2_K", "t-Q3_K", "t-MIX", "shapes/odd-groups-MIX", "shapes/head-80-Q8_0",
          "shapes/indivisible-F16", "shapes/indivisible-BF16", "shapes/k-quants-Q6_K"}) {
        for (const KvType kv : {KvType::F16, KvType::F32, KvType::Int8})
            QTest::addRow("%s %s", file, to_string(kv).data())
                << file << static_cast<int>(kv) << false;
        QTest::addRow("%s exact", file) << file << static_cast<int>(KvType::F32) << true;
    }
}

/// For every number of tokens and every part of them that is kept: the logits of all that are, and
/// those of a token and of a prompt after them, which see the state.
void TestTrial::equalsOneByOneToTheBit() {
    QFETCH(QString, file);
    QFETCH(int, kv);
    QFETCH(bool, exact);
    SessionOptions options{.n_threads = 2,
                           .precision = exact ? Precision::Exact : Precision::Fast,
                           .kv_type = static_cast<KvType>(kv)};
    Session plain = session_of(file, options);
    const auto before = some_tokens(plain, 70);
    const auto tokens = some_tokens(plain, 8, 11);
    const auto after = some_tokens(plain, 20, 5);
    QVERIFY(plain.append(before));
    const auto at_start = plain.snapshot();
    QVERIFY(at_start);

    std::vector<Logits> want_rows, want_token, want_prompt;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        want_rows.push_back(read_one(plain, tokens[i]));
        const auto here = plain.snapshot();
        QVERIFY(here);
        want_token.push_back(read_one(plain, after.front()));
        const auto prompt = plain.append(after);
        QVERIFY(prompt);
        want_prompt.emplace_back(prompt->begin(), prompt->end());
        QVERIFY(plain.restore(*here));
    }

    QCOMPARE(plain.max_expected(), 7);
    for (std::size_t n = 2; n <= tokens.size(); ++n)
        for (std::size_t kept = 1; kept <= n; ++kept) {
            QVERIFY(plain.restore(*at_start));
            QVERIFY(plain.read_expecting(tokens[0], std::span(tokens).subspan(1, n - 1)));
            for (std::size_t i = 0; i < kept; ++i) {
                if (i > 0) {
                    QVERIFY(plain.expects(tokens[i]));
                    QVERIFY(plain.read({&tokens[i], 1}));
                }
                const auto logits = plain.logits();
                QVERIFY(Logits(logits.begin(), logits.end()) == want_rows[i]);
                QCOMPARE(plain.position(), 70 + static_cast<int>(i) + 1);
            }
            QVERIFY(!plain.expects(after.front()));
            QVERIFY(read_one(plain, after.front()) == want_token[kept - 1]);
            const auto prompt = plain.append(after);
            QVERIFY(prompt);
            QVERIFY(Logits(prompt->begin(), prompt->end()) == want_prompt[kept - 1]);
        }
}

void TestTrial::acrossBlocksAndSplitsOfTheContext_data() {
    QTest::addColumn<int>("position");
    for (const int position : {1, 60, 62, 189, 253, 255, 381, 509, 637, 765})
        QTest::addRow("%d", position) << position;
}

/// Where a context is cut for the threads depends on its length, so it changes in mid-trial.
void TestTrial::acrossBlocksAndSplitsOfTheContext() {
    QFETCH(int, position);
    for (const KvType kv : {KvType::F16, KvType::Int8}) {
        Session session = session_of("t-MIX", {.n_threads = 3, .kv_type = kv});
        QVERIFY(session.append(some_tokens(session, position)));
        const auto start = session.snapshot();
        QVERIFY(start);
        const auto tokens = some_tokens(session, 9, 11);
        std::vector<Logits> want;
        for (const TokenId token : tokens) want.push_back(read_one(session, token));
        QVERIFY(session.restore(*start));
        QVERIFY(session.read_expecting(tokens[0], std::span(tokens).subspan(1, 7)));
        for (std::size_t i = 0; i < tokens.size(); ++i) {
            QCOMPARE(i > 0 && session.expects(tokens[i]), i > 0 && i < 8);
            if (i > 0) QVERIFY(session.read({&tokens[i], 1}));
            const auto logits = session.logits();
            QVERIFY(Logits(logits.begin(), logits.end()) == want[i]);
        }
    }
}

void TestTrial::snapshotsInMidTrialAreThoseOfTheTokensRead() {
    Session session = session_of("t-MIX", {.n_threads = 2});
    const auto tokens = some_tokens(session, 30);
    QVERIFY(session.append(std::span(tokens).first(20)));
    QVERIFY(session.read_expecting(tokens[20], std::span(tokens).subspan(21, 5)));
    QVERIFY(session.read({&tokens[21], 1}));
    const auto middle = session.snapshot();
    QVERIFY(middle);
    QCOMPARE(middle->position(), 22);
    QVERIFY(!session.expects(tokens[22]));  // forgotten, not lost
    const Logits want = read_one(session, tokens[22]);

    QVERIFY(session.read_expecting(tokens[23], std::span(tokens).subspan(24, 3)));
    QVERIFY(session.restore(*middle));
    QCOMPARE(session.position(), 22);
    QVERIFY(read_one(session, tokens[22]) == want);

    QVERIFY(session.read_expecting(tokens[23], std::span(tokens).subspan(24, 3)));
    session.clear();
    QVERIFY(session.append(std::span(tokens).first(20)));
    for (const int i : {20, 21}) read_one(session, tokens[static_cast<std::size_t>(i)]);
    QVERIFY(read_one(session, tokens[22]) == want);
}

void TestTrial::tokensOutsideTheVocabularyEndWhatIsExpected() {
    Session session = session_of("t-MIX", {.n_threads = 1});
    const std::vector<TokenId> expected{5, -1, 7};
    QVERIFY(session.read_expecting(3, expected));
    QVERIFY(session.expects(5));
    const TokenId five = 5;
    QVERIFY(session.read({&five, 1}));
    QVERIFY(!session.expects(-1));
    QCOMPARE(session.position(), 2);
    QVERIFY(!session.read_expecting(-1, expected));
    QCOMPARE(session.position(), 2);
}

void TestTrial::expectsNoMoreThanTheContextHolds() {
    Session session = session_of("t-MIX", {.n_threads = 1});
    const auto tokens = some_tokens(session, 1030);
    QVERIFY(session.append(std::span(tokens).first(1020)));
    QVERIFY(session.read_expecting(tokens[1020], std::span(tokens).subspan(1021, 7)));
    for (int i = 1021; i < 1024; ++i) {
        const TokenId token = tokens[static_cast<std::size_t>(i)];
        QVERIFY(session.expects(token));
        QVERIFY(session.read({&token, 1}));
    }
    QCOMPARE(session.position(), session.n_ctx());
    QVERIFY(!session.expects(tokens[1024]));
    QCOMPARE(session.read({&tokens[1024], 1}).error().code, ErrorCode::ContextFull);
    QCOMPARE(session.read_expecting(tokens[1024], tokens).error().code, ErrorCode::ContextFull);
}

void TestTrial::threadsDoNotChangeABit() {
    Logits first;
    for (int n_threads = 1; n_threads <= 4; ++n_threads) {
        Session session = session_of("t-MIX", {.n_threads = n_threads});
        const auto tokens = some_tokens(session, 8);
        QVERIFY(session.read_expecting(tokens[0], std::span(tokens).subspan(1)));
        for (std::size_t i = 1; i < tokens.size(); ++i) QVERIFY(session.read({&tokens[i], 1}));
        const Logits got(session.logits().begin(), session.logits().end());
        if (n_threads == 1) first = got;
        QVERIFY(got == first);
    }
}

QTEST_GUILESS_MAIN(TestTrial)
#include "tst_trial.moc"
