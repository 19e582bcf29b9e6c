#include "app/chat/conversation_model.h"
#include "app/transcript/transcript_view.h"

#include <QElapsedTimer>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

using namespace lares::app;

namespace {

constexpr int kAnswers = 30;  // and as many questions

Part part(Part::Kind kind, const QString& text) {
    Part made;
    made.kind = kind;
    made.text = text;
    return made;
}

Part call(const QString& summary, const QString& arguments) {
    Part made = part(Part::Kind::ToolCall, arguments);
    made.toolName = "read_file";
    made.summary = summary;
    made.callState = Part::CallState::Done;
    return made;
}

ChatMessage message(MessageId id, std::vector<Part> parts) {
    ChatMessage made;
    made.id = id;
    made.parent = id - 1;
    made.role = id % 2 ? Role::User : Role::Assistant;
    made.parts = std::move(parts);
    return made;
}

ChatMessage text(MessageId id, const QString& markdown) {
    return message(id, {part(Part::Kind::Text, markdown)});
}

const QString kFiller = QString("A paragraph with nothing in it that anybody would look for. ");

/// Questions and answers that fill many screens; "needle" is in every tenth message.
std::vector<ChatMessage> longConversation(int n = 2 * kAnswers) {
    std::vector<ChatMessage> all;
    for (int i = 1; i <= n; ++i) {
        const QString needle = i % 10 == 0 ? "Here is a **nee**dle.\n\n" : "";
        all.push_back(text(i, QString("Number %1. ").arg(i) + needle + kFiller.repeated(8)));
    }
    return all;
}

struct Shown {
    explicit Shown(std::vector<ChatMessage> messages, QSize size = {800, 600}) {
        model.setMessages({}, std::move(messages));
        view.setAnimated(false);
        view.setModel(&model);
        view.resize(size);
        view.show();
        view.grab();
    }
    void find(const QString& what) {
        view.find(TextMatcher({what}));
        QTRY_VERIFY(!finder().isSearching());
    }
    TranscriptFinder& finder() { return *view.finder(); }
    [[nodiscard]] QString state() { return stateOf(finder()); }
    static QString stateOf(const TranscriptFinder& finder) {
        return QString("%1 of %2").arg(finder.currentNumber()).arg(finder.count());
    }
    /// How many pixels have this colour.
    int painted(const QColor& colour) {
        const QImage image = view.viewport()->grab().toImage();
        int n = 0;
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x) n += image.pixelColor(x, y) == colour;
        }
        return n;
    }
    int currentTop() {  // of what is painted as the current one; -1: it is nowhere
        const QColor colour = Theme::make(Theme::Scheme::Light).currentMatch;
        const QImage image = view.viewport()->grab().toImage();
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x) {
                if (image.pixelColor(x, y) == colour) return y;
            }
        }
        return -1;
    }

    ConversationModel model;
    TranscriptView view;
};

}  // namespace

/// Words in the open conversation: what is found, painted, opened, and where the view stands.
class FindInTranscriptTest : public QObject {
    Q_OBJECT

private slots:
    void findsWhatIsRead_data();
    void findsWhatIsRead();
    void stepsRoundInOrder();
    void beginsAtWhatIsInSight();
    void typingOnStaysAtThePlaceThatIsShown();
    void theCurrentOneStandsInSightWithRoom();
    void nothingIsShownUnderWhatCoversTheView();
    void everyThemePaintsBoth_data();
    void everyThemePaintsBoth();
    void foldedTextOpensAndCloses();
    void whatTheReaderOpenedStaysOpen();
    void closingInWhatWasFoldedStandsAtItsLine();
    void countsGrowWhileAnAnswerIsWritten();
    void theOldCurrentOneGivesWay();
    void anotherBranchIsLookedThrough();
    void oneMessageAlone();
    void nothingToLookFor();
    void fiveThousandMessagesDoNotBlock();
    void aHugeAnswerIsFollowedQuickly();
};

