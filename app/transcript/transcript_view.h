#pragma once

#include "app/chat/conversation_model.h"
#include "app/transcript/message_actions.h"
#include "app/transcript/row_painter.h"
#include "app/transcript/transcript_finder.h"
#include "app/transcript/transcript_flow.h"
#include "app/transcript/transcript_selection.h"
#include "app/transcript/transcript_state.h"
#include "app/ui/theme.h"

#include <QAbstractScrollArea>
#include <QElapsedTimer>
#include <QHash>
#include <QPointer>
#include <QTimer>
#include <QUrl>

#include <functional>
#include <optional>

namespace lares::app {

class GreetingPage;

/// Shows one conversation: one painted scroll area of which only what is in sight is parsed and
/// laid out. Follows the end while the reader is there, else what is read stays where it is,
/// whatever grows above or below. Changes nothing itself: it asks by signals. UI thread only.
class TranscriptView : public QAbstractScrollArea {
    Q_OBJECT

public:
    explicit TranscriptView(QWidget* parent = nullptr);
    ~TranscriptView() override;

    /// The model outlives the view or is replaced first; null: nothing is shown. The view stands
    /// at the end.
    void setModel(ConversationModel* model);
    [[nodiscard]] ConversationModel* model() const { return m_model; }
    void setTheme(const Theme& theme);
    /// The name to a message's `personaId`; its first letter is the mark. Again when names
    /// have changed; the view stays where it is.
    void setPersonaName(std::function<QString(const QString& personaId)> name);
    /// What an empty conversation shows; at most three examples.
    void setGreeting(const QString& name, const QString& greeting, const QStringList& examples);

    /// The last message is being written: thinking counts its seconds, no actions are offered on
    /// it, and "Regenerate" and "Edit" are nowhere.
    void setAnswering(bool isAnswering);
    /// A quiet line at the end while there is no text yet: "Reading… 40 %". Empty: none.
    void setProgress(const QString& text);
    /// What can be done about the summary that stands in the conversation, where one does.
    void setSummaryOffer(bool canReadEverything, bool isRewriting);
    /// The notes that are kept: a call's line offers to forget its own.
    void setKeptNotes(const QSet<NoteId>& notes);
    /// A widget that stands in the text below a part (a permission question): as wide as the
    /// column, as high as it asks. The view becomes its parent; null takes it away (and hides it).
    void setCard(MessageId message, int part, QWidget* card);
    /// Smooth wheel steps; off when the system asks for reduced motion.
    void setAnimated(bool isAnimated) { m_isAnimated = isAnimated; }

    [[nodiscard]] bool isAtEnd() const;
    void scrollToEnd();
    /// Makes a message visible, its beginning at the top if it is large.
    void scrollToMessage(MessageId message);

    /// Paints every place of these texts and shows the next one from what is in sight on. While
    /// something is looked for, what is folded opens around the place that is shown, and the view
    /// does not follow the end; `endFind` closes what was opened so.
    void find(const TextMatcher& wanted);
    /// The same in one message, which is shown in any case.
    void findIn(MessageId message, const TextMatcher& wanted);
    void endFind();
    /// Counts, and steps through what was found.
    [[nodiscard]] TranscriptFinder* finder() { return &m_finder; }
    /// So much of the view's upper edge is covered: nothing found is shown there.
    void setCoveredAbove(int pixels);

    [[nodiscard]] bool hasSelection() const { return !m_selection.isEmpty(); }
    [[nodiscard]] QString selectedText() const;
    /// What "Remember this" is about, as plain text: what is selected if this row is among it (-1:
    /// wherever it is), or else the row's message; no message where there is neither.
    struct Remembered {
        MessageId message = 0;
        QString text;
    };
    [[nodiscard]] Remembered toRemember(int row);
    void selectAll();
    void clearSelection();
    /// The selection as plain text, Markdown and HTML.
    void copySelection();
    /// A message without its thinking and calls; Markdown and HTML.
    void copyMessage(int row);

