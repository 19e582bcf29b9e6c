#include "app/transcript/answer_sources.h"

#include "app/chat/call_sources.h"
#include "app/transcript/visible_text.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QLocale>
#include <QSet>

#include <utility>

namespace lares::app {
namespace {

struct SourcesText {
    Q_DECLARE_TR_FUNCTIONS(AnswerSources)
};

// No path: those are absolute.
constexpr QLatin1String kMessageLink("message:");

QString labelOf(const CallSource& source) {
    if (source.conversation == 0) {
        const QString name = visibleText(QFileInfo(source.path).fileName());
        return source.page.isEmpty() ? name
                                     : name + QStringLiteral(", ") + visibleText(source.page);
    }
    const QString title = visibleText(source.path);
    if (!source.when.isValid()) return title;
    const QDate day = source.when.toLocalTime().date();
    return QStringLiteral("%1 (%2)").arg(title, QLocale().toString(day, QLocale::ShortFormat));
}

QString linkOf(const CallSource& source) {
    if (source.conversation == 0) return source.path;
    return kMessageLink + QString::number(source.conversation) + u'/' +
           QString::number(source.message);
}

}  // namespace

std::optional<PlaceOfMessage> sourceMessageOf(const QString& link) {
    if (!link.startsWith(kMessageLink)) return std::nullopt;
    const QStringList ids = link.mid(kMessageLink.size()).split(u'/');
    return PlaceOfMessage{ids.value(0).toLongLong(), ids.value(1).toLongLong()};
}

MarkdownBlock sourcesBlock(const ChatMessage& message) {
    MarkdownBlock block;
    QSet<QString> seen;
    int nMore = 0;
    for (const Part& part : message.parts) {
        if (part.kind != Part::Kind::ToolCall || part.callState != Part::CallState::Done) continue;
        for (const CallSource& source : sourcesOf(part)) {
            const QString label = labelOf(source);
            // Of messages of one day the best passage's is the one to begin with.
            const QString place = source.conversation != 0
                                      ? QString::number(source.conversation) + u'\n' + label
                                      : source.path + u'\n' + source.page;
            if (source.path.isEmpty() || seen.contains(place)) continue;
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
            block.links << linkOf(source);
        }
    }
    if (nMore > 0)
        block.text += QStringLiteral(" · ") + SourcesText::tr("and %Ln more", nullptr, nMore);
    return block;
}

}  // namespace lares::app
