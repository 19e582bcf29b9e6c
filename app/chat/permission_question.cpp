#include "app/chat/permission_question.h"

#include <QCoreApplication>

#include <utility>

namespace lares::app {
namespace {

QString onCard(const std::string& utf8) {
    return QString::fromStdString(utf8);
}

struct CardText {
    Q_DECLARE_TR_FUNCTIONS(PermissionQuestion)
};

QString effectSentence(ToolEffect effect) {
    switch (effect) {
        case ToolEffect::ReadFolders:
            return CardText::tr("Reads only. Nothing is changed.");
        case ToolEffect::ChangeFiles:
            return CardText::tr("Changes files. You can undo all of it afterwards.");
        case ToolEffect::KeepNotes:
            return CardText::tr("New conversations begin with it, until you forget it.");
        case ToolEffect::RunPrograms:  // the next functions
        case ToolEffect::UseServer:
        case ToolEffect::ReadPast:  // never asked about
        case ToolEffect::None:
            break;
    }
    return CardText::tr("Touches no files.");
}

QString commandSentence(const PlannedCommand& command) {
    return command.keeps_changes
               ? CardText::tr(
                     "Runs in a sandbox without a network, on a copy of this folder and nothing "
                     "else of yours. What it changes is then put in place; you can undo all of it.")
               : CardText::tr(
                     "Runs in a sandbox without a network. It can read this folder and nothing "
                     "else of yours, and change nothing.");
}

QString serverSentence(const PlannedServerCall& call) {
    return call.n_folder == 0
               ? CardText::tr(
                     "Asks a tool server of yours, which may keep what it is told. It runs in a "
                     "sandbox without a network, and reads and changes no file of yours.")
               : CardText::tr(
                     "Asks a tool server of yours, which may keep what it is told. It runs in a "
                     "sandbox without a network; it can read the folders that you gave it, and "
                     "changes no file of yours.");
}

QuestionChange::Kind kindOf(FileChange::Kind kind) {
    switch (kind) {
        case FileChange::Kind::MakeFolder:
            return QuestionChange::Kind::MakeFolder;
        case FileChange::Kind::Write:
            return QuestionChange::Kind::Write;
        case FileChange::Kind::Move:
            break;
    }
    return QuestionChange::Kind::Move;
}

QuestionChange::Line::Kind kindOf(DiffLine::Kind kind) {
    using Kind = QuestionChange::Line::Kind;
    switch (kind) {
        case DiffLine::Kind::Removed:
            return Kind::Removed;
        case DiffLine::Kind::Added:
            return Kind::Added;
        case DiffLine::Kind::Gap:
            return Kind::Gap;
        case DiffLine::Kind::Same:
            break;
    }
    return Kind::Same;
}

}  // namespace

PermissionQuestion questionOf(const PermissionPlan& plan) {
    PermissionQuestion question;
    question.verb = onCard(plan.verb);
    question.object = onCard(plan.object);
    if (!plan.paths.empty()) question.path = onCard(plan.paths.front());
    for (const std::string& folder : plan.folders) question.folders << onCard(folder);
    question.effect = effectSentence(plan.effect);
    if (plan.command) {
        question.effect = commandSentence(*plan.command);
        for (const std::string& line : plan.command->lines) question.command << onCard(line);
    }
    if (plan.server) {
        question.effect = serverSentence(*plan.server);
        question.server = onCard(plan.server->server);
        for (const std::string& line : plan.server->lines) question.command << onCard(line);
    }
    if (plan.note) {
        question.note = ProposedNote();
        question.note->text = onCard(*plan.note);
    }
    for (const PlannedChange& change : plan.changes) {
        QuestionChange shown{kindOf(change.kind), onCard(change.before), onCard(change.after),
                             onCard(change.note)};
        for (const DiffLine& line : change.diff.lines)
            shown.lines.push_back({kindOf(line.kind), onCard(line.text)});
        shown.nLeftOut = static_cast<qsizetype>(change.diff.n_left_out);
        question.changes.push_back(std::move(shown));
    }
    return question;
}

}  // namespace lares::app
