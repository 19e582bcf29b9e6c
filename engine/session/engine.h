#pragma once

#include "engine/base/result.h"
#include "engine/chat/message.h"
#include "engine/chat/output_parser.h"
#include "engine/constraint/answer_form.h"
#include "engine/model/model.h"
#include "engine/sampling/sampler_chain.h"
#include "engine/session/card_plan.h"
#include "engine/session/memory_plan.h"
#include "engine/session/prompt_view.h"
#include "engine/session/session.h"
#include "engine/session/token_picker.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

namespace lares {

/// One answer to produce.
struct GenerationRequest {
    Conversation conversation;
    PromptOptions prompt;
    SamplingParams sampling;
    int max_tokens = 1024;  ///< generated tokens, thinking included
    /// Tokens of thinking after which the thinking is closed for the model, at the next line break
    /// or at most 64 tokens later (spec: chat-template.md §3.4). Nothing: no budget.
    std::optional<int> thinking_budget;
    /// What the answer must be. Whatever it is, a call that is begun becomes one of a tool that
    /// there is, with its parameters.
    AnswerForm form = {};
    /// Whose conversation it is, so that Engine::forget finds its snapshots; any text. Empty: of
    /// nobody, and then nothing of it but its system turn is kept on the disk.
    std::string owner;
    bool is_temporary = false;  ///< as of nobody on the disk; Engine::forget still finds it
    /// Instead of a conversation: valid UTF-8 that the model goes on with as it stands, in no
    /// prompt format. The names of special tokens in it are those tokens. What comes is text, in
    /// which neither thinking nor calls are looked for.
    std::optional<std::string> raw_prompt = {};
};

/// What an engine's snapshots take on the disk.
struct SnapshotUse {
    std::uint64_t disk_bytes = 0;
    std::string
        notice;  ///< one sentence: why they are not kept there; empty: they are, or need not
};

/// What lies in a folder of snapshots. A damaged one costs nothing but time: it is never used, and
/// what it held is computed again.
struct SnapshotCheck {
    struct Damaged {
        std::filesystem::path file;
        std::string sentence;
    };
    int n_file = 0;
    std::uint64_t size_bytes = 0;
    std::vector<Damaged> damaged = {};
};

enum class FinishReason {
    Stop,       ///< the model ended its turn
    ToolCalls,  ///< it ended its turn and asked for at least one call
    Length,     ///< max_tokens
    Context,    ///< the context is full
};
/// "stop", "tool_calls", "length", "context"
[[nodiscard]] std::string_view to_string(FinishReason reason);

/// Figures of one answer; tokens per second leave out loading.
struct GenerationStats {
    int prompt_tokens = 0;     ///< length of the prompt
    int cached_tokens = 0;     ///< of these, restored instead of read again
    int generated_tokens = 0;  ///< the stop token not counted
    int drafted_tokens = 0;    ///< computed before they were picked (drafter.h)
    int accepted_tokens = 0;   ///< of these, part of the answer: each saved a step
    double prompt_tps = 0.0;
    double decode_tps = 0.0;
    double first_token_ms = 0.0;
    std::uint64_t prompt_key = 0;  ///< PromptView::key of the prompt; 0: unknown
};

/// The engine had to go on elsewhere in the middle of an answer; one sentence for people.
struct DeviceNotice {
    std::string text;
};

/// Prefill: tokens read so far and to read.
struct PrefillProgress {
    int done = 0;
    int total = 0;
};
using EngineEvent = std::
    variant<PrefillProgress, ThinkingDelta, TextDelta, ToolCall, MalformedToolCall, DeviceNotice>;

/// An answer as a whole.
struct Generation {
    std::string text;
    std::string thinking;
    std::vector<ToolCall> tool_calls;
    std::vector<MalformedToolCall> malformed_calls;
    FinishReason finish_reason = FinishReason::Stop;
    GenerationStats stats;
};

/// The engine: a model, one session, and snapshots at the message boundaries of the prompts it has
/// seen, so that the next turn, a regenerated answer or an edited message reads only what is new.
/// This header is all that programs outside engine/ include. One thread at a time; a stop from any
/// thread through the std::stop_token is honoured within one token (one prefill step of a prompt).
class Engine {
public:
    struct Options {
        SessionOptions session;
        std::size_t snapshot_budget_bytes = std::size_t{512} << 20;  ///< oldest snapshots go first
        /// Where snapshots are kept beyond the engine's life; empty: nowhere. One engine at a time.
        std::filesystem::path snapshot_folder = {};
        std::uint64_t snapshot_folder_bytes = std::uint64_t{8} << 30;  ///< the budget there
    };

