#include "app/export/import_report.h"

#include "app/personas/imported_persona.h"

#include <QCoreApplication>
#include <QLocale>

namespace lares::app {
namespace {

struct ReportText {
    Q_DECLARE_TR_FUNCTIONS(Import)
};

QString leftOutText(const LeftOut& leftOut) {
    QStringList all;
    if (leftOut.pictures > 0)
        all << ReportText::tr("%Ln picture(s) or other file(s)", nullptr, leftOut.pictures);
    if (leftOut.toolSteps > 0)
        all << ReportText::tr("%Ln step(s) of tools", nullptr, leftOut.toolSteps);
    if (leftOut.instructions > 0)
        all << ReportText::tr("%Ln text(s) of instructions", nullptr, leftOut.instructions);
    return all.join(QStringLiteral(", "));
}

}  // namespace

QString sentenceOf(const ImportReport& report) {
    QStringList sentences;
    if (report.added > 0)
        sentences << ReportText::tr("Imported %Ln conversation(s).", nullptr, report.added);
    if (report.known > 0)
        sentences << ReportText::tr(
            "%Ln (was|were) here already, so (it was left as it is|they were left as they are).",
            nullptr, report.known);
    if (report.personas > 0)
        sentences << ReportText::tr("%Ln persona(s) came along.", nullptr, report.personas);
    if (report.notes > 0)
        sentences << ReportText::tr("%Ln note(s) came along.", nullptr, report.notes);
    if (report.brokenTexts > 0)
        sentences << ReportText::tr("%Ln persona(s) or note(s) could not be read.", nullptr,
                                    report.brokenTexts);
    if (!report.refusals.isEmpty())
        sentences << ReportText::tr("%Ln persona(s) or note(s) (was|were) not kept: %1", nullptr,
                                    static_cast<int>(report.refusals.size()))
                         .arg(report.refusals.front());
    if (report.broken > 0)
        sentences << (report.broken > report.reasons.size()
                          ? ReportText::tr("%Ln could not be read: %1; and others.", nullptr,
                                           report.broken)
                          : ReportText::tr("%Ln could not be read: %1.", nullptr, report.broken))
                         .arg(report.reasons.join(QStringLiteral("; ")));
    if (const QString left = leftOutText(report.leftOut); !left.isEmpty())
        sentences << ReportText::tr("Left out, because Lares keeps texts alone: %1.").arg(left);
    if (!report.unknown.isEmpty())
        sentences << ReportText::tr("Left out, because this version of Lares does not know it: %1.")
                         .arg(shownNames(report.unknown));
    if (report.isCutOff)
        sentences << ReportText::tr(
            "The file is not whole: it ends before its end. What stood before "
            "that was read; look for a better copy of it.");
    if (!report.failure.isEmpty()) sentences << report.failure;
    if (report.added + report.known + report.personas + report.notes == 0) {
        sentences.prepend(report.knownTexts > 0
                              ? ReportText::tr("There is nothing new in the file.")
                              : ReportText::tr("Nothing was imported."));
    }
    return sentences.join(u' ');
}

}  // namespace lares::app
