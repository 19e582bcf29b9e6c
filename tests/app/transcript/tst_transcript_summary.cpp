#include "tests/app/transcript/shown_transcript.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QSignalSpy>
#include <QTest>

using namespace lares::app;
using namespace lares::test;

namespace {

void summarise(ConversationModel& model, int row, const std::optional<BranchSummary>& summary) {
    ChatMessage changed = model.messageAt(row);
    changed.summary = summary;
    model.update(changed);
}

/// Of the targets in a row about the summary: their names.
QStringList summaryTargets(const TranscriptView& view, int row) {
    QStringList names;
    for (const TranscriptTarget& target : view.targets(row)) {
        if (target.kind == TranscriptTarget::Kind::Summary ||
            target.kind == TranscriptTarget::Kind::SummaryAction)
            names << view.targetName(target);
    }
    return names;
}

}  // namespace

/// The line at which the model begins to read word by word.
class TranscriptSummaryTest : public QObject {
    Q_OBJECT

private slots:
    void aLineSaysWhatIsReadAsASummary();
    void theLastSummaryOfTheBranchCounts();
};

void TranscriptSummaryTest::aLineSaysWhatIsReadAsASummary() {
    using Kind = TranscriptTarget::Kind;
    Shown s;
    summarise(s.model, kRows - 3, BranchSummary{"They spoke of <b>ships</b>.", false});
    const int row = kRows - 2;  // a question
    QVERIFY(summaryTargets(s.view, kRows - 3).isEmpty());
    QCOMPARE(summaryTargets(s.view, row),
             QStringList("What is above is read as a summary. Show it"));
    // By keys: from the message that it stands above.
    s.view.setFocus();
    s.view.focusTarget({Kind::Message, row, 0, -1});
    QTest::keyClick(&s.view, Qt::Key_Tab);
    QCOMPARE(s.view.focusedTarget().kind, Kind::Summary);
    QTest::keyClick(&s.view, Qt::Key_Return);
    QCOMPARE(summaryTargets(s.view, row),
             (QStringList{"What is above is read as a summary. Hide it", "Write it again"}));
    s.view.setSummaryOffer(true, false);
    QSignalSpy again(&s.view, &TranscriptView::summaryRewriteRequested);
    QSignalSpy all(&s.view, &TranscriptView::readEverythingRequested);
    QSignalSpy stop(&s.view, &TranscriptView::summaryStopRequested);
    QTest::keyClick(&s.view, Qt::Key_Tab);
    QTest::keyClick(&s.view, Qt::Key_Space);
    QCOMPARE(again.count(), 1);
    QCOMPARE(again[0][0].toLongLong(), s.model.messageAt(kRows - 3).id);
    QTest::keyClick(&s.view, Qt::Key_Tab);
    QCOMPARE(s.view.targetName(s.view.focusedTarget()), "Read everything again");
    // By the mouse.
    QTest::mouseClick(s.view.viewport(), Qt::LeftButton, {},
                      s.view.targetRect(s.view.focusedTarget()).center());
    QCOMPARE(all.count(), 1);
    s.view.setSummaryOffer(true, true);
    QCOMPARE(summaryTargets(s.view, row),
             (QStringList{"The summary of what is above is being written again. Hide it", "Stop"}));
    s.view.activate({Kind::SummaryAction, row, 2, 0});
    QCOMPARE(stop.count(), 1);
    QCOMPARE(again.count(), 1);
    // It is no part of what the message says.
    s.view.copyMessage(row);
    QCOMPARE(QGuiApplication::clipboard()->text(), "Question 59");
    // One that could not be written says so.
    s.view.setSummaryOffer(false, false);
    summarise(s.model, kRows - 3, BranchSummary{{}, true});
    QVERIFY(summaryTargets(s.view, row)[0].startsWith("What is above is left out"));
    summarise(s.model, kRows - 3, std::nullopt);
    QVERIFY(summaryTargets(s.view, row).isEmpty());
}

void TranscriptSummaryTest::theLastSummaryOfTheBranchCounts() {
    Shown s;
    summarise(s.model, 1, BranchSummary{"First", false});
    summarise(s.model, 5, BranchSummary{"Second", true});
    QVERIFY(summaryTargets(s.view, 2).isEmpty());
    QCOMPARE(summaryTargets(s.view, 6),
             QStringList("What is above is read as a summary; some of it is left out. Show it"));
    // Another branch from above the second one has the first.
    s.model.append(message(1001, s.model.messageAt(3).id, {textPart("Another question")}));
    QCOMPARE(s.model.rowCount(), 5);
    QCOMPARE(summaryTargets(s.view, 2), QStringList("What is above is read as a summary. Show it"));
    s.model.showVersion(4, 0);
    QVERIFY(summaryTargets(s.view, 2).isEmpty());
    QCOMPARE(summaryTargets(s.view, 6).size(), 1);
    // Nothing is said of the end, behind which there is nothing.
    summarise(s.model, kRows - 1, BranchSummary{"All", false});
    QCOMPARE(summaryTargets(s.view, 6).size(), 1);
}

QTEST_MAIN(TranscriptSummaryTest)
#include "tst_transcript_summary.moc"
