#include "app/chat/permission_title.h"

#include "app/chat/chat_controller.h"

#include <QCoreApplication>
#include <QFileInfo>

#include <utility>

namespace lares::app {
namespace {

struct TitleText {
    Q_DECLARE_TR_FUNCTIONS(PermissionQuestion)
};

/// By the broker's verb: what follows it is one name.
constexpr std::pair<const char*, const char*> kTitles[] = {
    {"List the folder", QT_TRANSLATE_NOOP("PermissionQuestion", "List the folder %1")},
    {"Read the file", QT_TRANSLATE_NOOP("PermissionQuestion", "Read the file %1")},
    {"Search the folder", QT_TRANSLATE_NOOP("PermissionQuestion", "Search the folder %1")},
    {"Search the files in", QT_TRANSLATE_NOOP("PermissionQuestion", "Search the files in %1")},
    {"Search the documents in",
     QT_TRANSLATE_NOOP("PermissionQuestion", "Search the documents in %1")},
    {"Run a command in", QT_TRANSLATE_NOOP("PermissionQuestion", "Run a command in %1")},
    {"Make the folder", QT_TRANSLATE_NOOP("PermissionQuestion", "Make the folder %1")},
    {"Edit the file", QT_TRANSLATE_NOOP("PermissionQuestion", "Edit the file %1")},
    {"Replace the file", QT_TRANSLATE_NOOP("PermissionQuestion", "Replace the file %1")},
    {"Write the file", QT_TRANSLATE_NOOP("PermissionQuestion", "Write the file %1")},
};

/// One file or folder gets another place or name.
QString moveTitle(const QuestionChange& change) {
    const QFileInfo before(change.before);
    const QFileInfo after(change.after);
    const QString name = before.fileName();
    if (before.path() == after.path())
        return TitleText::tr("Rename %1 to %2").arg(name, after.fileName());
    const QString folder = QFileInfo(after.path()).fileName();
    return TitleText::tr("Move %1 to %2")
        .arg(name, name == after.fileName() ? folder : folder + '/' + after.fileName());
}

}  // namespace

QString titleOf(const PermissionQuestion& question) {
    for (const auto& [verb, title] : kTitles) {
        if (question.verb == QLatin1String(verb)) return TitleText::tr(title).arg(question.object);
    }
    if (question.verb == u"Remember" && question.object == u"a note")
        return TitleText::tr("Remember a note");
    const bool isOne = question.changes.size() == 1;
    if (isOne && question.changes.front().kind == QuestionChange::Kind::Move)
        return moveTitle(question.changes.front());
    const QString ofServer = " of " + question.server;
    if (!question.server.isEmpty() && question.object.endsWith(ofServer))
        return TitleText::tr("Use %1 of %2")
            .arg(question.object.chopped(ofServer.size()), question.server);
    return question.verb + u' ' + question.object;
}

}  // namespace lares::app
