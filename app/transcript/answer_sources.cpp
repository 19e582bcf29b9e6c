#include "app/transcript/answer_sources.h"

#include "app/transcript/visible_text.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QJsonArray>
#include <QSet>

#include <utility>

namespace lares::app {
namespace {

struct SourcesText {
    Q_DECLARE_TR_FUNCTIONS(AnswerSources)
};

}  // namespace

MarkdownBlock sourcesBlock(const ChatMessage& message) {
    MarkdownBlock block;
    QSet<QString> seen;
    int nMore = 0;
    for (const Part& part : message.parts) {
        if (part.kind != Part::Kind::ToolCall || part.callState != Part::CallState::Done) continue;
        for (const QJsonValue& source : part.data["sources"].toArray()) {
            const QString path = source["path"].toString();
            const QString page = source["page"].toString();
            QString label = visibleText(QFileInfo(path).fileName());
            if (!page.isEmpty()) label += QStringLiteral(", ") + visibleText(page);
            const QString place = path + QChar(u'\n') + page;
            if (path.isEmpty() || seen.contains(place)) continue;
            seen.insert(place);
            if (block.links.size() == kMaxShownSources) {
                ++nMore;
                continue;
            }
            block.text +=
                block.links.isEmpty() ? SourcesText::tr("Sources:") + u' ' : QStringLiteral(" · ");
            InlineSpan span;
            span.start = static_cast<int>(block.text.size());
            span.length = static_cast<int>(label.size());
            span.styles = InlineSpan::Link;
            span.link = static_cast<int>(block.links.size());
            block.spans.push_back(span);
            block.text += label;
            block.links << path;
        }
    }
    if (nMore > 0)
        block.text += QStringLiteral(" · ") + SourcesText::tr("and %Ln more", nullptr, nMore);
    return block;
}

}  // namespace lares::app
