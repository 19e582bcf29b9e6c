#include "app/export/export_documents.h"
#include "app/transcript/html_entities.h"
#include "app/transcript/markdown_export.h"
#include "app/transcript/visible_text.h"

#include <QAbstractTextDocumentLayout>
#include <QBuffer>
#include <QFontDatabase>
#include <QLocale>
#include <QPainter>
#include <QPdfWriter>
#include <QTextBlock>
#include <QTextCursor>
#include <QTextDocument>
#include <QTextFrame>

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

namespace lares::app {
namespace {

// Everything is laid out in 1/96 of an inch, whatever the paper's own resolution, so that it looks
// the same from every screen.
constexpr double kUnitsPerInch = 96;
constexpr double kMargin = 68;
constexpr double kFooter = 26;  // from the lower edge of the text
constexpr int kTextSize = 13;
constexpr int kFooterSize = 10;

const QColor kInk("#23211e");
const QColor kQuietInk("#6b665f");

// The light colours of the window (ui/theme.cpp): paper is white.
constexpr const char* kPaperStyle = R"css(
h1 { font-size: 24px; font-weight: 600; margin-top: 0px; margin-bottom: 4px; }
h2 { font-size: 17px; font-weight: 600; margin-top: 16px; margin-bottom: 6px; }
h3 { font-size: 15px; font-weight: 600; margin-top: 14px; margin-bottom: 4px; }
h4, h5, h6 { font-size: 13px; font-weight: 600; margin-top: 12px; margin-bottom: 4px; }
p { margin-top: 0px; margin-bottom: 8px; }
.about { color: #6b665f; margin-bottom: 14px; }
.start { font-size: 1px; margin-top: 0px; margin-bottom: 0px; }
.who { font-weight: 600; margin-top: 22px; margin-bottom: 6px; }
.when { color: #6b665f; font-weight: 400; }
.aside { color: #6b665f; font-size: 12px; margin-bottom: 8px; }
a { color: #b4532a; text-decoration: none; }
blockquote { color: #6b665f; margin-left: 16px; margin-right: 0px; margin-top: 6px; margin-bottom: 12px; }
ul, ol { margin-top: 4px; margin-bottom: 8px; }
li { margin-bottom: 3px; }
code { font-family: MONO; font-size: 12px; background-color: #f4f2ee; }
pre { font-family: MONO; font-size: 11px; white-space: pre-wrap; margin-top: 0px; margin-bottom: 0px; }
.grid { border-collapse: collapse; border-style: solid; border-width: 1px; border-color: #d9d4cb;
  margin-top: 4px; margin-bottom: 12px; }
.grid th { font-weight: 600; background-color: #f4f2ee; }
.keyword { color: #9c4421; } .string { color: #2c6e49; } .number { color: #7a4a86; }
.comment { color: #6f6961; } .name { color: #2f5f86; } .added { color: #2f7d4f; } .removed { color: #a3352a; }
)css";

QString boxHtml(const QString& ground, const QString& inside) {
    return QStringLiteral(
               "<table width=\"100%\" cellspacing=\"0\" cellpadding=\"9\"><tr>"
               "<td bgcolor=\"") +
           ground + QStringLiteral("\">") + inside + QStringLiteral("</td></tr></table>");
}

/// What a browser takes from a style sheet, Qt takes from attributes: code stands in a box, a table
/// has lines.
QString paperHtml(const QString& text) {
    QString html = toHtml(parseMarkdown(text));
    html.replace(QStringLiteral("<table>"),
                 QStringLiteral("<table class=\"grid\" cellspacing=\"0\" cellpadding=\"5\">"));
    html.replace(QStringLiteral("<th>"), QStringLiteral("<th align=\"left\">"));
    // Qt knows no other name for what is struck out.
    html.replace(QStringLiteral("<del>"), QStringLiteral("<s>"));
    html.replace(QStringLiteral("</del>"), QStringLiteral("</s>"));
    static const QString kBox = boxHtml(QStringLiteral("#f4f2ee"), QStringLiteral("%1"));
    const qsizetype cut = kBox.indexOf(QStringLiteral("%1"));
    html.replace(QStringLiteral("<pre><code>"), kBox.left(cut) + QStringLiteral("<pre>"));
    html.replace(QStringLiteral("</code></pre>"),
                 QStringLiteral("</pre>") + kBox.mid(cut + 2) + QStringLiteral("<p></p>"));
    return html;
}

QString linesHtml(const QString& text) {
    return escapeHtml(visibleText(text.trimmed())).replace(u'\n', QStringLiteral("<br>"));
}

QString asideHtml(const QString& html) {
    return QStringLiteral("<p class=\"aside\">") + html + QStringLiteral("</p>");
}

QString paperPiece(const ExportPiece& piece) {
    switch (piece.kind) {
        case ExportPiece::Kind::Words:
            return boxHtml(QStringLiteral("#f1eee8"), linesHtml(piece.text));
        case ExportPiece::Kind::Markdown:
            return paperHtml(piece.text);
        case ExportPiece::Kind::Thinking:
            return asideHtml(escapeHtml(piece.line)) + QStringLiteral("<blockquote>") +
                   linesHtml(piece.text) + QStringLiteral("</blockquote>");
        case ExportPiece::Kind::Call:
            return asideHtml(escapeHtml(piece.detail.isEmpty()
                                            ? piece.line
                                            : piece.line + QStringLiteral(" · ") + piece.detail));
        case ExportPiece::Kind::Notice:
            return asideHtml(linesHtml(piece.text));
        case ExportPiece::Kind::Files: {
            QString html;
            for (const Attachment& one : piece.attachments)
                html += asideHtml(
                    escapeHtml(shownName(one) + QStringLiteral(" · ") + attachedSizeText(one)));
            return html;
        }
    }
    return {};
}

QString paperHead(const ExportTurns& all) {
    return QStringLiteral("<h1>") + escapeHtml(all.title) +
           QStringLiteral("</h1><p class=\"about\">") + escapeHtml(all.about) +
           QStringLiteral("</p>");
}

QString paperTurn(const ExportTurn& turn) {
    QString html = QStringLiteral("<p class=\"who\">") + escapeHtml(turn.who);
    if (!turn.when.isEmpty())
        html +=
            QStringLiteral(" &nbsp;<span class=\"when\">") + turn.when + QStringLiteral("</span>");
    html += QStringLiteral("</p>");
    for (const ExportPiece& piece : turn.pieces) html += paperPiece(piece);
    return html;
}

QFont paperFont(int size) {
    QFont font = QFontDatabase::systemFont(QFontDatabase::GeneralFont);
    if (QFontDatabase::hasFamily("Inter")) font.setFamily("Inter");
    font.setPixelSize(size);
    font.setHintingPreference(QFont::PreferNoHinting);
    return font;
}

// OPTIMIZATION: Qt lays out and paints one large document in more than linear time, so a
// conversation is several, each of which goes on where the one before ends: 5,000
// messages took 14 to 52 s as one and take 3 s.
constexpr int kMostTurns = 40;
constexpr qsizetype kMostHtml = 40'000;

struct Portion {
    std::unique_ptr<QTextDocument> document;
    int firstPage = 0;
};

class Paper {
public:
    explicit Paper(const QSizeF& textSize) : m_textSize(textSize) {
        const QString mono = QFontDatabase::systemFont(QFontDatabase::FixedFont).family();
        m_style =
            QString::fromLatin1(kPaperStyle).replace(QStringLiteral("MONO"), u'"' + mono + u'"');
    }

    void add(const QString& html) {
        auto document = std::make_unique<QTextDocument>();
        document->setUndoRedoEnabled(false);
        document->setUseDesignMetrics(true);
        document->setDocumentMargin(0);
        document->setDefaultFont(paperFont(kTextSize));
        QTextOption option;
        option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
        document->setDefaultTextOption(option);
        document->setDefaultStyleSheet(m_style);
        const QString start =
            m_used > 0 ? QStringLiteral("<p class=\"start\">&nbsp;</p>") : QString();
        document->setHtml(QStringLiteral("<html><body>") + start + html +
                          QStringLiteral("</body></html>"));
        if (m_used > 0) {  // the room that is taken on the page already
            QTextBlockFormat taken;
            taken.setLineHeight(m_used, QTextBlockFormat::FixedHeight);
            taken.setBottomMargin(0);
            QTextCursor(document->firstBlock()).mergeBlockFormat(taken);
        }
        document->setPageSize(m_textSize);
        const int n = document->pageCount();
        const QTextBlock last = document->lastBlock();
        const double bottom = document->documentLayout()->blockBoundingRect(last).bottom() +
                              last.blockFormat().bottomMargin();
        m_used = std::clamp(bottom - (n - 1) * m_textSize.height(), 0.0, m_textSize.height());
        m_portions.push_back({std::move(document), m_firstPage});
        m_firstPage += n - 1;
    }

    [[nodiscard]] int pageCount() const { return m_firstPage + 1; }

    /// The text of one page; pages in order.
    void draw(QPainter& painter, int page) {
        for (; m_next < m_portions.size() && m_portions[m_next].firstPage <= page; ++m_next) {
            const Portion& portion = m_portions[m_next];
            const int own = page - portion.firstPage;
            if (own < portion.document->pageCount()) drawPortion(painter, *portion.document, own);
        }
        if (m_next > 0) --m_next;  // it goes on, on the next page
    }

private:
    void drawPortion(QPainter& painter, QTextDocument& document, int page) const {
        const double top = page * m_textSize.height();
        painter.save();
        painter.translate(kMargin, kMargin - top);
        QAbstractTextDocumentLayout::PaintContext context;
        context.clip = QRectF(0, top, m_textSize.width(), m_textSize.height());
        context.palette.setColor(QPalette::Text, kInk);
        painter.setClipRect(context.clip);
        document.documentLayout()->draw(&painter, context);
        painter.restore();
    }

    QSizeF m_textSize;
    QString m_style;
    std::vector<Portion> m_portions;
    int m_firstPage = 0;  ///< of the next portion
    double m_used = 0;    ///< of that page
    std::size_t m_next = 0;
};

void drawFooter(QPainter& painter,
                const QSizeF& text,
                const QString& title,
                const QString& number) {
    const QFont font = paperFont(kFooterSize);
    painter.setFont(font);
    painter.setPen(kQuietInk);
    const QRectF footer(kMargin, kMargin + text.height() + kFooter / 2, text.width(), kFooter);
    const QString shortened =
        QFontMetricsF(font).elidedText(title, Qt::ElideRight, text.width() * 0.8);
    painter.drawText(footer, Qt::AlignLeft | Qt::AlignVCenter, shortened);
    painter.drawText(footer, Qt::AlignRight | Qt::AlignVCenter, number);
}

}  // namespace

QByteArray toPdfDocument(const ExportTurns& all, const std::stop_token& stop) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    writer.setTitle(all.title);
    writer.setCreator(QStringLiteral("Lares"));
    // Paper is what the country has, whatever language the window speaks.
    const bool isAmerican = QLocale::system().measurementSystem() == QLocale::ImperialUSSystem;
    writer.setPageSize(QPageSize(isAmerican ? QPageSize::Letter : QPageSize::A4));
    writer.setPageMargins({});
    const QSizeF size =
        writer.pageLayout().fullRect(QPageLayout::Point).size() * (kUnitsPerInch / 72) -
        QSizeF(2 * kMargin, 2 * kMargin);

    Paper paper(size);
    QString html = paperHead(all);
    int turns = 0;
    for (const ExportTurn& turn : all.turns) {
        if (stop.stop_requested()) return {};
        html += paperTurn(turn);
        if (++turns < kMostTurns && html.size() < kMostHtml) continue;
        paper.add(std::exchange(html, {}));
        turns = 0;
    }
    if (!html.isEmpty()) paper.add(html);

    QPainter painter;
    if (!painter.begin(&writer)) return {};
    painter.scale(writer.logicalDpiX() / kUnitsPerInch, writer.logicalDpiY() / kUnitsPerInch);
    const int n = paper.pageCount();
    for (int page = 0; page < n && !stop.stop_requested(); ++page) {
        if (page > 0) writer.newPage();
        paper.draw(painter, page);
        drawFooter(painter, size, all.title, QStringLiteral("%1 / %2").arg(page + 1).arg(n));
    }
    painter.end();
    return bytes;
}

}  // namespace lares::app
