#include "app/ui/open_source.h"

#include "app/chat/chat_controller.h"
#include "app/chat/conversation_list_model.h"
#include "app/transcript/visible_text.h"
#include "tools/policy/sensitive_names.h"

#include <QCoreApplication>
#include <QDesktopServices>
#include <QFileInfo>

namespace lares::app {
namespace {

struct OpenText {
    Q_DECLARE_TR_FUNCTIONS(OpenSource)
};

}  // namespace

QUrl openedForSource(const QString& path) {
    const QFileInfo file(path);
    if (path.isEmpty() || !file.isAbsolute() || !file.isFile()) return {};
    const bool mayRun = file.isExecutable() || is_sensitive_path(file.fileName().toStdString());
    return QUrl::fromLocalFile(mayRun ? file.absolutePath() : path);
}

QString openSource(const QString& path) {
    const QUrl url = openedForSource(path);
    if (url.isEmpty()) return OpenText::tr("%1 is not there any more.").arg(visibleText(path));
    if (!QDesktopServices::openUrl(url))
        return OpenText::tr("No program of the desktop opens %1.").arg(visibleText(path));
    return {};
}

QString openSourceMessage(ChatController& controller,
                          ConversationId conversation,
                          MessageId message,
                          const std::function<void()>& leave) {
    if (controller.conversations()->rowOf(conversation) < 0)
        return OpenText::tr(
            "That conversation was deleted. Settings brings back what is still in the trash.");
    leave();
    controller.openMessage(conversation, message);
    return {};
}

}  // namespace lares::app
