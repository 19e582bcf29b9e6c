#include "app/chat/read_before.h"

#include "app/chat/attachment.h"
#include "app/chat/call_sources.h"
#include "app/chat/conversation_model.h"
#include "tools/sandbox/display_text.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QLocale>

namespace lares::app {
namespace {

constexpr qsizetype kMostNamed = 4;

struct OriginText {
    Q_DECLARE_TR_FUNCTIONS(ReadBefore)
};

/// Names in the order in which they were met last, each once.
class Names {
public:
    void add(const QString& name) {
        const QString shown = QString::fromStdString(display_text(name.toStdString()));
        if (shown.isEmpty()) return;
        m_names.removeOne(shown);
        m_names << shown;
    }
    void addOf(const Part& part) {
        if (part.kind == Part::Kind::Attachment) return add(attachmentOf(part).name);
        if (part.kind != Part::Kind::ToolCall || part.callState != Part::CallState::Done) return;
        const qsizetype server = part.toolName.indexOf(QLatin1String("__"));
        if (server > 0) {
            return add(OriginText::tr("the tool server %1").arg(part.toolName.left(server)));
        }
        const std::vector<CallSource> sources = sourcesOf(part);
        for (const CallSource& source : sources) {
            if (source.conversation == 0) {
                addPath(source.path);
            } else {
                add(OriginText::tr("the conversation “%1”").arg(source.path));
            }
        }
        if (!sources.empty()) return;
        for (const QJsonValue path : part.data["paths"].toArray()) addPath(path.toString());
    }
    [[nodiscard]] const QStringList& all() const { return m_names; }

private:
    void addPath(const QString& path) { add(path.section('/', -1, -1, QString::SectionSkipEmpty)); }

    QStringList m_names;
};

}  // namespace

QString readBefore(const ConversationModel& conversation,
                   const ChatMessage& answer,
                   std::size_t call) {
    Names names;
    const int end = conversation.rowOf(answer.id);
    for (int row = 0; row < end; ++row) {
        for (const Part& part : conversation.messageAt(row).parts) names.addOf(part);
    }
    for (std::size_t i = 0; i < call && i < answer.parts.size(); ++i) names.addOf(answer.parts[i]);
    const QStringList& all = names.all();
    if (all.isEmpty())
        return OriginText::tr(
            "The model proposes this. It has read no file and no tool server here.");
    const qsizetype nMore = all.size() - kMostNamed;
    QString list = all.mid(std::max<qsizetype>(nMore, 0)).join(QStringLiteral(", "));
    if (nMore > 0) list = OriginText::tr("%1 and %2 more").arg(list, QLocale().toString(nMore));
    return OriginText::tr(
               "The model proposes this. It has read %1 here, and any text can ask for a note: "
               "keep it only if you want it.")
        .arg(list);
}

}  // namespace lares::app
