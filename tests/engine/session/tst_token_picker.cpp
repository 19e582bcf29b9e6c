// Picking tokens where the logits are: what it costs the host, and that it is the CPU's picking.

#include "engine/backend/backend_sampler.h"
#include "engine/sampling/sampler_chain.h"
#include "engine/session/token_picker.h"
#include "tests/engine/session/on_card.h"

#include <QTest>

#include <algorithm>
#include <limits>

using namespace lares;
using namespace lares::test;

namespace {

struct OnCard {
    explicit OnCard(const std::string& file = "t-MIX.gguf")
        : session(must(Session::create(load(file), options_on("cuda", cards)))) {}
    [[nodiscard]] WatchedDevice::Work work() const { return cards->last->work(); }

    std::shared_ptr<OneCard> cards = std::make_shared<OneCard>();
    Session session;
};

const std::vector<TokenId> kPrompt{5, 17, 100, 42, 9, 300, 77, 8};

}  // namespace

class TestTokenPicker : public QObject {
    Q_OBJECT

private slots:
    void aTokenIsOneWaitAndNoCopy();
    void theStepIsQueuedBehindThePick();
    void withoutAFiniteLogitNothingIsKept();
    void aTokenWithoutRoomChangesNothing();
    void readingATokenDoesNotWait();
    void picksWhatTheChainPicks_data();
    void picksWhatTheChainPicks();
    void picksWhatIsAllowedOnTheCardToo();
    void forcedTokensAreHistoryOnTheCardToo();
    void whatTheCardDoesNotTakeIsTheChains();
    void aSnapshotsLogitsArePickedFrom();
};

/// The promise to the host: the card writes the id to it, and nothing goes there.
void TestTokenPicker::aTokenIsOneWaitAndNoCopy() {
    OnCard card;
    must(card.session.read(kPrompt));
    auto picker = must(TokenPicker::create(card.session, drawing(1), kPrompt));
    QVERIFY(picker.is_on_card());
    must(picker.pick_and_read());  // tells the card the position, once
    for (int i = 0; i < 70; ++i) {
        const auto before = card.work();
        const bool begins_block = card.session.position() % 64 == 0;
        must(picker.pick_and_read());
        const auto after = card.work();
        QCOMPARE(after.n_wait - before.n_wait, std::size_t{1});
        QCOMPARE(after.downloaded_bytes - before.downloaded_bytes, std::size_t{0});
        QCOMPARE(after.n_replay - before.n_replay, std::size_t{2});
        // A new block of keys and values has its number.
        QCOMPARE(after.uploaded_bytes - before.uploaded_bytes,
                 begins_block ? sizeof(std::int32_t) : std::size_t{0});
    }
}

/// The card never waits for the host to see a token, and what it computes is the same.
void TestTokenPicker::theStepIsQueuedBehindThePick() {
    OnCard at_once;
    OnCard apart;
    must(at_once.session.read(kPrompt));
    must(apart.session.read(kPrompt));
    auto picker = must(TokenPicker::create(at_once.session, drawing(1), kPrompt));
    auto other = must(TokenPicker::create(apart.session, drawing(1), kPrompt));
    for (int i = 0; i < 70; ++i) {
        const TokenId token = must(picker.pick_and_read());
        QCOMPARE(at_once.work().n_replay_at_wait, at_once.work().n_replay);
        QCOMPARE(must(other.pick()), token);
        must(apart.session.read({&token, 1}));
        QCOMPARE(at_once.session.position(), apart.session.position());
        QCOMPARE(at_once.session.tokens().back(), token);
        const auto got = must(at_once.session.fetch_logits());
        const auto want = must(apart.session.fetch_logits());
        QVERIFY(std::ranges::equal(got, want));
    }
    // A stop, and the end of the context, change nothing.
    std::stop_source stop;
    stop.request_stop();
    const int position = at_once.session.position();
    QCOMPARE(picker.pick_and_read(stop.get_token()).error().code, ErrorCode::Cancelled);
    QCOMPARE(at_once.session.position(), position);
    while (at_once.session.position() < at_once.session.n_ctx()) must(picker.pick_and_read());
    QCOMPARE(picker.pick_and_read().error().code, ErrorCode::ContextFull);
    QCOMPARE(at_once.session.position(), at_once.session.n_ctx());
    QVERIFY(at_once.session.has_logits());
}

/// The step behind the pick has run by then, with a token that nobody picked.
void TestTokenPicker::withoutAFiniteLogitNothingIsKept() {
    OnCard card;
    must(card.session.read(kPrompt));
    const auto first = must(card.session.fetch_logits());
    const std::vector<float> want(first.begin(), first.end());
    auto picker = must(TokenPicker::create(card.session, drawing(1), kPrompt));
    const std::vector<float> none(want.size(), std::numeric_limits<float>::quiet_NaN());
    card.session.sampler_or_null()->set_logits(none);
    const auto token = picker.pick_and_read();
    QVERIFY(!token);
    QCOMPARE(token.error().code, ErrorCode::Internal);
    QCOMPARE(card.session.position(), 0);
    QVERIFY(card.session.tokens().empty());
    QVERIFY(!card.session.has_logits());
    must(card.session.read(kPrompt));
    QVERIFY(std::ranges::equal(must(card.session.fetch_logits()), want));
}