    /// What Tab reaches in a row, and where the focus is; for accessibility and tests.
    [[nodiscard]] std::vector<TranscriptTarget> targets(int row) const;
    [[nodiscard]] const TranscriptTarget& focusedTarget() const { return m_focused; }
    void focusTarget(const TranscriptTarget& target);
    void activate(const TranscriptTarget& target);
    [[nodiscard]] QRect targetRect(const TranscriptTarget& target) const;  ///< in the viewport
    [[nodiscard]] QString targetName(const TranscriptTarget& target) const;
    [[nodiscard]] MessageActions::Offer offerOf(int row) const;
    void act(int row, MessageActions::Action action);
    [[nodiscard]] QRect columnRect() const;      ///< in the viewport: where text stands
    [[nodiscard]] QRect rowRect(int row) const;  ///< in the viewport; a guess out of sight

signals:
    void editRequested(lares::app::MessageId message);
    void regenerateRequested(lares::app::MessageId message);
    void versionRequested(lares::app::MessageId message, int version);
    /// http, https or mailto only. The window asks before it opens anything.
    void undoRequested(lares::app::MessageId answer);  ///< of what its tools changed
    void forgetRequested(lares::app::NoteId note);     ///< that one of them kept
    void linkActivated(const QUrl& link);
    void sourceActivated(const QString& path);  ///< a file whose passages an answer had
    /// The same of an earlier conversation.
    void messageActivated(lares::app::ConversationId conversation, lares::app::MessageId message);
    void promptRequested(lares::app::MessageId answer);      ///< what the model saw for it
    void summaryRewriteRequested(lares::app::MessageId at);  ///< the message that holds it
    void summaryStopRequested();                             ///< it is not to be written again
    void readEverythingRequested();
    void exampleChosen(const QString& text);
    void rememberRequested(lares::app::MessageId message, const QString& text);
    void atEndChanged(bool isAtEnd);
    void selectionChanged();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    bool focusNextPrevChild(bool next) override;
    bool viewportEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    // transcript_view.cpp: the model and what is in sight
    void onRowsInserted(const QModelIndex& parent, int first, int last);
    void onRowsRemoved(const QModelIndex& parent, int first, int last);
    void onDataChanged(const QModelIndex& topLeft, const QModelIndex& bottomRight);
    void onReset();
    void updateLive();
    void updateSummary();
    [[nodiscard]] MessageId summarisedMessage() const;
    void tickThinking();
    void applyMetrics(bool isNewTheme);
    void changeRow(int row);
    void settle(const TranscriptFlow::Anchor& anchor);
    [[nodiscard]] TranscriptFlow::Anchor topAnchor() const;
    void keepPlace(const std::function<void()>& change);
    void placeChildren();
    void placeCards();
    void measureCard(MessageId message, int part, int column);
    [[nodiscard]] int columnLeft() const;
    [[nodiscard]] int rowOf(MessageId id) const;

    // transcript_view_mouse.cpp
    void scrollBy(int pixels);
    void wheelTick();
    void dragTick();
    [[nodiscard]] QPoint toFlow(QPoint inViewport) const;
    [[nodiscard]] TranscriptTarget hitTest(QPoint inViewport) const;
    void updateHover(QPoint inViewport);
    void setHovered(const TranscriptTarget& target);
    void showActionsFor(int row);
    void setSelectionDirty();

    // transcript_view_keys.cpp
    bool extendSelection(QKeyEvent* event);
    bool scrollKey(QKeyEvent* event);
    bool moveFocus(bool next);
    [[nodiscard]] QList<QWidget*> actionButtons(int row);
    void revealTarget(const TranscriptTarget& target);

    // transcript_view_find.cpp
    void showFound();
    void openAround(const FindPlace& place);
    [[nodiscard]] FindPlace placeInSight();
    [[nodiscard]] QRect foundRect(const FindPlace& place);
    [[nodiscard]] std::optional<std::size_t> blockOf(const FindPlace& place);
    [[nodiscard]] std::vector<RowPainter::Found> foundToPaint(int row) const;

    // transcript_view_copy.cpp
    void copyTarget(const TranscriptTarget& target);
    [[nodiscard]] QString linkOf(const TranscriptTarget& target) const;
    [[nodiscard]] QString detailsOf(int row, std::size_t block) const;

    Theme m_theme;
    ConversationModel* m_model = nullptr;
    TranscriptState m_state;
    mutable TranscriptFlow m_flow;
    TranscriptSelection m_selection;
    TranscriptFinder m_finder;
    int m_coveredAbove = 0;
    int m_top = 0;  ///< the flow's y at the top of the viewport
    bool m_isFollowing = true;
    bool m_isSettling = false;
    bool m_isAnswering = false;
    bool m_isAnimated = true;

    QHash<TranscriptState::PartKey, QPointer<QWidget>> m_cards;
    MessageActions* m_actions;
    IconButton* m_toEnd;
    GreetingPage* m_greeting;
    int m_actionsRow = -1;

    TranscriptTarget m_hovered;
    TranscriptTarget m_focused;
    TranscriptTarget m_pressed;
    TranscriptTarget m_copied;
    bool m_isDragging = false;
    QPoint m_lastMouse;
    QElapsedTimer m_clock;
    QElapsedTimer m_sinceDoubleClick;
    QTimer m_second;  ///< while thinking is live
    QTimer m_dragTimer;
    QTimer m_wheelTimer;
    double m_wheelRest = 0;
};

}  // namespace lares::app
