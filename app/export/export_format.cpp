#include "app/export/export_format.h"

#include "app/export/conversation_file.h"
#include "app/export/export_documents.h"
#include "app/personas/persona_text.h"
#include "app/transcript/visible_text.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QRegularExpression>

#include <algorithm>

namespace lares::app {
namespace {

constexpr qsizetype kMaxNameBytes = 120;  // of 255 that a file system has, with a folder's own

struct ChoiceText {
    Q_DECLARE_TR_FUNCTIONS(Export)
};

/// A part where it was stopped.
QByteArray bytesOf(const ConversationContent& content,
                   const ExportChoice& choice,
                   const std::stop_token& stop) {
    if (choice.format == ExportFormat::Json) return toConversationFile(content);
    const ExportTurns turns = exportTurns(content, choice.thinking);
    switch (choice.format) {
        case ExportFormat::Markdown:
            return toMarkdownDocument(turns, stop).toUtf8();
        case ExportFormat::Html:
            return toHtmlDocument(turns, stop).toUtf8();
        case ExportFormat::Pdf:
            return toPdfDocument(turns, stop);
        case ExportFormat::Text:
            return toTextDocument(turns, stop).toUtf8();
        case ExportFormat::Json:
            break;
    }
    return {};
}

}  // namespace

std::vector<ExportChoice> exportChoices() {
    using Format = ExportFormat;
    const auto plain = ExportThinking::LeftOut;
    const auto whole = ExportThinking::Included;
    return {{Format::Markdown, plain, ChoiceText::tr("Markdown (*.md)")},
            {Format::Html, plain, ChoiceText::tr("Web page (*.html)")},
            {Format::Pdf, plain, ChoiceText::tr("PDF (*.pdf)")},
            {Format::Text, plain, ChoiceText::tr("Plain text (*.txt)")},
            {Format::Json, whole, ChoiceText::tr("Lares, to be imported again (*.json)")},
            {Format::Markdown, whole, ChoiceText::tr("Markdown with thinking (*.md)")},
            {Format::Html, whole, ChoiceText::tr("Web page with thinking (*.html)")},
            {Format::Pdf, whole, ChoiceText::tr("PDF with thinking (*.pdf)")},
            {Format::Text, whole, ChoiceText::tr("Plain text with thinking (*.txt)")}};
}

QString suffixOf(ExportFormat format) {
    switch (format) {
        case ExportFormat::Markdown:
            return QStringLiteral("md");
        case ExportFormat::Html:
            return QStringLiteral("html");
        case ExportFormat::Pdf:
            return QStringLiteral("pdf");
        case ExportFormat::Text:
            return QStringLiteral("txt");
        case ExportFormat::Json:
            return QStringLiteral("json");
    }
    return {};
}

ExportChoice exportChoice(const QString& path, const QString& filter) {
    const std::vector<ExportChoice> all = exportChoices();
    const auto chosen =
        std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.filter == filter; });
    ExportChoice wanted = chosen == all.end() ? all.front() : *chosen;
    QString suffix = QFileInfo(path).suffix().toLower();
    if (suffix == u"markdown") suffix = QStringLiteral("md");
    if (suffix == u"htm") suffix = QStringLiteral("html");
    if (suffix == suffixOf(wanted.format)) return wanted;
    const auto named = [&](const ExportChoice& one) { return suffixOf(one.format) == suffix; };
    const auto both = std::find_if(all.begin(), all.end(), [&](const ExportChoice& one) {
        return named(one) && one.thinking == wanted.thinking;
    });
    if (both != all.end()) return *both;
    const auto any = std::find_if(all.begin(), all.end(), named);
    return any == all.end() ? wanted : *any;
}

QString safeFileName(const QString& title, const QString& fallback) {
    static const QRegularExpression kForbidden(R"([<>:"/\\|?*\x00-\x1f\x7f])");
    // Devices of Windows, whatever the ending.
    static const QRegularExpression kDevice(
        R"(\A(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])(\.|\s*\z))",
        QRegularExpression::CaseInsensitiveOption);
    QString name;
    splitVisible(
        withWholeCharacters(title), [&](QStringView plain) { name += plain; },
        [](const QString&) {});
    name = name.replace(kForbidden, QStringLiteral(" ")).simplified();
    while (name.startsWith(u'.') || name.startsWith(u' ') || name.startsWith(u'-'))
        name.remove(0, 1);
    while (name.toUtf8().size() > kMaxNameBytes) {
        name.chop(1);
        if (!name.isEmpty() && name.back().isHighSurrogate()) name.chop(1);
    }
    while (name.endsWith(u'.') || name.endsWith(u' ')) name.chop(1);
    if (kDevice.match(name).hasMatch()) name.prepend(u'_');
    return name.isEmpty() ? fallback : name;
}

Result<QByteArray> exported(const ConversationContent& content,
                            const ExportChoice& choice,
                            const std::stop_token& stop) {
    const QByteArray bytes = bytesOf(content, choice, stop);
    if (stop.stop_requested()) return Error{ErrorCode::Cancelled, {}};
    return bytes;
}

}  // namespace lares::app