void FindInTranscriptTest::findsWhatIsRead_data() {
    QTest::addColumn<QString>("markdown");
    QTest::addColumn<QString>("wanted");
    QTest::addColumn<int>("count");
    const auto row = [](const char* name, const char* markdown, const char* wanted, int count) {
        QTest::newRow(name) << QString(markdown) << QString(wanted) << count;
    };
    row("across formatting", "a **bo**ld word", "bold", 1);
    row("marks are not there", "a **bold** word", "**", 0);
    row("across a line's end", "one\ntwo", "one two", 1);
    row("not across paragraphs", "one\n\ntwo", "one two", 0);
    row("in a heading", "## Rivers", "river", 1);
    row("in code", "```cpp\nint main() {}\n```", "main()", 1);
    row("its language is no text", "```cpp\nint main() {}\n```", "cpp", 0);
    row("in a table", "| a | b |\n|---|---|\n| Danube | 2850 |", "2850", 1);
    row("in a list in a quote", "> - Danube\n> - danube", "danube", 2);
    row("the words of a link", "[the list](https://example.com)", "the list", 1);
    row("its address is not shown", "[the list](https://example.com)", "example", 0);
    row("in inline code", "call `run()` now", "call run()", 1);
    row("without accents", "Die Gl\u00e4ser", "glaser", 1);
    row("entities as they are read", "a &lt; b", "a < b", 1);
}

void FindInTranscriptTest::findsWhatIsRead() {
    QFETCH(QString, markdown);
    QFETCH(QString, wanted);
    QFETCH(int, count);
    Shown shown({text(1, "Question"), text(2, markdown)});
    const int before = shown.painted(Theme::make(Theme::Scheme::Light).currentMatch);
    shown.find(wanted);
    QCOMPARE(shown.finder().count(), count);
    QCOMPARE(before, 0);
    QCOMPARE(shown.painted(Theme::make(Theme::Scheme::Light).currentMatch) > 0, count > 0);
    QCOMPARE(shown.painted(Theme::make(Theme::Scheme::Light).match) > 0, count > 1);
}

void FindInTranscriptTest::stepsRoundInOrder() {
    Shown shown(longConversation());
    shown.view.scrollToMessage(1);
    shown.find("needle");
    QStringList states = {shown.state()};
    for (int i = 0; i < 6; ++i) {
        shown.finder().step(true);
        states << shown.state();
    }
    QCOMPARE(states.join(", "), QString("1 of 6, 2 of 6, 3 of 6, 4 of 6, 5 of 6, 6 of 6, 1 of 6"));
    shown.finder().step(false);
    QCOMPARE(shown.state(), QString("6 of 6"));
    shown.finder().step(false);
    QCOMPARE(shown.state(), QString("5 of 6"));
    shown.find("e");  // more than one in a block
    const int number = shown.finder().currentNumber();
    shown.finder().step(true);
    QCOMPARE(shown.finder().currentNumber(), number + 1);
    shown.finder().step(false);
    QCOMPARE(shown.finder().currentNumber(), number);
}

void FindInTranscriptTest::beginsAtWhatIsInSight() {
    Shown shown(longConversation());
    shown.view.scrollToMessage(35);
    shown.find("needle");
    QCOMPARE(shown.state(), QString("4 of 6"));  // in the 40th message
    shown.view.endFind();
    shown.view.scrollToEnd();
    shown.find("Number 1.");  // only above: round
    QCOMPARE(shown.state(), QString("1 of 1"));
    QVERIFY(shown.currentTop() > 0);
    // In a message that is larger than the view: from the line in sight.
    Shown large({text(1, "Question"),
                 text(2, ("needle " + kFiller.repeated(200) + "\n\n").repeated(3) + "needle")});
    large.view.scrollToEnd();
    large.find("needle");
    QCOMPARE(large.state(), QString("4 of 4"));
}

void FindInTranscriptTest::typingOnStaysAtThePlaceThatIsShown() {
    Shown shown(longConversation());
    shown.view.scrollToMessage(11);
    shown.find("nee");
    shown.finder().step(true);
    QCOMPARE(shown.state(), QString("3 of 6"));
    const int top = shown.view.verticalScrollBar()->value();
    shown.find("needle");
    QCOMPARE(shown.state(), QString("3 of 6"));
    QCOMPARE(shown.view.verticalScrollBar()->value(), top);
    shown.view.scrollToMessage(51);
    shown.find("need");  // the reader went elsewhere
    QCOMPARE(shown.state(), QString("6 of 6"));
}

