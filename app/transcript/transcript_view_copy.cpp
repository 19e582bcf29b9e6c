#include "app/transcript/answer_sources.h"
#include "app/transcript/attachment_export.h"
#include "app/transcript/html_entities.h"
#include "app/transcript/markdown_export.h"
#include "app/transcript/transcript_view.h"

#include <QApplication>
#include <QClipboard>
#include <QMimeData>
#include <QTimer>

#include <algorithm>
#include <memory>

// The part of TranscriptView that copies, and that opens and closes what can be opened.

namespace lares::app {
namespace {

constexpr int kCopiedMs = 1200;

void copyText(const QString& plain, const QString& markdown, const QString& html) {
    auto data = std::make_unique<QMimeData>();
    data->setText(plain);
    data->setData(QStringLiteral("text/markdown"), markdown.toUtf8());
    data->setHtml(html);
    QApplication::clipboard()->setMimeData(data.release());
}

}  // namespace

QString TranscriptView::selectedText() const {
    return toPlainText(selectedBlocks(m_flow, m_selection.range()));
}

TranscriptView::Remembered TranscriptView::toRemember(int row) {
    if (!m_model) return {};
    const TextRange& range = m_selection.range();
    if (row < 0 || (row >= range.from.row && row <= range.to.row)) {
        const QString selected = selectedText();
        const int first = range.from.row;
        if (!selected.trimmed().isEmpty() && first >= 0 && first < m_model->rowCount())
            return {m_model->messageAt(first).id, selected};
    }
    if (row < 0 || row >= m_model->rowCount()) return {};
    std::vector<MarkdownBlock> blocks;
    for (const ContentBlock& content : m_flow.parsedRow(row).content.blocks())
        if (!content.isAside()) blocks.push_back(content.block);
    const QString text = toPlainText(blocks);
    if (text.trimmed().isEmpty()) return {};
    return {m_model->messageAt(row).id, text};
}

void TranscriptView::selectAll() {
    m_selection.selectAll(m_flow);
    setSelectionDirty();
}

void TranscriptView::clearSelection() {
    m_selection.clear();
    setSelectionDirty();
}

void TranscriptView::copySelection() {
    if (m_selection.isEmpty()) return;
    const std::vector<MarkdownBlock> blocks = selectedBlocks(m_flow, m_selection.range());
    copyText(toPlainText(blocks), toMarkdown(blocks), toHtml(blocks));
}

void TranscriptView::copyMessage(int row) {
    if (!m_model || row < 0 || row >= m_model->rowCount()) return;
    std::vector<MarkdownBlock> blocks;
    for (const ContentBlock& content : m_flow.parsedRow(row).content.blocks())
        if (!content.isAside()) blocks.push_back(content.block);
    const ChatMessage& message = m_model->messageAt(row);
    const Attachments attachments = attachmentsOf(message);
    QStringList texts = {attachmentsMarkdown(attachments), markdownOf(message)};
    texts.removeAll(QString());
    const QString markdown = texts.join(QStringLiteral("\n\n"));
    copyText(markdown, markdown, attachmentsHtml(attachments) + toHtml(blocks));
}

QString TranscriptView::detailsOf(int row, std::size_t block) const {
    const ChatMessage& message = m_model->messageAt(row);
    const int part = m_flow.row(row).layout.blocks()[block].part;
    const Part& notice = message.parts[static_cast<std::size_t>(part)];
    const QString details = notice.data["details"].toString();
    return details.isEmpty() ? notice.text : notice.text + u'\n' + details;
}

void TranscriptView::copyTarget(const TranscriptTarget& target) {
    const ContentBlock& content = m_flow.row(target.row).layout.blocks()[target.block];
    QString text;
    if (target.kind == TranscriptTarget::Kind::CopyCode)
        text = content.block.text;
    else if (target.kind == TranscriptTarget::Kind::Link)
        text = content.block.links.value(target.link);
    else
        text = detailsOf(target.row, target.block);
    QApplication::clipboard()->setText(text);
    m_copied = target;
    QTimer::singleShot(kCopiedMs, this, [this] {
        m_copied = {};
        viewport()->update();
    });
    viewport()->update();
}

QString TranscriptView::linkOf(const TranscriptTarget& target) const {
    if (target.row < 0 || target.row >= m_flow.rowCount()) return {};
    const auto& blocks = m_flow.parsedRow(target.row).layout.blocks();
    return target.block < blocks.size() ? blocks[target.block].block.links.value(target.link)
                                        : QString();
}

void TranscriptView::activate(const TranscriptTarget& target) {
    if (target.row < 0 || target.row >= m_flow.rowCount()) return;
    const auto& blocks = m_flow.parsedRow(target.row).layout.blocks();
    if (target.block >= blocks.size()) return;
    switch (target.kind) {
        case TranscriptTarget::Kind::Link: {
            const QString href = blocks[target.block].block.links.value(target.link);
            // A path that a tool named; a link of the model's is never one.
            if (blocks[target.block].kind == ContentBlock::Kind::Sources) {
                if (const auto place = sourceMessageOf(href)) {
                    emit messageActivated(place->conversation, place->message);
                } else {
                    emit sourceActivated(href);
                }
            } else if (isOpenableLink(href)) {
                emit linkActivated(QUrl(href));
            }
            break;
        }
        case TranscriptTarget::Kind::CopyCode:
        case TranscriptTarget::Kind::CopyDetails:
            copyTarget(target);
            break;
        case TranscriptTarget::Kind::Undo:
            if (const NoteId note = blocks[target.block].note; note != 0) {
                emit forgetRequested(note);
            } else {
                emit undoRequested(m_flow.row(target.row).id);
            }
            break;
        case TranscriptTarget::Kind::SummaryAction:
            if (target.link > 0)
                emit readEverythingRequested();
            else if (m_state.isRewriting)
                emit summaryStopRequested();
            else
                emit summaryRewriteRequested(summarisedMessage());
            break;
        case TranscriptTarget::Kind::Summary:
        case TranscriptTarget::Kind::Attachment:
        case TranscriptTarget::Kind::Thinking:
        case TranscriptTarget::Kind::Tool: {
            const ContentBlock& line = blocks[target.block];
            int part = line.part;
            bool isOpen = line.isOpen;
            if (target.kind == TranscriptTarget::Kind::Attachment) {
                const auto chip = static_cast<std::size_t>(target.link);
                if (chip >= line.chips.size()) break;
                part = line.chips[chip].part;
                isOpen = line.chips[chip].isOpen;
            }
            const TranscriptState::PartKey key(m_flow.row(target.row).id, part);
            m_state.opened[key] = !isOpen;
            m_state.openedByFind.remove(key);
            // What is clicked stays under the pointer.
            TranscriptFlow::Anchor anchor = {.row = target.row};
            anchor.piece = m_flow.row(target.row).layout.piecesOf(target.block).first;
            TranscriptTarget first = target;  // of a row of chips, which is one piece
            first.link = std::min(target.link, 0);
            anchor.offset = targetRect(first).top();
            m_flow.changeRow(target.row);
            m_isFollowing = false;
            settle(anchor);
            m_isFollowing = isAtEnd();
            break;
        }
        case TranscriptTarget::Kind::Message: {
            const QList<QWidget*> buttons = actionButtons(target.row);
            if (!buttons.isEmpty()) buttons.first()->setFocus(Qt::TabFocusReason);
            break;
        }
        case TranscriptTarget::Kind::Card:
            focusTarget(target);
            break;
        case TranscriptTarget::Kind::None:
            break;
    }
}

std::vector<TranscriptTarget> TranscriptView::targets(int row) const {
    if (row < 0 || row >= m_flow.rowCount()) return {};
    return targetsOf(m_flow.parsedRow(row).layout.blocks(), row);
}

QRect TranscriptView::targetRect(const TranscriptTarget& target) const {
    if (target.row < 0 || target.row >= m_flow.rowCount()) return {};
    const TranscriptFlow::Row& row = m_flow.parsedRow(target.row);
    return rectOf(target, row.layout, m_flow.metrics()).translated(columnLeft(), row.top - m_top);
}

QString TranscriptView::targetName(const TranscriptTarget& target) const {
    if (target.row < 0 || target.row >= m_flow.rowCount()) return {};
    if (target.kind == TranscriptTarget::Kind::Message)
        return m_model->index(target.row).data(Qt::AccessibleTextRole).toString();
    const auto& blocks = m_flow.parsedRow(target.row).layout.blocks();
    return target.block < blocks.size() ? nameOf(target, blocks[target.block]) : QString();
}

}  // namespace lares::app