/// Snapshots that hold every block of keys and values: the token needs one of its own.
void TestTokenPicker::aTokenWithoutRoomChangesNothing() {
    OnCard card;
    std::vector<TokenId> tokens(245);
    for (std::size_t i = 0; i < tokens.size(); ++i) tokens[i] = static_cast<TokenId>(3 + i % 100);
    must(card.session.read(tokens));
    auto picker = must(TokenPicker::create(card.session, drawing(1), tokens));
    std::vector<SessionSnapshot> held;
    ErrorCode code{};
    int position = 0;
    while (held.size() < 10) {  // each holds the last block, which the next token then copies
        held.push_back(must(card.session.snapshot()));
        const auto before = must(card.session.fetch_logits());
        const std::vector<float> want(before.begin(), before.end());
        position = card.session.position();
        const auto token = picker.pick_and_read();
        if (token) continue;
        code = token.error().code;
        QCOMPARE(card.session.position(), position);
        QVERIFY(std::ranges::equal(must(card.session.fetch_logits()), want));
        break;
    }
    QCOMPARE(code, ErrorCode::OutOfMemory);
    held.clear();
    must(picker.pick_and_read());
    QCOMPARE(card.session.position(), position + 1);
}

void TestTokenPicker::readingATokenDoesNotWait() {
    OnCard card;
    must(card.session.read(kPrompt));
    const auto before = card.work();
    const TokenId token = 3;
    must(card.session.read({&token, 1}));
    QCOMPARE(card.work().n_wait, before.n_wait);
    QVERIFY(card.session.has_logits());
    QVERIFY(card.session.logits().empty());
    const auto fetched = must(card.session.fetch_logits());
    const std::vector<float> got(fetched.begin(), fetched.end());
    QCOMPARE(card.work().n_wait, before.n_wait + 1);
    QCOMPARE(must(card.session.fetch_logits()).data(), fetched.data());
    QCOMPARE(card.work().n_wait, before.n_wait + 1);

    OnCard other;
    must(other.session.read(kPrompt));
    const auto want = must(other.session.append({&token, 1}));
    QCOMPARE(got, std::vector<float>(want.begin(), want.end()));
}

void TestTokenPicker::picksWhatTheChainPicks_data() {
    QTest::addColumn<SamplingParams>("params");
    const auto row = [](const char* name, auto set) {
        SamplingParams params = drawing(20240718);
        set(params);
        QTest::newRow(name) << params;
    };
    row("greedy", [](auto& p) { p = SamplingParams::greedy(); });
    row("the defaults", [](auto& p) { p = SamplingParams(); });
    row("temperature", [](auto& p) { p.top_p = 1.0F; });
    row("large seed", [](auto& p) { p.seed = 0xFEDCBA9876543210; });
    row("hot", [](auto& p) { p.temperature = 10.0F; });
    row("cool", [](auto& p) { p.temperature = 0.1F; });
    row("top-k", [](auto& p) { p.top_k = 5; });
    row("min-p", [](auto& p) { p.min_p = 0.3F; });
    row("all cuts", [](auto& p) { p.top_k = 40, p.top_p = 0.9F, p.min_p = 0.02F; });
    row("top-p of nothing", [](auto& p) { p.top_p = 0.0F; });
    row("repeat", [](auto& p) { p.repeat_penalty = 3.0F; });
    row("presence", [](auto& p) { p.presence_penalty = 2.0F; });
    row("frequency, greedy",
        [](auto& p) { p = SamplingParams::greedy(), p.frequency_penalty = 1.5F; });
    row("short window", [](auto& p) { p.frequency_penalty = 2.0F, p.penalty_window = 3; });
    row("window past the context",
        [](auto& p) { p.frequency_penalty = 2.0F, p.penalty_window = 1 << 20; });
    row("no window", [](auto& p) { p.frequency_penalty = 2.0F, p.penalty_window = 0; });
}

void TestTokenPicker::picksWhatTheChainPicks() {
    QFETCH(SamplingParams, params);
    OnCard card;
    Session& session = card.session;
    auto chain = must(SamplerChain::create(params, session.model().hparams().n_vocab));
    for (const TokenId token : kPrompt) chain.accept(token);
    must(session.read(kPrompt));
    auto picker = must(TokenPicker::create(session, params, kPrompt));
    QVERIFY(picker.is_on_card());
    for (int i = 0; i < 8; ++i) {
        const TokenId want = must(chain.sample(must(session.fetch_logits())));
        QCOMPARE(must(picker.pick()), want);
        must(session.read({&want, 1}));
    }
    // The next answer begins anew.
    session.clear();
    must(session.read(kPrompt));
    auto again = must(TokenPicker::create(session, params, kPrompt));
    chain = must(SamplerChain::create(params, session.model().hparams().n_vocab));
    for (const TokenId token : kPrompt) chain.accept(token);
    QCOMPARE(must(again.pick()), must(chain.sample(must(session.fetch_logits()))));
}

