#include "app/cli/answer_printer.h"
#include "app/cli/answer_turn.h"
#include "app/cli/attached_files.h"
#include "app/cli/command.h"
#include "app/cli/make_room.h"
#include "app/cli/model_loading.h"
#include "app/cli/newest_changes.h"
#include "app/cli/request_options.h"

#include <optional>
#include <utility>

namespace lares::cli {
namespace {

constexpr std::string_view kChatHelp =
    "/new            forget this conversation and begin another\n"
    "/system TEXT    another system message; begins a new conversation\n"
    "/file PATH      let a text file or a document go with your next message; alone: which do, "
    "and\n"
    "                /file none\n"
    "/think on|off   think before answering, or not\n"
    "/undo           take back what the last answer changed in files\n"
    "/quit           leave (also Ctrl-D)\n"
    "Ctrl-C stops an answer.";

constexpr std::string_view kGoOn = "Ask it to go on: what was said before is condensed first.";

/// Whether this is what a tool says that changed something (tools/registry/README.md).
bool tellsOfAChange(std::string_view result) {
    return result.starts_with("moved ") || result.starts_with("wrote ") ||
           result.starts_with("created folder ");
}

/// One conversation in the terminal.
class Chat {
public:
    Chat(Context& context, Engine engine, GenerationRequest request, ToolSession& tools)
        : m_context(context)
        , m_engine(std::move(engine))
        , m_request(std::move(request))
        , m_tools(tools) {
        for (const Message& message : m_request.conversation.messages) m_system = message.content;
    }

    void run() {
        m_context.terminal.note("Talking to " + m_engine.model().name() +
                                ". /help says what else there is.");
        while (const auto line = readLine()) {
            if (line->find_first_not_of(" \t") == std::string::npos) continue;
            if (!line->starts_with('/')) {
                answer(*line);
            } else if (!obey(*line)) {
                return;
            }
        }
    }

private:
    /// Nothing at the end of the input. Ctrl-C gives up the line.
    std::optional<std::string> readLine() {
        while (true) {
            m_context.terminal.write(m_context.terminal.styled("> ", "1"));
            if (auto line = m_context.interrupt.readLine()) return line;
            m_context.terminal.write("\n");
            if (!m_context.interrupt.wasRequested()) return std::nullopt;
            m_context.interrupt.renew();
        }
    }

    /// A line that begins with a slash. False: leave.
    bool obey(const std::string& line) {
        const std::size_t space = line.find(' ');
        const std::string command = line.substr(0, space);
        const std::string rest = space == std::string::npos ? "" : line.substr(space + 1);
        if (command == "/quit" || command == "/exit") return false;
        if (command == "/new") {
            startAgain();
        } else if (command == "/system") {
            m_system = rest;
            startAgain();
        } else if (command == "/undo") {
            undo();
        } else if (command == "/file") {
            attach(rest);
        } else if (command == "/think" && (rest == "on" || rest == "off")) {
            m_request.prompt.enable_thinking = rest == "on";
        } else {
            if (command != "/help") m_context.terminal.note("There is no " + line + ".");
            m_context.terminal.note(kChatHelp);
        }
        return true;
    }

    void attach(const std::string& path) {
        if (path == "none") m_attached.clear();
        if (path.empty() || path == "none") {
            for (const AttachedText& one : m_attached) m_context.terminal.note(described(one));
            if (m_attached.empty()) m_context.terminal.note("No file goes with your next message.");
            return;
        }
        const Result<void> done = attachFile(m_attached, path, m_context.interrupt.token());
        if (!done) return m_context.terminal.note("lares-cli: " + done.error().message);
        m_context.terminal.note(described(m_attached.back()) + " goes with your next message.");
    }

    static std::string described(const AttachedText& one) {
        return shownName(one.name) + " (" + aboutTokensText(aboutTokens(one.text)) + ")";
    }

    /// The model reads of it too: it must not build on what is gone.
    void undo() {
        const Result<UndoReport> undone = undoNewest();
        if (!undone) return m_context.terminal.note("lares-cli: " + undone.error().message);
        for (const UndoReport::Problem& problem : undone->problems)
            m_context.terminal.note(problem.sentence);
        const std::size_t n = undone->undone.size();
        if (n == 0) {
            if (undone->is_complete()) m_context.terminal.note("Nothing to undo.");
            return;
        }
        const std::string sentence =
            "Undid " + std::to_string(n) + (n == 1 ? " change." : " changes.");
        m_context.terminal.note(sentence);
        auto& messages = m_request.conversation.messages;
        for (auto message = messages.rbegin(); message != messages.rend(); ++message) {
            if (message->role == "user") break;
            if (message->role == "tool" && tellsOfAChange(message->content))
                message->content += "\n[undone by the user]";
        }
    }

