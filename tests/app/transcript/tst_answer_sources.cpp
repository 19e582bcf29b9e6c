#include "app/transcript/answer_sources.h"
#include "app/ui/open_source.h"
#include "tests/app/transcript/shown_transcript.h"

#include <QAccessible>
#include <QClipboard>
#include <QFile>
#include <QGuiApplication>
#include <QJsonArray>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace lares::app;
using namespace lares::test;

namespace {

Part searchPart(const QJsonArray& sources, Part::CallState state = Part::CallState::Done) {
    Part call;
    call.kind = Part::Kind::ToolCall;
    call.toolName = "search_documents";
    call.callState = state;
    call.data["sources"] = sources;
    return call;
}

QJsonObject source(const char* path, const char* page = "") {
    return {{"path", path}, {"page", page}};
}

}  // namespace

/// The line of sources under an answer.
class AnswerSourcesTest : public QObject {
    Q_OBJECT

private slots:
    void namesEachPlaceOnce() {
        const ChatMessage answer =
            message(2, 1,
                    {searchPart({source("/docs/lease.pdf", "page 3"), source("/docs/car.txt"),
                                 source("/docs/lease.pdf", "page 3")}),
                     textPart("It is 900. Sources: /etc/passwd"),
                     searchPart({source("/docs/lease.pdf", "page 4"), source("/docs/car.txt")})});
        const MarkdownBlock block = sourcesBlock(answer);
        QCOMPARE(block.text, QString("Sources: lease.pdf, page 3 · car.txt · lease.pdf, page 4"));
        QCOMPARE(block.links, QStringList({"/docs/lease.pdf", "/docs/car.txt", "/docs/lease.pdf"}));
        QCOMPARE(block.text.mid(block.spans[1].start, block.spans[1].length), QString("car.txt"));
    }
    void onlyWhatAToolGaveBackCounts() {
        QVERIFY(sourcesBlock(message(2, 1, {textPart("See [x](file:///etc/passwd).")}))
                    .links.isEmpty());
        QVERIFY(sourcesBlock(message(2, 1, {searchPart({source("/a")}, Part::CallState::Failed)}))
                    .links.isEmpty());
        QVERIFY(sourcesBlock(message(2, 1, {searchPart({1, QJsonValue(), QJsonObject()})}))
                    .links.isEmpty());
    }
    void ofVeryManyTheFirstAreShown() {
        QJsonArray many;
        for (int i = 0; i < 20; ++i) many.append(source(qPrintable("/d/" + QString::number(i))));
        const MarkdownBlock block = sourcesBlock(message(2, 1, {searchPart(many)}));
        QCOMPARE(block.links.size(), kMaxShownSources);
        QVERIFY(block.text.endsWith(" · and 8 more"));
    }
    void namesHideNothing() {
        const MarkdownBlock block =
            sourcesBlock(message(2, 1, {searchPart({source("/d/a\u202egpj.exe")})}));
        QVERIFY(!block.text.contains(QChar(0x202e)));
    }
    /// Messages of one day are one place, which is the best one's.
    void namesConversationsWithTheirDay() {
        const QDateTime day(QDate(2026, 3, 14), QTime(12, 0));
        const auto said = [&](const char* title, qint64 conversation, qint64 message, int days) {
            return QJsonObject{{"path", title},
                               {"page", ""},
                               {"conversation", conversation},
                               {"message", message},
                               {"saidAt", day.addDays(days).toMSecsSinceEpoch()}};
        };
        const MarkdownBlock block = sourcesBlock(
            message(2, 1,
                    {searchPart({said("a/Boiler\u202e", 7, 71, 0), said("a/Boiler\u202e", 7, 70, 0),
                                 said("a/Boiler\u202e", 7, 72, 1), said("a/Boiler\u202e", 8, 81, 0),
                                 source("/docs/car.txt")})}));
        const QLocale locale;
        const QString first = locale.toString(day.date(), QLocale::ShortFormat);
        const QString second = locale.toString(day.date().addDays(1), QLocale::ShortFormat);
        const QString title = "a/Boiler[U+202E] (";
        QCOMPARE(block.text, "Sources: " + title + first + ") · " + title + second + ") · " +
                                 title + first + ") · car.txt");
        QCOMPARE(block.links.size(), 4);
        const auto place = sourceMessageOf(block.links[0]);
        QVERIFY(place && place->conversation == 7 && place->message == 71);
        QVERIFY(!sourceMessageOf(block.links[3]));
    }
    void aMessageIsNoFileAndNoAddress() {
        Shown shown;
        ChatMessage answer = message(
            kRows + 2, shown.model.activeLeaf(),
            {searchPart({QJsonObject{{"path", "/docs/x"}, {"conversation", 7}, {"message", 71}}}),
             textPart("See [x](message:7/71).")});
        answer.role = Role::Assistant;
        shown.model.append(answer);
        shown.paint();
        QSignalSpy file(&shown.view, &TranscriptView::sourceActivated);
        QSignalSpy address(&shown.view, &TranscriptView::linkActivated);
        QSignalSpy opened(&shown.view, &TranscriptView::messageActivated);
        for (const TranscriptTarget& target : shown.view.targets(shown.model.rowCount() - 1)) {
            if (target.kind == TranscriptTarget::Kind::Link) shown.view.activate(target);
        }
        QCOMPARE(opened.count(), 1);  // the model's own link opens nothing
        QCOMPARE(opened[0][1].value<MessageId>(), 71);
        QCOMPARE(file.count(), 0);
        QCOMPARE(address.count(), 0);
    }
    void standsUnderTheAnswerAndOpensByKey() {
        Shown shown;
        ChatMessage answer = message(kRows + 2, shown.model.activeLeaf(),
                                     {searchPart({source("/docs/lease.pdf", "page 3")}),
                                      textPart("It is [900](file:///etc/passwd).")});
        answer.role = Role::Assistant;
        shown.model.append(answer);
        shown.paint();
        QSignalSpy opened(&shown.view, &TranscriptView::sourceActivated);
        QSignalSpy linked(&shown.view, &TranscriptView::linkActivated);
        const int row = shown.model.rowCount() - 1;
        for (const TranscriptTarget& target : shown.view.targets(row)) {
            if (target.kind == TranscriptTarget::Kind::Link) shown.view.activate(target);
        }
        QCOMPARE(opened.count(), 1);  // the model's own link to a file opens nothing
        QCOMPARE(opened[0][0].toString(), QString("/docs/lease.pdf"));
        QCOMPARE(linked.count(), 0);
    }
    void opensTheFileAndNeverAProgram() {
        QTemporaryDir folder;
        const auto make = [&](const QString& name, bool isExecutable) {
            QFile file(folder.filePath(name));
            (void)file.open(QIODevice::WriteOnly);
            if (isExecutable) file.setPermissions(QFile::ReadOwner | QFile::ExeOwner);
            return folder.filePath(name);
        };
        QCOMPARE(openedForSource(make("a.txt", false)).toLocalFile(), folder.filePath("a.txt"));
        // Its name says it on Windows, and its permission elsewhere.
        for (const QString& path : {make("b.bat", true), make("c.desktop", false)})
            QCOMPARE(openedForSource(path).toLocalFile(), folder.path());
        QVERIFY(openedForSource(folder.filePath("none")).isEmpty());
        QVERIFY(openedForSource(folder.path()).isEmpty());
        QVERIFY(openedForSource("a.txt").isEmpty());
        QVERIFY(openSource(folder.filePath("none")).endsWith("is not there any more."));
    }
};

QTEST_MAIN(AnswerSourcesTest)
#include "tst_answer_sources.moc"
