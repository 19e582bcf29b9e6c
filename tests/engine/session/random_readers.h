#pragma once

#include "tests/engine/session/random_session.h"

#include <QString>
#include <QStringList>

namespace lares::test {

/// Whether a session has logits. After an error it may have none.
enum class Has { No, Yes, Perhaps };

/// What is known of a session or a snapshot.
struct State {
    Steps steps;
    Has logits = Has::No;

    [[nodiscard]] int position() const { return static_cast<int>(joined(steps).size()); }
};

struct KeptSnapshot {
    SessionSnapshot snapshot;
    State state;
    const void* made_by = nullptr;  ///< the reader; a card's snapshots are of one session
};
struct KeptBytes {
    SnapshotBytes bytes;
    State state;
};

/// One session and what it should hold.
struct Reader {
    Session session;
    int batch;
    State state;
};

/// How an order is played.
struct Play {
    std::string model = "t-MIX.gguf";
    Precision precision = Precision::Fast;
    KvType kv_type = KvType::F16;
    std::string device = "cpu";
    int n_long = 400;  ///< tokens of the longest prompt
    std::vector<int> batches = {1, 16, 64, 128, 256};
};

/// Several sessions of one model, and snapshots that go between them.
class RandomReaders {
public:
    RandomReaders(unsigned seed, Play play);

    void act();
    /// Empty: every session holds what it should.
    [[nodiscard]] QString wrong();
    /// How far off the logits are that other steps of the same tokens give, relative to their size.
    [[nodiscard]] double distance_to_other_steps();
    [[nodiscard]] const QStringList& did() const { return m_did; }

private:
    [[nodiscard]] Tokens some_tokens();
    void expect(bool is_right, const char* what) {
        if (!is_right && m_wrong.isEmpty()) m_wrong = what;
    }
    void expect_done(const Result<void>& result, const char* what) {
        if (!result && m_wrong.isEmpty())
            m_wrong = QString("%1: %2").arg(what, result.error().message.c_str());
    }
    void expect_error(const Result<void>& result, ErrorCode code, const char* what) {
        expect(!result && result.error().code == code, what);
    }
    void read(bool with_append);
    void read_and_stop();
    void read_each();
    void draft();
    void keep();
    [[nodiscard]] bool is_elsewhere(const KeptSnapshot& kept) const;
    void go_back();
    void keep_bytes();
    void go_back_by_bytes();
    void refuse();

    Dice m_dice;
    Play m_play;
    std::shared_ptr<const Model> m_model;
    std::shared_ptr<OneCard> m_cards = std::make_shared<OneCard>();
    StopAfter m_stop;
    std::optional<Reference> m_reference;
    std::vector<Reader> m_readers;
    Reader* m_here = nullptr;
    std::optional<Session> m_other_kind;  ///< of the same model, but other keys and values
    std::vector<KeptSnapshot> m_snapshots;
    std::vector<KeptBytes> m_bytes;
    QString m_wrong;
    QStringList m_did;
};

}  // namespace lares::test
