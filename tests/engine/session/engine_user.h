#pragma once

#include "engine/session/engine.h"
#include "tests/engine/session/known_states.h"

#include <QString>
#include <QStringList>

#include <filesystem>

namespace lares::test {

/// A conversation that somebody has with the engine.
struct Chat {
    std::string owner;
    bool is_temporary = false;
    Conversation conversation;
    bool thinks = false;
    std::optional<GenerationRequest> last = {};
};

/// Somebody who does anything with an engine and compares what comes.
class EngineUser {
public:
    EngineUser(const std::filesystem::path& folder, unsigned seed);
    void act();
    [[nodiscard]] const QString& wrong() const { return m_wrong; }
    [[nodiscard]] const QStringList& did() const { return m_did; }
    [[nodiscard]] int n_answers() const { return m_n_answers; }

private:
    void expect(bool is_right, const QString& what) {
        if (!is_right && m_wrong.isEmpty()) m_wrong = what;
    }
    void begin_chat(Chat& chat);
    [[nodiscard]] GenerationRequest request_of(const Chat& chat);
    void ask();
    void answer_again();
    void edit();
    void read_ahead();
    void forget();
    void restart();
    void answer(Chat& chat, const GenerationRequest& request, bool is_stopped);
    void compare(const GenerationRequest& request, const Generation& got, std::vector<Steps>& ways);
    [[nodiscard]] std::vector<Steps> starts_at(const PromptTokens& prompt, int n_known);
    void remember(const PromptTokens& prompt,
                  const GenerationRequest& request,
                  const std::vector<Steps>& starts,
                  int from,
                  int until);
    void check_logits();
    void check_files();
    void damage_files();
    void begin();
    [[nodiscard]] std::vector<Steps> with_answer(const std::vector<Steps>& ways,
                                                 std::size_t n_prompt);
    [[nodiscard]] Session& session() { return m_engine->session(); }
    [[nodiscard]] Tokens here() {
        const auto tokens = session().tokens();
        return {tokens.begin(), tokens.end()};
    }

    Dice m_dice;
    std::filesystem::path m_folder;
    std::shared_ptr<const Model> m_model;
    StopAfter m_stop;
    Engine::Options m_options;
    std::optional<Engine> m_engine;
    std::optional<Reference> m_reference;
    KnownStates m_known;
    std::vector<Steps> m_live;  ///< how the session may have read what it holds
    std::vector<Chat> m_chats;
    std::map<std::string, GenerationRequest> m_due;  ///< by owner: what it did last
    bool m_uses_disk = true;
    bool m_is_damaged = false;
    int m_n_answers = 0;
    int m_n_cached = 0;
    QString m_wrong;
    QStringList m_did;
};

}  // namespace lares::test