void FindInTranscriptTest::theCurrentOneStandsInSightWithRoom() {
    std::vector<ChatMessage> messages = longConversation();
    // In the middle of a code block that is far longer than the view.
    messages[20].role = Role::Assistant;
    messages[20].parts[0].text = "```\n" + QString("a line of code\n").repeated(300) + "needle\n" +
                                 QString("a line of code\n").repeated(300) + "```";
    Shown shown(std::move(messages));
    shown.view.scrollToMessage(1);
    shown.find("needle");
    for (int i = 0; i < 14; ++i) {
        const int top = shown.currentTop();
        QVERIFY2(top >= 25 && top <= 600 - 60, qPrintable(QString("%1: %2").arg(i).arg(top)));
        shown.finder().step(i < 7);
    }
}

void FindInTranscriptTest::nothingIsShownUnderWhatCoversTheView() {
    std::vector<ChatMessage> messages = longConversation();
    messages[0].parts[0].text = "needle";
    Shown shown(std::move(messages));
    shown.view.scrollToMessage(1);
    const int before = shown.view.rowRect(0).top();
    shown.view.setCoveredAbove(60);
    QCOMPARE(shown.view.rowRect(0).top(), before);  // what is read stays where it is
    shown.find("needle");
    QVERIFY2(shown.currentTop() >= 60, qPrintable(QString::number(shown.currentTop())));
    shown.view.endFind();
    shown.view.setCoveredAbove(0);
    QVERIFY(shown.view.rowRect(0).top() <= 22);
}

void FindInTranscriptTest::everyThemePaintsBoth_data() {
    QTest::addColumn<int>("scheme");
    QTest::newRow("light") << static_cast<int>(Theme::Scheme::Light);
    QTest::newRow("dark") << static_cast<int>(Theme::Scheme::Dark);
    QTest::newRow("high contrast") << static_cast<int>(Theme::Scheme::HighContrast);
}

void FindInTranscriptTest::everyThemePaintsBoth() {
    QFETCH(int, scheme);
    // In a bubble, text, a link, a quote, thinking and a tool's line.
    std::vector<Part> parts = {part(Part::Kind::Thinking, "needle"),
                               call("Read needle.txt", R"({"path": "needle"})"),
                               part(Part::Kind::ToolResult, "needle"),
                               part(Part::Kind::Text,
                                    "needle [a needle](https://example.com)\n\n"
                                    "> needle\n\n![needle](x.png)")};
    Shown shown({text(1, "needle"), message(2, parts)});
    const Theme theme = Theme::make(static_cast<Theme::Scheme>(scheme));
    shown.view.setTheme(theme);
    shown.find("needle");
    QCOMPARE(shown.finder().count(), 9);
    for (int i = 0; i < 9; ++i) {
        QVERIFY2(shown.painted(theme.currentMatch) > 50, qPrintable(shown.state()));
        shown.finder().step(true);
    }
    QVERIFY(shown.painted(theme.match) > 400);
    shown.view.endFind();
    QCOMPARE(shown.painted(theme.currentMatch), 0);
    QCOMPARE(shown.painted(theme.match), 0);
}

void FindInTranscriptTest::foldedTextOpensAndCloses() {
    const std::vector<Part> parts = {part(Part::Kind::Thinking, "a secret thought"),
                                     call("Read a file", R"({"path": "secret.txt"})"),
                                     part(Part::Kind::ToolResult, "top secret"),
                                     part(Part::Kind::Text, "Done.")};
    Shown shown({text(1, "Question"), message(2, parts)});
    const auto height = [&] { return shown.view.rowRect(1).height(); };
    const int folded = height();
    shown.find("secret");
    QCOMPARE(shown.state(), QString("1 of 3"));  // counted, and the first one opened
    const int withThinking = height();
    QVERIFY(withThinking > folded);
    QVERIFY(shown.currentTop() > 0);
    shown.finder().step(true);
    QVERIFY(height() > withThinking);
    QVERIFY(shown.currentTop() > 0);
    shown.finder().step(true);
    QVERIFY(shown.currentTop() > 0);
    shown.view.endFind();
    QCOMPARE(height(), folded);
}