/// A mask that changes, stays and goes, with and without what keeps only the likeliest.
void TestTokenPicker::picksWhatIsAllowedOnTheCardToo() {
    for (const float top_p : {1.0F, 0.9F}) {
        OnCard card;
        must(card.session.read(kPrompt));
        SamplingParams params = drawing(3);
        params.top_p = top_p;
        auto picker = must(TokenPicker::create(card.session, params, kPrompt));
        auto chain = must(SamplerChain::create(params, card.session.model().hparams().n_vocab));
        for (const TokenId token : kPrompt) chain.accept(token);
        std::shared_ptr<const TokenMask> mask;
        for (int i = 0; i < 16; ++i) {
            if (i % 4 == 0) {
                TokenMask next(card.session.model().hparams().n_vocab);
                for (TokenId id = i; id < next.n_vocab(); id += 7 + i) next.allow(id);
                mask = i % 12 == 8 ? nullptr : std::make_shared<const TokenMask>(std::move(next));
            }
            const auto logits = must(card.session.fetch_logits());
            const TokenId expected = must(chain.sample(logits, mask.get()));
            const auto before = card.work();
            picker.allow(mask);
            QVERIFY(i % 4 == 0 || card.work().uploaded_bytes == before.uploaded_bytes);
            const TokenId token = must(picker.pick_and_read());
            QCOMPARE(token, expected);
            QVERIFY(!mask || mask->allows(token));
        }
    }
}

void TestTokenPicker::forcedTokensAreHistoryOnTheCardToo() {
    SamplingParams params = drawing(4);
    params.presence_penalty = 3.0F;
    params.penalty_window = 200;
    // More than a prefill step holds, and than the window.
    std::vector<TokenId> history;
    for (int i = 0; i < 700; ++i) history.push_back((i * 37) % 400);
    const std::vector<TokenId> forced{1, 2, 3, 4};
    OnCard card;
    auto chain = must(SamplerChain::create(params, card.session.model().hparams().n_vocab));
    for (const TokenId token : history) chain.accept(token);
    for (const TokenId token : forced) chain.accept(token);
    must(card.session.read(kPrompt));
    auto picker = must(TokenPicker::create(card.session, params, history));
    picker.accept(forced);
    must(card.session.read(forced));
    for (int i = 0; i < 5; ++i) {
        const TokenId want = must(chain.sample(must(card.session.fetch_logits())));
        QCOMPARE(must(picker.pick()), want);
        must(card.session.read({&want, 1}));
    }
}

void TestTokenPicker::whatTheCardDoesNotTakeIsTheChains() {
    SamplingParams params = drawing(4);
    params.temperature = 1e-30F;
    OnCard card;
    must(card.session.read(kPrompt));
    auto picker = must(TokenPicker::create(card.session, params, kPrompt));
    QVERIFY(!picker.is_on_card());
    auto chain = must(SamplerChain::create(params, card.session.model().hparams().n_vocab));
    for (int i = 0; i < 3; ++i) {
        const auto before = card.work();
        const TokenId token = must(picker.pick());
        QVERIFY(card.work().downloaded_bytes - before.downloaded_bytes > 64);
        QCOMPARE(token, must(chain.sample(card.session.logits())));
        must(card.session.read({&token, 1}));
    }
}

void TestTokenPicker::aSnapshotsLogitsArePickedFrom() {
    OnCard card;
    Session& session = card.session;
    must(session.read(kPrompt));
    const auto snapshot = must(session.snapshot());
    const auto continue_from_here = [&] {
        auto picker = must(TokenPicker::create(session, drawing(8), kPrompt));
        std::vector<TokenId> tokens;
        for (int i = 0; i < 4; ++i) {
            tokens.push_back(must(picker.pick()));
            must(session.read({&tokens.back(), 1}));
        }
        return tokens;
    };
    const auto want = continue_from_here();
    must(session.restore(snapshot));
    QVERIFY(session.has_logits());
    // A snapshot of what came out of a snapshot, and was not looked at.
    const auto copy = must(session.snapshot());
    const auto before = card.work();
    auto picker = must(TokenPicker::create(session, drawing(8), kPrompt));
    QCOMPARE(must(picker.pick()), want[0]);
    QCOMPARE(card.work().n_kernel - before.n_kernel, std::size_t{3});
    must(session.restore(copy));
    QCOMPARE(continue_from_here(), want);
    session.clear();
    QVERIFY(!session.has_logits());
}

QTEST_APPLESS_MAIN(TestTokenPicker)
#include "tst_token_picker.moc"
