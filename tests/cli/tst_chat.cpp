#include "tests/cli/cli_program.h"
#include "tests/support/test_data.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QScopeGuard>
#include <QTemporaryDir>
#include <QTest>

#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace lares::test;

namespace {

/// lares-cli chat in a terminal of its own, typed to and read from.
class ChatInTerminal {
public:
    explicit ChatInTerminal(const QStringList& options, const char* command = "chat") {
        std::vector<std::string> words = {program("lares-cli").string(), command};
        for (const QString& option : options) words.push_back(option.toStdString());
        std::vector<char*> argv;
        for (std::string& word : words) argv.push_back(word.data());
        argv.push_back(nullptr);
        m_process = forkpty(&m_terminal, nullptr, nullptr, nullptr);
        if (m_process == 0) {
            execv(argv[0], argv.data());
            _exit(127);
        }
    }
    ~ChatInTerminal() {
        if (m_process > 0) {
            ::kill(m_process, SIGKILL);
            ::waitpid(m_process, nullptr, 0);
        }
        ::close(m_terminal);
    }
    ChatInTerminal(const ChatInTerminal&) = delete;
    ChatInTerminal& operator=(const ChatInTerminal&) = delete;

    void type(const QByteArray& keys) {
        QCOMPARE(::write(m_terminal, keys.data(), keys.size()), keys.size());
    }

    /// Reads until `text` shows after what was asked for before; false after a minute or at the
    /// end.
    bool shows(const QByteArray& text) {
        return readUntil([&] {
            const qsizetype at = m_screen.indexOf(text, m_seen);
            if (at >= 0) m_seen = at + text.size();
            return at >= 0;
        });
    }

    /// Reads until anything shows after what was asked for before.
    bool showsMore() {
        return readUntil([&] { return m_screen.size() > m_seen; });
    }