void FindInTranscriptTest::whatTheReaderOpenedStaysOpen() {
    const std::vector<Part> parts = {part(Part::Kind::Thinking, "a secret thought"),
                                     part(Part::Kind::Text, "Done.")};
    Shown shown({text(1, "Question"), message(2, parts)});
    const auto line = [&] {
        for (const TranscriptTarget& target : shown.view.targets(1)) {
            if (target.kind == TranscriptTarget::Kind::Thinking) return target;
        }
        return TranscriptTarget{};
    };
    const auto height = [&] { return shown.view.rowRect(1).height(); };
    const int folded = height();
    shown.view.activate(line());
    const int open = height();
    shown.find("secret");
    QCOMPARE(height(), open);
    shown.view.endFind();
    QCOMPARE(height(), open);
    // And what find opened, the reader may close.
    shown.view.activate(line());
    shown.find("secret");
    QCOMPARE(height(), open);
    shown.view.activate(line());
    QCOMPARE(height(), folded);
}

void FindInTranscriptTest::closingInWhatWasFoldedStandsAtItsLine() {
    std::vector<ChatMessage> messages = longConversation();
    messages[29].parts.insert(
        messages[29].parts.begin(),
        part(Part::Kind::Thinking, kFiller.repeated(400) + "secret" + kFiller.repeated(400)));
    Shown shown(std::move(messages));
    shown.find("secret");
    QVERIFY(shown.view.rowRect(29).top() < -1000);  // far above: its middle is shown
    shown.view.endFind();
    const int top = shown.view.rowRect(29).top();
    QVERIFY2(top > -100 && top < 300, qPrintable(QString::number(top)));
}

void FindInTranscriptTest::countsGrowWhileAnAnswerIsWritten() {
    Shown shown(longConversation());
    shown.view.scrollToEnd();
    shown.find("needle");
    QVERIFY(!shown.view.isAtEnd() || shown.finder().current());
    ChatMessage growing = text(61, "An answer. ");
    growing.role = Role::Assistant;
    shown.model.append(growing);
    shown.view.setAnswering(true);
    const int top = shown.currentTop();
    for (int i = 1; i <= 20; ++i) {
        growing.parts.back().text += kFiller + "nee";
        shown.model.update(growing);
        growing.parts.back().text += "dle\n\n";
        shown.model.update(growing);
        QTRY_COMPARE(shown.finder().count(), 6 + i);
        QCOMPARE(shown.finder().currentNumber(), 6);
        QCOMPARE(shown.currentTop(), top);
    }
    shown.finder().step(true);
    QCOMPARE(shown.state(), QString("7 of 26"));
    // It thinks after that, and calls a tool.
    growing.parts.push_back(part(Part::Kind::Thinking, "a needle"));
    shown.model.update(growing);
    growing.parts.push_back(call("Read needle", "{}"));
    shown.model.update(growing);
    growing.parts.push_back(part(Part::Kind::ToolResult, "needle"));
    shown.model.update(growing);
    QCOMPARE(shown.state(), QString("7 of 29"));
    QCOMPARE(shown.finder().foundIn(60).size(), std::size_t{23});
}

void FindInTranscriptTest::theOldCurrentOneGivesWay() {
    Shown shown({text(1, "Question"), text(2, "needle one, needle two")});
    shown.find("needle");
    shown.finder().step(true);
    QCOMPARE(shown.state(), QString("2 of 2"));
    shown.model.update(text(2, "needle one, nothing"));
    QCOMPARE(shown.state(), QString("1 of 1"));
    shown.model.update(text(2, "nothing"));
    QCOMPARE(shown.state(), QString("0 of 0"));
    shown.finder().step(true);
    QCOMPARE(shown.state(), QString("0 of 0"));
}

void FindInTranscriptTest::anotherBranchIsLookedThrough() {
    Shown shown({text(1, "Question"), text(2, "needle, needle"), text(3, "needle")});
    shown.find("needle");
    QCOMPARE(shown.finder().count(), 3);
    ChatMessage other = text(4, "another answer with a needle");
    other.parent = 1;
    other.role = Role::Assistant;
    shown.model.append(other);
    QTRY_COMPARE(shown.finder().count(), 1);
    shown.finder().step(true);
    QCOMPARE(shown.state(), QString("1 of 1"));
    shown.model.showVersion(1, 0);
    QTRY_COMPARE(shown.finder().count(), 3);
    shown.model.setMessages({}, {text(1, "needle")});
    QTRY_COMPARE(shown.finder().count(), 1);
    shown.view.setModel(nullptr);
    QCOMPARE(shown.finder().count(), 0);
}