    [[nodiscard]] static Result<Engine> load(const std::filesystem::path& path,
                                             const Options& options,
                                             std::stop_token stop = {},
                                             const Session::LoadProgress& progress = {});
    [[nodiscard]] static Result<Engine> create(std::shared_ptr<const Model> model,
                                               const Options& options);
    Engine(Engine&&) noexcept;
    Engine& operator=(Engine&&) noexcept;
    ~Engine();

    /// Ends an engine so that others can have its memory: what was read goes to the disk first
    /// (keep_snapshots), and on return all is the system's and the card's again, the driver's
    /// context included, unless somebody else holds the model. An engine that is loaded later goes
    /// on from what is kept.
    static void unload(Engine engine);

    /// Renders, restores the deepest snapshot whose tokens begin the prompt, reads the rest and
    /// generates. Events come on the calling thread while it runs. After an error (Cancelled among
    /// them) the engine can be used again; where a graphics card fails, the answer goes on with the
    /// CPU after a DeviceNotice; text that was delivered before is the caller's to keep.
    [[nodiscard]] Result<Generation> generate(
        const GenerationRequest& request,
        std::stop_token stop = {},
        const std::function<void(const EngineEvent&)>& on_event = {});

    /// Reads what the prompt of the next turn will begin with, whatever the user writes: the
    /// conversation as it is, without the thinking of its last answer; of one without messages its
    /// system turn. So that the next turn starts at once. How many tokens it had to read. Errors:
    /// those of generate; a stop (Cancelled) keeps what was read, and a card that fails here is
    /// left to the next generate.
    [[nodiscard]] Result<int> read_ahead(const GenerationRequest& request,
                                         std::stop_token stop = {});

    /// Snapshots go to the disk when this is called, in the background: while nobody waits, and
    /// before the program ends.
    void keep_snapshots();
    /// Removes a conversation's snapshots, in memory and on the disk, or all of them.
    void forget(const std::string& owner);
    void forget_all();
    /// The same on the disk while no engine uses `folder`.
    static void forget_on_disk(const std::filesystem::path& folder, const std::string& owner);
    static void forget_all_on_disk(const std::filesystem::path& folder);
    [[nodiscard]] static SnapshotUse snapshot_use_on_disk(const std::filesystem::path& folder);
    /// Reads every snapshot in `folder` and compares its checksums; changes and makes nothing. A
    /// folder that is not there holds none. Any thread. Errors: Io (the folder cannot be read).
    [[nodiscard]] static Result<SnapshotCheck> check_snapshots(const std::filesystem::path& folder);
    /// Off: nothing is kept on the disk from now on, or looked for there; what is there stays.
    void use_disk(bool is_on);
    [[nodiscard]] SnapshotUse snapshot_use() const;

    /// The exact prompt of a request, without running it.
    [[nodiscard]] Result<std::string> render(const GenerationRequest& request) const;

    // Token by token, as generate would read it: view_prompt (prompt_view.h), on any thread.

    [[nodiscard]] const Model& model() const;
    /// The session underneath, for tools that work with tokens (`logits`, `bench`).
    [[nodiscard]] Session& session();

private:
    struct Impl;
    explicit Engine(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

}  // namespace lares