    /// The exit status after the program has ended by itself.
    int status() {
        while (shows("\x01")) {
        }  // until the end of what it prints
        int status = 0;
        ::waitpid(m_process, &status, 0);
        m_process = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

    [[nodiscard]] const QByteArray& screen() const { return m_screen; }

private:
    template <class Condition>
    bool readUntil(Condition isMet) {
        QElapsedTimer timer;
        timer.start();
        while (!isMet()) {
            pollfd waiting{m_terminal, POLLIN, 0};
            if (timer.elapsed() > 60'000 || ::poll(&waiting, 1, 1000) < 0) return false;
            if (!waiting.revents) continue;
            char bytes[4096];
            const auto n = ::read(m_terminal, bytes, sizeof bytes);
            if (n <= 0) return false;
            m_screen.append(bytes, n);
        }
        return true;
    }

    int m_terminal = -1;
    pid_t m_process = -1;
    QByteArray m_screen;
    qsizetype m_seen = 0;
};

QString miniModel() {
    return QString::fromStdString(source_file("resources/mini_model/lares-mini.gguf").string());
}

/// A chat with Lares Mini that finds an empty ~/Documents in `home`.
ChatInTerminal chatWithMini(const QString& home) {
    QDir(home).mkdir("Documents");
    const auto restore = qScopeGuard([before = qgetenv("HOME")] { qputenv("HOME", before); });
    qputenv("HOME", home.toUtf8());
    return ChatInTerminal({"--model", miniModel(), "--greedy", "--max-tokens", "120"});
}

QStringList tinyModel(const char* maxTokens) {
    return {"--model",  dataPath("golden/t-F32.gguf"),
            "--system", "Be brief.",
            "--greedy", "--threads",
            "1",        "--max-tokens",
            maxTokens,  "--ctx",
            "200000"};
}

}  // namespace

class ChatTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void answersAndObeys();
    void interruptStopsTheAnswerOnly();
    void interruptAtThePromptAndEndOfInput();
    void noColourWhereNoneIsWanted();
    void asksBeforeAFolderIsRead();
    void aChangeIsShownAndUndone();
    void aToolAsksToo();
    void aFileGoesWithTheNextMessage();
    void goesOnPastTheContext();
    void aMessageThatCannotFitIsRefused();
};

void ChatTest::initTestCase() {
    // A chroot or container without devpts has none; waiting for its prompt would take minutes.
    int master = -1, slave = -1;
    if (::openpty(&master, &slave, nullptr, nullptr, nullptr) != 0)
        QSKIP("this system gives out no pseudo-terminal (is /dev/pts mounted?)");
    ::close(master);
    ::close(slave);
}

void ChatTest::answersAndObeys() {
    ChatInTerminal chat(tinyModel("8"));
    QVERIFY(chat.shows("> "));
    chat.type("/help\n");
    QVERIFY(chat.shows("/system TEXT"));
    QVERIFY(chat.shows("> "));
    chat.type("Hello\n");
    QVERIFY(chat.shows("> "));
    chat.type("/dance\n");
    QVERIFY(chat.shows("There is no /dance"));
    chat.type("/think off\n/new\n");
    QVERIFY(chat.shows("A new conversation"));
    chat.type("/quit\n");
    QCOMPARE(chat.status(), 0);
}

void ChatTest::interruptStopsTheAnswerOnly() {
    ChatInTerminal chat(tinyModel("100000"));
    QVERIFY(chat.shows("> "));
    chat.type("Hello\n");
    QVERIFY(chat.shows("Hello\r\n"));  // the terminal's echo; the program may not have read yet,
    QVERIFY(chat.showsMore());         // and Ctrl-C would throw the line away
    chat.type("\x03");
    QVERIFY2(chat.shows("(stopped)"), chat.screen());
    QVERIFY(chat.shows("> "));
    chat.type("/quit\n");
    QCOMPARE(chat.status(), 0);
}

void ChatTest::interruptAtThePromptAndEndOfInput() {
    ChatInTerminal chat(tinyModel("8"));
    QVERIFY(chat.shows("> "));
    chat.type("half a line\x03");
    QVERIFY(chat.shows("> "));
    chat.type("\x04");
    QCOMPARE(chat.status(), 0);
}

void ChatTest::noColourWhereNoneIsWanted() {
    qputenv("NO_COLOR", "1");
    ChatInTerminal chat(tinyModel("8"));
    qunsetenv("NO_COLOR");
    QVERIFY(chat.shows("> "));
    chat.type("/quit\n");
    QCOMPARE(chat.status(), 0);
    QVERIFY(!chat.screen().contains("\033[1m"));
}

void ChatTest::goesOnPastTheContext() {
    if (!QFileInfo::exists(miniModel())) QSKIP("resources/mini_model/lares-mini.gguf is not there");
    ChatInTerminal chat({"--model", miniModel(), "--greedy", "--no-thinking", "--max-tokens", "32",
                         "--ctx", "2304", "--system", "Be brief."});
    QVERIFY(chat.shows("> "));
    for (int i = 0; i < 16; ++i) {
        chat.type("Question " + QByteArray::number(i) + ": what of the harbour" +
                  QByteArray(" and the town").repeated(30) + "\n");
        QVERIFY(chat.shows("town\r\n"));
        QVERIFY2(chat.shows("> "), chat.screen());
        QVERIFY2(!chat.screen().contains("context is full"), chat.screen());
        QVERIFY2(!chat.screen().contains("lares-cli: "), chat.screen());
    }
    QVERIFY2(chat.screen().count("Condensing what was said before") > 1, chat.screen());
    chat.type("/quit\n");
    QCOMPARE(chat.status(), 0);
}

void ChatTest::aMessageThatCannotFitIsRefused() {
    if (!QFileInfo::exists(miniModel())) QSKIP("resources/mini_model/lares-mini.gguf is not there");
    ChatInTerminal chat({"--model", miniModel(), "--ctx", "300"});  // the tools alone take more
    QVERIFY(chat.shows("> "));
    chat.type("Hello\n");
    QVERIFY2(chat.shows("this message is too long: with the instructions it takes"), chat.screen());
    QVERIFY2(chat.shows("of the 300 tokens"), chat.screen());
    QVERIFY(chat.shows("> "));
    chat.type("/quit\n");
    QCOMPARE(chat.status(), 0);
}

void ChatTest::asksBeforeAFolderIsRead() {
    if (!QFileInfo::exists(miniModel())) QSKIP("resources/mini_model/lares-mini.gguf is not there");
    const QTemporaryDir home;
    ChatInTerminal chat = chatWithMini(home.path());
    QVERIFY(chat.shows("> "));
    chat.type("What is in ~/Documents?\n");
    if (!chat.shows("[o]nce  [c]onversation")) QSKIP("Lares Mini asked for nothing");
    chat.type("\n");  // Enter alone is no answer
    QVERIFY(chat.shows("o, c or n: "));
    QVERIFY(chat.shows("o, c or n: "));
    chat.type("n look elsewhere\n");
    QVERIFY2(chat.shows("Refused: List the folder"), chat.screen());
    QVERIFY2(chat.shows("look elsewhere"), chat.screen());
    QVERIFY(chat.shows("> "));
    chat.type("/quit\n");
    QCOMPARE(chat.status(), 0);
}

void ChatTest::aChangeIsShownAndUndone() {
    if (!QFileInfo::exists(miniModel())) QSKIP("resources/mini_model/lares-mini.gguf is not there");
    const QTemporaryDir home;
    ChatInTerminal chat = chatWithMini(home.path());
    QVERIFY(chat.shows("> "));
    chat.type("/undo\n");
    QVERIFY(chat.shows("Nothing to undo."));
    chat.type("Create a folder ~/Documents/Taxes\n");
    if (!chat.shows("Make the folder Taxes?")) QSKIP("Lares Mini asked for nothing");
    const QString folder = home.filePath("Documents/Taxes");
    QVERIFY2(chat.shows(folder.toUtf8() + "  (new folder)"), chat.screen());
    QVERIFY(chat.shows("may be read and changed"));
    QVERIFY(chat.shows("o, c or n: "));
    QVERIFY(!QFileInfo::exists(folder));
    chat.type("o\n");
    QVERIFY(chat.shows("in a chat /undo"));
    QVERIFY(QFileInfo::exists(folder));
    chat.type("/undo\n");
    QVERIFY2(chat.shows("Undid 1 change."), chat.screen());
    QVERIFY(!QFileInfo::exists(folder));
    chat.type("/quit\n");
    QCOMPARE(chat.status(), 0);
}

void ChatTest::aToolAsksToo() {
    const QTemporaryDir folder;
    const QString arguments = R"({"path":")" + folder.path() + R"("})";
    ChatInTerminal yes({"list_folder", arguments}, "tool");
    QVERIFY(yes.shows("o, c or n: "));
    yes.type("o\n");
    QVERIFY(yes.shows("(empty folder)"));
    QCOMPARE(yes.status(), 0);
    ChatInTerminal no({"list_folder", arguments}, "tool");
    QVERIFY(no.shows("o, c or n: "));
    no.type("n\n");
    QVERIFY(no.shows("refused by the user"));
    QCOMPARE(no.status(), 1);
}

void ChatTest::aFileGoesWithTheNextMessage() {
    const QTemporaryDir folder;
    QFile file(folder.filePath("notes.md"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("Buy bread.\n");
    file.close();
    ChatInTerminal chat(tinyModel("8"));
    QVERIFY(chat.shows("> "));
    chat.type("/file\n");
    QVERIFY(chat.shows("No file goes with your next message."));
    chat.type("/file " + folder.path().toUtf8() + "\n");
    QVERIFY(chat.shows("is a folder."));
    chat.type("/file " + file.fileName().toUtf8() + "\n");
    QVERIFY(chat.shows("notes.md (about 4 tokens) goes with your next message."));
    chat.type("/file\n");
    QVERIFY(chat.shows("notes.md (about 4 tokens)"));
    chat.type("What is to do?\n");
    QVERIFY(chat.shows("do?"));
    QVERIFY(chat.shows("> "));
    chat.type("/file\n");  // it went
    QVERIFY(chat.shows("No file goes with your next message."));
    chat.type("/quit\n");
    QCOMPARE(chat.status(), 0);
}

QTEST_GUILESS_MAIN(ChatTest)
#include "tst_chat.moc"
