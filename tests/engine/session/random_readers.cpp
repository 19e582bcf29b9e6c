#include "tests/engine/session/random_readers.h"

#include <cmath>
#include <thread>

namespace lares::test {

RandomReaders::RandomReaders(unsigned seed, Play play)
    : m_dice(seed), m_play(std::move(play)), m_model(load(m_play.model)) {
    SessionOptions options = options_on(m_play.device, m_cards, 700);
    options.precision = m_play.precision;
    options.kv_type = m_play.kv_type;
    m_reference.emplace(m_model, options);
    for (const int n_ctx : {700, 700, 150}) {
        options.n_ctx = n_ctx;
        options.n_threads = 1 + m_dice.below(3);
        options.prefill_batch = std::min(m_dice.any(m_play.batches), n_ctx);
        options.look_ahead = !m_dice.one_in(5);
        if (m_play.device == "cpu") options.input_observer = &m_stop;
        m_readers.push_back({must(Session::create(m_model, options)), options.prefill_batch, {}});
        m_did.append(
            QString("[%1 threads, %2 a step]").arg(options.n_threads).arg(options.prefill_batch));
    }
    m_here = &m_readers.front();
    options.kv_type = m_play.kv_type == KvType::F16 ? KvType::F32 : KvType::F16;
    options.device = "cpu";
    options.input_observer = nullptr;
    m_other_kind.emplace(must(Session::create(m_model, options)));
}

/// One, a few, around the borders of chunks and blocks, or many.
Tokens RandomReaders::some_tokens() {
    constexpr int kBorders[] = {15, 16, 17, 63, 64, 65, 127, 128, 129, 255, 256, 257};
    int n = 1;
    switch (m_dice.below(4)) {
        case 0:
            break;
        case 1:
            n = 2 + m_dice.below(10);
            break;
        case 2:
            n = m_dice.any(kBorders);
            break;
        default:
            n = 1 + m_dice.below(m_play.n_long);
    }
    n = std::min(n, m_play.n_long);
    // Most fit: a full context is one case among many.
    const int room = m_here->session.n_ctx() - m_here->state.position();
    if (room > 0 && !m_dice.one_in(8)) n = std::min(n, room);
    Tokens tokens;
    const int n_vocab = m_model->hparams().n_vocab;
    for (int i = 0; i < n; ++i) tokens.push_back(m_dice.below(n_vocab));
    return tokens;
}

void RandomReaders::act() {
    if (m_dice.one_in(6)) m_here = &m_dice.any(m_readers);
    const int what = m_dice.below(100);
    m_did.append(QString("%1@%2").arg(what).arg(m_here - m_readers.data()));
    if (what < 22)
        read(what < 14);
    else if (what < 36)
        read_and_stop();
    else if (what < 40)
        read_each();
    else if (what < 58)
        draft();
    else if (what < 70)
        keep();
    else if (what < 84)
        go_back();
    else if (what < 88)
        keep_bytes();
    else if (what < 93)
        go_back_by_bytes();
    else if (what < 97)
        refuse();
    else {
        m_here->session.clear();
        m_here->state = {};
    }
}

void RandomReaders::read(bool with_append) {
    const Tokens tokens = some_tokens();
    const int room = m_here->session.n_ctx() - m_here->state.position();
    Result<void> done;
    if (with_append) {
        const auto logits = m_here->session.append(tokens);
        if (!logits) done = logits.error();
    } else {
        done = m_here->session.read(tokens);
    }
    if (static_cast<int>(tokens.size()) > room)
        return expect_error(done, ErrorCode::ContextFull, "read more than the context holds");
    expect_done(done, "did not read");
    add_steps(m_here->state.steps, tokens, m_here->batch);
    m_here->state.logits = Has::Yes;
}

/// Stopped within a step, between two, by somebody else at any time, or not at all; and then on, or
/// elsewhere.
void RandomReaders::read_and_stop() {
    Tokens tokens = some_tokens();
    const int before = m_here->state.position();
    if (static_cast<int>(tokens.size()) > m_here->session.n_ctx() - before) return;
    std::stop_source source;
    std::stop_token token = source.get_token();
    Session::Progress progress;
    std::jthread other;
    int last = 0;
    const int how = m_dice.below(3);
    const int at = 1 + m_dice.below(static_cast<int>(tokens.size()));
    const int n_inputs = m_dice.below(60);
    if (how == 0) {
        token = m_stop.set(n_inputs);
    } else if (how == 1 || m_play.device != "cpu") {
        progress = [&](int done, int total) {
            expect(total == static_cast<int>(tokens.size()) && done > last, "another progress");
            last = done;
            if (done >= at) source.request_stop();
        };
    } else {
        other = std::jthread([&source] { source.request_stop(); });
    }
    const auto done = m_here->session.read(tokens, token, progress);
    m_stop.clear();
    if (done) {
        add_steps(m_here->state.steps, tokens, m_here->batch);
        m_here->state.logits = Has::Yes;
        return;
    }
    expect(done.error().code == ErrorCode::Cancelled, "another error than Cancelled");
    const int n_read = m_here->session.position() - before;
    expect(n_read >= 0 && n_read < static_cast<int>(tokens.size()), "stopped after the end");
    expect(n_read % m_here->batch == 0, "stopped in the middle of a step");
    if (!m_wrong.isEmpty()) return;
    add_steps(m_here->state.steps, std::span(tokens).first(static_cast<std::size_t>(n_read)),
              m_here->batch);
    m_here->state.logits = Has::Perhaps;
    tokens.erase(tokens.begin(), tokens.begin() + n_read);
    if (m_dice.one_in(3)) return;
    expect(m_here->session.read(tokens).has_value(), "did not read the rest");
    add_steps(m_here->state.steps, tokens, m_here->batch);
    m_here->state.logits = Has::Yes;
}

void RandomReaders::read_each() {
    const Tokens tokens = some_tokens();
    if (static_cast<int>(tokens.size()) > m_here->session.n_ctx() - m_here->state.position())
        return;
    Steps steps = m_here->state.steps;
    add_steps(steps, tokens, m_here->batch);
    std::vector<Logits> got;
    const auto done =
        m_here->session.append_each(tokens, [&](int index, std::span<const float> logits) {
            expect(index == static_cast<int>(got.size()), "not in order");
            got.push_back(copy_of(logits));
        });
    expect(done.has_value() && got.size() == tokens.size(), "did not call for each");
    if (!m_wrong.isEmpty()) return;
    // Those after a step's last token are what a reading that ends there has.
    Steps until = m_here->state.steps;
    std::size_t n = 0;
    for (std::size_t i = until.size(); i < steps.size(); ++i) {
        until.push_back(steps[i]);
        n += steps[i].size();
        expect(got[n - 1] == m_reference->after(until), "other logits in the middle");
    }
    m_here->state = {steps, Has::Yes};
}

/// Reads tokens of which some are computed ahead, rightly or not; what is left over stays.
void RandomReaders::draft() {
    const int n_vocab = m_model->hparams().n_vocab;
    Tokens next;
    for (int i = 0; i < 2 + m_dice.below(9); ++i) next.push_back(m_dice.below(n_vocab));
    std::size_t i = 0;
    const std::size_t n_read = 1 + static_cast<std::size_t>(m_dice.below(int(next.size())));
    while (i < n_read) {
        Tokens expected(next.begin() + static_cast<std::ptrdiff_t>(i) + 1, next.end());
        if (!expected.empty() && m_dice.one_in(2)) m_dice.any(expected) = m_dice.below(n_vocab);
        if (!expected.empty() && m_dice.one_in(8))
            m_dice.any(expected) = m_dice.one_in(2) ? -1 : n_vocab;
        const bool is_full = m_here->state.position() >= m_here->session.n_ctx();
        const bool was_expected = m_here->session.expects(next[i]);
        const bool drafts = m_dice.one_in(2);
        const Result<void> done = drafts ? m_here->session.read_expecting(next[i], expected)
                                         : m_here->session.read({&next[i], 1});
        if (is_full) return expect_error(done, ErrorCode::ContextFull, "no end of the context");
        expect(done.has_value(), "did not read a token");
        m_here->state.steps.push_back({next[i++]});
        m_here->state.logits = Has::Yes;
        const int room = m_here->session.n_ctx() - m_here->state.position();
        const bool can_expect = m_here->session.max_expected() > 0 && room > 0 &&
                                !expected.empty() && expected[0] >= 0 && expected[0] < n_vocab;
        if (drafts && !was_expected)
            expect(m_here->session.expects_any() == can_expect, "something else is expected");
        if (drafts && !was_expected && can_expect)
            expect(m_here->session.expects(expected[0]), "the first is not expected");
        if (m_dice.one_in(4)) expect(wrong().isEmpty(), "wrong in the middle of a draft");
    }
}

void RandomReaders::keep() {
    auto snapshot = m_here->session.snapshot();
    expect(snapshot.has_value(), "no snapshot");
    if (!snapshot) return;
    expect(std::ranges::equal(snapshot->tokens(), joined(m_here->state.steps)),
           "the snapshot has other tokens");
    if (m_snapshots.size() >= 8) std::swap(m_dice.any(m_snapshots), m_snapshots.back());
    if (m_snapshots.size() >= 8) m_snapshots.pop_back();
    State state = m_here->state;
    state.logits = m_here->session.has_logits() ? Has::Yes : Has::No;
    m_snapshots.push_back({std::move(*snapshot), state, m_here});
}

bool RandomReaders::is_elsewhere(const KeptSnapshot& kept) const {
    return m_play.device != "cpu" && kept.made_by != m_here;
}

void RandomReaders::go_back() {
    if (m_snapshots.empty()) return;
    const KeptSnapshot& kept = m_dice.any(m_snapshots);
    if (m_dice.one_in(10))
        return expect_error(m_other_kind->restore(kept.snapshot), ErrorCode::InvalidArgument,
                            "took a snapshot of other keys and values");
    const auto done = m_here->session.restore(kept.snapshot);
    if (kept.state.position() > m_here->session.n_ctx())
        return expect_error(done, ErrorCode::ContextFull, "took more than the context holds");
    if (is_elsewhere(kept))
        return expect_error(done, ErrorCode::InvalidArgument, "took another session's snapshot");
    expect_done(done, "did not go back");
    m_here->state = kept.state;
}

void RandomReaders::keep_bytes() {
    if (m_snapshots.empty()) return;
    const KeptSnapshot& kept = m_dice.any(m_snapshots);
    auto bytes = m_here->session.bytes_of(kept.snapshot);
    if (is_elsewhere(kept)) return expect(!bytes, "bytes of another session's snapshot");
    expect(bytes.has_value(), "no bytes");
    if (!bytes) return;
    expect(bytes->tokens == joined(kept.state.steps), "bytes of other tokens");
    if (m_bytes.size() >= 4) std::swap(m_dice.any(m_bytes), m_bytes.back());
    if (m_bytes.size() >= 4) m_bytes.pop_back();
    m_bytes.push_back({std::move(*bytes), kept.state});
}

void RandomReaders::go_back_by_bytes() {
    if (m_bytes.empty()) return;
    const KeptBytes& kept = m_dice.any(m_bytes);
    if (kept.state.position() == 0 || kept.state.position() > m_here->session.n_ctx()) return;
    auto snapshot = m_here->session.snapshot_of(kept.bytes);
    expect(snapshot.has_value(), "took no bytes");
    if (!snapshot) return;
    if (m_dice.one_in(2)) {  // making it changes nothing
        m_snapshots.push_back({std::move(*snapshot), kept.state, m_here});
        return;
    }
    expect(m_here->session.restore(*snapshot).has_value(), "did not go back to bytes");
    m_here->state = kept.state;
}

void RandomReaders::refuse() {
    const int n_vocab = m_model->hparams().n_vocab;
    Tokens bad = some_tokens();
    m_dice.any(bad) = m_dice.one_in(2) ? -1 : n_vocab;
    expect_error(m_here->session.read({}), ErrorCode::InvalidArgument, "read nothing");
    expect_error(m_here->session.read(bad), ErrorCode::InvalidArgument, "read what is no token");
    expect_error(m_here->session.append_each(bad, [](int, std::span<const float>) {}),
                 ErrorCode::InvalidArgument, "read what is no token, each");
    expect_error(m_here->session.read_expecting(-1, bad), ErrorCode::InvalidArgument,
                 "read what is no token, expecting");
}

QString RandomReaders::wrong() {
    for (Reader& reader : m_readers) {
        if (!m_wrong.isEmpty()) break;
        const Tokens tokens = joined(reader.state.steps);
        Session& session = reader.session;
        if (!std::ranges::equal(session.tokens(), tokens)) return "other tokens";
        if (session.position() != static_cast<int>(tokens.size())) return "another position";
        if (reader.state.logits == Has::No && session.has_logits()) return "logits of nothing";
        if (reader.state.logits == Has::Yes && !session.has_logits()) return "no logits";
        // The others did nothing since they were compared last; one of them at a time is enough.
        if (!session.has_logits() || (&reader != m_here && !m_dice.one_in(8))) continue;
        // What a card has queued is fetched now and then only.
        if (m_play.device != "cpu" && m_dice.one_in(2)) continue;
        const auto logits = session.fetch_logits();
        if (!logits) return "no logits to fetch";
        if (copy_of(*logits) != m_reference->after(reader.state.steps)) return "other logits";
    }
    return m_wrong;
}

double RandomReaders::distance_to_other_steps() {
    const Tokens tokens = joined(m_here->state.steps);
    if (tokens.empty()) return 0.0;
    Steps others;
    add_steps(others, tokens, 1 + m_dice.below(128));
    const Logits& want = m_reference->after(others);
    const Logits& got = m_reference->after(m_here->state.steps);
    double off = 0.0;
    double size = 0.0;
    for (std::size_t i = 0; i < want.size(); ++i) {
        off = std::max(off, std::abs(double{got[i]} - double{want[i]}));
        size = std::max(size, std::abs(double{want[i]}));
    }
    return off / size;
}

}  // namespace lares::test