    Result<UndoReport> undoNewest() {
        ASSIGN_OR_RETURN(UndoJournal * journal, m_tools.journal().get());
        ASSIGN_OR_RETURN(const std::vector<ChangeId> changes,
                         newestChanges(*journal, m_tools.turns()));
        return journal->undo(changes);
    }

    void startAgain() {
        m_request.conversation.messages.clear();
        if (!m_system.empty())
            m_request.conversation.messages.push_back(plainMessage("system", m_system));
        m_attached.clear();
        m_condensed = {};
        m_tools.beginConversation();
        m_context.terminal.note("A new conversation.");
    }

    void answer(const std::string& line) {
        auto& messages = m_request.conversation.messages;
        std::string words = userTurn(line, m_attached);
        // Where nothing is left of the turns that it stood before.
        if (turnStarts(messages).empty() && m_condensed != CondensedText{})
            words = condensedTurn(m_condensed, words);
        messages.push_back(plainMessage("user", std::move(words)));
        if (const auto room = makeRoom(m_context, m_engine, m_request, m_condensed); !room) {
            failed(room.error(), {});
            m_context.interrupt.renew();
            return messages.pop_back();  // its files go with the next one
        }
        const std::size_t nBefore = messages.size();
        AnswerPrinter printer(m_context.terminal, Shown::Answer);
        const Result<TurnAnswer> result =
            answerTurn(m_context, m_engine, m_tools, m_request, printer);
        ++m_request.sampling.seed;  // the same question need not get the same answer
        m_context.interrupt.renew();
        if (!result) {
            failed(result.error(), printer.text());
            // A question that got nothing at all goes; finished steps of a turn stay.
            // Its files then go with the next one.
            if (messages.size() == nBefore) return messages.pop_back();
        } else if (result->hitLimit) {
            m_context.terminal.note("The model used tools too many times in a row.");
        } else if (result->generation.finish_reason == FinishReason::Context) {
            m_context.terminal.note("The answer was cut off: the context is full (--ctx).");
            m_context.terminal.note(kGoOn);
        }
        m_attached.clear();
    }

    /// What was shown of a stopped answer stays in the conversation.
    void failed(const Error& error, const std::string& shown) {
        const bool wasStopped = error.code == ErrorCode::Cancelled;
        m_context.terminal.note(wasStopped ? "(stopped)" : "lares-cli: " + error.message);
        const auto& messages = m_request.conversation.messages;
        const bool isInTurn = !messages.empty() && messages.back().role != "user";
        if (error.code == ErrorCode::ContextFull && isInTurn) m_context.terminal.note(kGoOn);
        if (!shown.empty())
            m_request.conversation.messages.push_back(plainMessage("assistant", shown));
    }

    Context& m_context;
    Engine m_engine;
    GenerationRequest m_request;
    ToolSession& m_tools;
    std::string m_system;
    std::vector<AttachedText> m_attached;  ///< to the next message
    CondensedText m_condensed;             ///< what stands before the first message
};

Result<ExitStatus> chat(Context& context) {
    if (!context.terminal.isInputTerminal() || context.isJson()) {
        return context.usageError(
            "chat needs a terminal; in scripts use: lares-cli run \"PROMPT\"");
    }
    ASSIGN_OR_RETURN(GenerationRequest request, requestFromOptions(context));
    ASSIGN_OR_RETURN(const auto tools, ToolSession::open(context));
    tools->addServerTools(request.conversation.tools);
    ASSIGN_OR_RETURN(Engine engine, loadEngine(context));
    Chat(context, std::move(engine), std::move(request), *tools).run();
    return ExitStatus::Done;
}

}  // namespace

Command chatCommand() {
    return {"chat",
            "",
            0,
            "A conversation in the terminal",
            "Needs a terminal. /help in it lists its own commands; Ctrl-C stops an answer, Ctrl-D "
            "leaves.\n"
            "Before a tool reads or changes something for the first time, you are asked.",
            joined({modelOptions(), requestOptions()}),
            chat};
}

}  // namespace lares::cli
