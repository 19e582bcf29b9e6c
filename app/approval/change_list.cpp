#include "app/approval/change_list.h"

#include "app/approval/diff_view.h"
#include "app/ui/appearance.h"
#include "app/ui/button.h"
#include "app/ui/icons.h"
#include "app/ui/path_text.h"
#include "app/ui/text_label.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>

namespace lares::app {
namespace {

QString folderOf(const QString& path) {
    return path.left(std::max<qsizetype>(path.lastIndexOf('/'), 1));
}

/// The path below the folder, or the whole path where it is not in there.
QString below(const QString& path, const QString& folder) {
    return !folder.isEmpty() && path.startsWith(folder + '/') ? path.mid(folder.size() + 1) : path;
}

/// The deepest folder that holds all of these paths; empty: there is none but the root.
QString commonFolder(const QStringList& paths) {
    if (paths.isEmpty()) return {};
    QString common = folderOf(paths.first());
    for (const QString& path : paths) {
        while (common.size() > 1 && !path.startsWith(common + '/')) common = folderOf(common);
    }
    return common == QLatin1String("/") ? QString() : common;
}

/// An icon of the theme's quiet colour.
class LineIcon : public QWidget {
public:
    LineIcon(const Appearance* appearance, Icon icon, QWidget* parent)
        : QWidget(parent), m_appearance(appearance), m_icon(icon) {
        const int side = appearance->theme().scaled(16);
        setFixedSize(side, appearance->theme().scaled(19));
    }

protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        paintIcon(painter, m_icon, QRectF(rect()).adjusted(1, 1, -1, -1),
                  m_appearance->theme().secondaryText);
    }

private:
    const Appearance* m_appearance;
    Icon m_icon;
};

Icon iconOf(QuestionChange::Kind kind) {
    switch (kind) {
        case QuestionChange::Kind::MakeFolder:
            return Icon::Folder;
        case QuestionChange::Kind::Write:
            return Icon::Edit;
        case QuestionChange::Kind::Move:
            break;
    }
    return Icon::File;
}

}  // namespace

ChangeList::ChangeList(const Appearance* appearance,
                       const std::vector<QuestionChange>& changes,
                       QWidget* parent)
    : QWidget(parent)
    , m_appearance(appearance)
    , m_changes(changes)
    , m_column(new QVBoxLayout(this)) {
    QStringList from;
    QStringList to;
    for (const QuestionChange& change : changes) {
        if (!change.before.isEmpty()) from << change.before;
        to << change.after;
    }
    m_from = commonFolder(from);
    m_to = commonFolder(to);
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(2);
    if (!from.isEmpty() && m_from == m_to) {
        m_column->addWidget(makePlaceLine(appearance, tr("In"), m_to, this));
    } else {
        if (!m_from.isEmpty())
            m_column->addWidget(makePlaceLine(appearance, tr("From"), m_from, this));
        if (!m_to.isEmpty())
            m_column->addWidget(
                makePlaceLine(appearance, from.isEmpty() ? tr("In") : tr("To"), m_to, this));
    }
    // One line more than is folded needs no button in its place.
    const auto n = static_cast<int>(changes.size());
    const int nShown = n <= kFoldedLines + 1 ? n : kFoldedLines;
    addLines(0, static_cast<std::size_t>(nShown));
    if (nShown < n) {
        m_more = new Button(appearance, Button::Kind::Quiet, tr("Show all %1").arg(n), this);
        connect(m_more, &Button::clicked, this, &ChangeList::unfold);
        m_column->addWidget(m_more, 0, Qt::AlignLeft);
    }
    setAccessibleName(tr("What would change"));
    setAccessibleDescription(spoken(changes));
}

QWidget* makePlaceLine(const Appearance* appearance,
                       const QString& label,
                       const QString& path,
                       QWidget* parent) {
    auto* line = new QWidget(parent);
    auto* row = new QHBoxLayout(line);
    row->setContentsMargins(3, 0, 0, 0);
    row->setSpacing(6);
    auto* name = new TextLabel(appearance, TextLabel::Kind::Caption, label, line);
    name->setMinimumWidth(appearance->theme().scaled(34));
    row->addWidget(name, 0, Qt::AlignTop);
    row->addWidget(new PathText(appearance, path, line), 1);
    return line;
}

QWidget* ChangeList::makeLine(const QuestionChange& change) {
    auto* line = new QWidget(this);
    auto* row = new QHBoxLayout(line);
    row->setContentsMargins(3, 0, 0, 0);
    row->setSpacing(6);
    row->addWidget(new LineIcon(m_appearance, iconOf(change.kind), line), 0, Qt::AlignTop);
    const QString after = below(change.after, m_to);
    if (change.kind == QuestionChange::Kind::Move) {
        const QString before = below(change.before, m_from);
        row->addWidget(new PathText(m_appearance, before, line), 1);
        if (before != after) {
            row->addWidget(new LineIcon(m_appearance, Icon::ArrowRight, line), 0, Qt::AlignTop);
            row->addWidget(new PathText(m_appearance, after, line), 1);
        }
    } else {
        row->addWidget(new PathText(m_appearance, after, line), 1);
    }
    if (!change.note.isEmpty()) {
        auto* note = new TextLabel(m_appearance, TextLabel::Kind::Caption, change.note, line);
        note->setContentsMargins(0, 0, 3, 0);
        row->addWidget(note, 0, Qt::AlignTop);
    }
    return line;
}

void ChangeList::unfold() {
    m_more->hide();
    m_more->deleteLater();
    m_column->removeWidget(m_more);
    addLines(kFoldedLines, m_changes.size());
    updateGeometry();
}

void ChangeList::addLines(std::size_t first, std::size_t end) {
    // One text may take more of the card than each of several.
    const int foldedLines = m_changes.size() == 1 ? 16 : 4;
    for (std::size_t i = first; i < end; ++i) {
        m_column->addWidget(makeLine(m_changes[i]));
        if (!m_changes[i].lines.empty())
            m_column->addWidget(new DiffView(m_appearance, m_changes[i], foldedLines, this));
    }
}

QString ChangeList::spoken(const std::vector<QuestionChange>& changes) {
    QStringList lines;
    for (const QuestionChange& change : changes) {
        QString line = change.kind == QuestionChange::Kind::Move
                           ? tr("move %1 to %2").arg(change.before, change.after)
                       : change.kind == QuestionChange::Kind::MakeFolder
                           ? tr("make the folder %1").arg(change.after)
                           : tr("write %1").arg(change.after);
        if (!change.note.isEmpty()) line += QStringLiteral(" (%1)").arg(change.note);
        lines << line;
        if (!change.lines.empty()) lines << DiffView::spoken(change);
    }
    return lines.join('\n');
}

}  // namespace lares::app
