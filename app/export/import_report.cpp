#include "app/export/import_report.h"

#include <QCoreApplication>
#include <QLocale>

namespace lares::app {
namespace {

QString reportText(const char* text) {
    return QCoreApplication::translate("Import", text);
}

QString counted(int n, const char* one, const char* many) {
    return n == 1 ? reportText(one) : reportText(many).arg(QLocale().toString(n));
}

QString leftOutText(const LeftOut& leftOut) {
    QStringList all;
    if (leftOut.pictures > 0)
        all << counted(leftOut.pictures, "1 picture or other file", "%1 pictures and other files");
    if (leftOut.toolSteps > 0)
        all << counted(leftOut.toolSteps, "1 step of a tool", "%1 steps of tools");
    if (leftOut.instructions > 0)
        all << counted(leftOut.instructions, "1 text of instructions", "%1 texts of instructions");
    return all.join(QStringLiteral(", "));
}

}  // namespace

QString sentenceOf(const ImportReport& report) {
    QStringList sentences;
    if (report.added > 0)
        sentences << counted(report.added, "Imported 1 conversation.",
                             "Imported %1 conversations.");
    if (report.known > 0)
        sentences << counted(report.known, "1 was here already, so it was left as it is.",
                             "%1 were here already, so they were left as they are.");
    if (report.personas > 0)
        sentences << counted(report.personas, "1 persona came along.", "%1 personas came along.");
    if (report.notes > 0)
        sentences << counted(report.notes, "1 note came along.", "%1 notes came along.");
    if (report.brokenTexts > 0)
        sentences << counted(report.brokenTexts, "1 persona or note could not be read.",
                             "%1 personas and notes could not be read.");
    if (!report.refusals.isEmpty())
        sentences << counted(static_cast<int>(report.refusals.size()),
                             "1 persona or note was not kept: ",
                             "%1 personas and notes were not kept: ") +
                         report.refusals.front();
    if (report.broken > 0)
        sentences << counted(report.broken, "1 could not be read: ", "%1 could not be read: ") +
                         report.reasons.join(QStringLiteral("; ")) +
                         (report.broken > report.reasons.size() ? reportText("; and others.")
                                                                : QStringLiteral("."));
    if (const QString left = leftOutText(report.leftOut); !left.isEmpty())
        sentences << reportText("Left out, because Lares keeps texts alone: %1.").arg(left);
    if (report.isCutOff)
        sentences << reportText(
            "The file is not whole: it ends before its end. What stood before "
            "that was read; look for a better copy of it.");
    if (!report.failure.isEmpty()) sentences << report.failure;
    if (report.added + report.known + report.personas + report.notes == 0) {
        sentences.prepend(report.knownTexts > 0 ? reportText("There is nothing new in the file.")
                                                : reportText("Nothing was imported."));
    }
    return sentences.join(u' ');
}

}  // namespace lares::app
