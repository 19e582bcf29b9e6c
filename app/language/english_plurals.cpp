#include "app/language/english_plurals.h"

#include <QCoreApplication>

namespace lares::app {
namespace {

/// What stands in the parentheses, for a number.
QString formFor(QStringView forms, int n) {
    const auto between = forms.indexOf(u'|');
    if (between < 0) return n == 1 ? QString() : forms.toString();
    return (n == 1 ? forms.first(between) : forms.sliced(between + 1)).toString();
}

bool areForms(QStringView inside) {
    return inside == u"s" || inside.count(u'|') == 1;
}

void speakEnglish() {
    QCoreApplication::installTranslator(new EnglishPlurals(QCoreApplication::instance()));
}  // NOLINT(clang-analyzer-cplusplus.NewDeleteLeaks): its parent owns it
Q_COREAPP_STARTUP_FUNCTION(speakEnglish)

}  // namespace

QString EnglishPlurals::translate(const char*, const char* source, const char*, int n) const {
    if (n < 0) return {};
    QString text = QString::fromUtf8(source);
    // The innermost ones: a sentence may stand in parentheses itself.
    for (qsizetype end = text.indexOf(u')'); end >= 0; end = text.indexOf(u')', end + 1)) {
        const auto at = text.lastIndexOf(u'(', end);
        const QString forms = at < 0 ? QString() : text.mid(at + 1, end - at - 1);
        if (!areForms(forms)) continue;
        const QString form = formFor(forms, n);
        text.replace(at, end - at + 1, form);
        end = at + form.size() - 1;
    }
    return text;
}

}  // namespace lares::app