void FindInTranscriptTest::oneMessageAlone() {
    Shown shown(longConversation());
    QSignalSpy moved(&shown.finder(), &TranscriptFinder::currentMoved);
    shown.view.findIn(20, TextMatcher({"paragraph", "needle"}));
    QTRY_VERIFY(!shown.finder().isSearching());
    QCOMPARE(shown.finder().current()->row, 19);
    QCOMPARE(moved.count(), 1);
    // What is said before what was thought.
    Shown thinking({text(1, "Question"), message(2, {part(Part::Kind::Thinking, "a needle"),
                                                     part(Part::Kind::Text, "A needle.")})});
    const int folded = thinking.view.rowRect(1).height();
    thinking.view.findIn(2, TextMatcher({"needle"}));
    QCOMPARE(Shown::stateOf(thinking.finder()), QString("2 of 2"));
    QCOMPARE(thinking.view.rowRect(1).height(), folded);
    // Not in this one: it is shown all the same, and Next goes on from there.
    shown.view.findIn(31, TextMatcher({"needle"}));
    QTRY_VERIFY(!shown.finder().isSearching());
    QCOMPARE(shown.state(), QString("0 of 6"));
    QVERIFY(shown.view.viewport()->rect().contains(shown.view.rowRect(30).topRight()));
    shown.finder().step(true);
    QCOMPARE(shown.state(), QString("4 of 6"));
}

void FindInTranscriptTest::nothingToLookFor() {
    Shown shown(longConversation());
    const int top = shown.view.verticalScrollBar()->value();
    shown.find("");
    QVERIFY(!shown.finder().isActive());
    shown.find("not there at all");
    QCOMPARE(shown.state(), QString("0 of 0"));
    QCOMPARE(shown.view.verticalScrollBar()->value(), top);
    shown.view.endFind();
    QVERIFY(shown.view.isAtEnd());
    Shown empty({});
    empty.find("needle");
    QCOMPARE(empty.state(), QString("0 of 0"));
}

void FindInTranscriptTest::fiveThousandMessagesDoNotBlock() {
    Shown shown(longConversation(5000));
    QElapsedTimer timer;
    timer.start();
    qint64 longest = 0;
    for (const char* typed : {"n", "ne", "nee", "need", "needl", "needle"}) {
        QElapsedTimer one;
        one.start();
        shown.view.find(TextMatcher({typed}));
        longest = std::max(longest, one.restart());
        for (int i = 0; i < 3; ++i) {
            QCoreApplication::processEvents();
            longest = std::max(longest, one.restart());
        }
    }
    QTRY_VERIFY(!shown.finder().isSearching());
    QCOMPARE(shown.finder().count(), 500);
    // A portion takes 6 ms; the rest is painting, and whatever else this machine does.
    QVERIFY2(longest < 150, qPrintable(QString("%1 ms").arg(longest)));
    QVERIFY2(timer.elapsed() < 10'000, qPrintable(QString("%1 ms").arg(timer.elapsed())));
}

void FindInTranscriptTest::aHugeAnswerIsFollowedQuickly() {
    ChatMessage growing = text(2, (kFiller + "needle\n\n").repeated(2000) + "```\n" +
                                      QString("needle in code\n").repeated(2000));
    Shown shown({text(1, "Question"), growing});
    shown.view.setAnswering(true);
    shown.find("needle");
    QCOMPARE(shown.finder().count(), 4000);
    std::vector<qint64> times;
    for (int i = 0; i < 50; ++i) {
        growing.parts[0].text += "another needle\n";
        QElapsedTimer timer;
        timer.start();
        shown.model.update(growing);
        times.push_back(timer.nsecsElapsed());
    }
    QCOMPARE(shown.finder().count(), 4050);
    std::sort(times.begin(), times.end());
    QVERIFY2(times[25] < 60'000'000, qPrintable(QString("%1 ns").arg(times[25])));
}

QTEST_MAIN(FindInTranscriptTest)
#include "tst_find_in_transcript.moc"
