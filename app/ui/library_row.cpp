#include "app/ui/library_row.h"

#include "app/ui/appearance.h"
#include "app/ui/button.h"
#include "app/ui/flow_layout.h"
#include "app/ui/painting.h"
#include "app/ui/path_text.h"
#include "app/ui/progress_line.h"
#include "app/ui/text_label.h"
#include "tools/sandbox/display_text.h"

#include <QHBoxLayout>
#include <QLocale>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>

namespace lares::app {
namespace {

constexpr int kLibraryInset = 13;
constexpr std::size_t kShownFiles = 20;

QString numberOf(std::size_t n) {
    return QLocale().toString(static_cast<qulonglong>(n));
}

QString stateOfFolder(const DocumentLibrary::Folder& folder) {
    const LibraryFolder& facts = folder.facts;
    const QString files = LibraryRow::tr("%Ln file(s)", nullptr, static_cast<int>(facts.n_file));
    const QString passages =
        LibraryRow::tr("%Ln passage(s)", nullptr, static_cast<int>(facts.n_passage));
    const QString both = LibraryRow::tr("%1, %2").arg(files, passages);
    return facts.updated_ms == 0 ? LibraryRow::tr("%1, not read to the end yet").arg(both) : both;
}

}  // namespace

LibraryRow::LibraryRow(const Appearance* appearance,
                       const DocumentLibrary::Folder& folder,
                       bool isUnfolded,
                       QWidget* parent)
    : QWidget(parent)
    , m_appearance(appearance)
    , m_folder(folder)
    , m_path(QString::fromStdString(folder.facts.path))
    , m_state(new TextLabel(appearance, TextLabel::Kind::Secondary, {}, this))
    , m_progress(new ProgressLine(appearance, this)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kLibraryInset, kLibraryInset, kLibraryInset, kLibraryInset - 3);
    column->setSpacing(5);
    const QString shown = QString::fromStdString(display_text(folder.facts.path));
    column->addWidget(new PathText(appearance, shown, this));
    column->addWidget(m_state);
    column->addWidget(m_progress);
    m_state->setContentsMargins(kFocusRingRoom, 0, kFocusRingRoom, 0);
    if (!folder.problem.isEmpty()) {
        auto* problem = new TextLabel(appearance, TextLabel::Kind::Note, folder.problem, this);
        problem->setContentsMargins(kFocusRingRoom, 0, kFocusRingRoom, 0);
        column->addWidget(problem);
    }
    QWidget* buttons = makeFlowRow(this, 2);
    column->addWidget(buttons);
    if (!folder.unreadable.empty()) {
        auto* files = new Button(
            appearance, Button::Kind::Plain,
            isUnfolded ? tr("Hide what could not be read")
                       : tr("What could not be read (%1)").arg(numberOf(folder.unreadable.size())),
            buttons);
        files->setAccessibleName(tr("Files of %1 that could not be read").arg(shown));
        connect(files, &Button::clicked, this,
                [this, isUnfolded] { emit unfoldRequested(m_path, !isUnfolded); });
        buttons->layout()->addWidget(files);
    }
    auto* remove = new Button(appearance, Button::Kind::Plain, tr("Remove"), buttons);
    remove->setAccessibleName(tr("Remove %1 from the library").arg(shown));
    connect(remove, &Button::clicked, this, [this] { emit removeRequested(m_path); });
    buttons->layout()->addWidget(remove);
    if (isUnfolded) addUnreadable(column);
    connect(appearance, &Appearance::changed, this, qOverload<>(&QWidget::update));
    setReading({});
}

void LibraryRow::setReading(const std::optional<UpdateProgress>& progress) {
    m_progress->setVisible(progress.has_value());
    QString state = stateOfFolder(m_folder);
    if (progress) {
        const auto n = static_cast<double>(std::max<std::size_t>(progress->n_file, 1));
        m_progress->setShare(static_cast<double>(progress->n_done) / n);
        state = tr("Reading: %1 of %2 files")
                    .arg(numberOf(progress->n_done), numberOf(progress->n_file));
    }
    m_state->setText(state);
    setAccessibleName(QStringLiteral("%1, %2").arg(m_path, state));
}

void LibraryRow::addUnreadable(QVBoxLayout* column) {
    const auto addLine = [&](const QString& text) {
        auto* line = new TextLabel(m_appearance, TextLabel::Kind::Secondary, text, this);
        line->setContentsMargins(kFocusRingRoom, 0, kFocusRingRoom, 0);
        column->addWidget(line);
    };
    const std::size_t n = m_folder.unreadable.size();
    for (std::size_t i = 0; i < std::min(n, kShownFiles); ++i) {
        const UnreadableFile& file = m_folder.unreadable[i];
        const std::string below =
            file.path.substr(std::min(file.path.size(), m_folder.facts.path.size() + 1));
        addLine(QString::fromStdString(display_text(below + " " + file.reason)));
    }
    if (n > kShownFiles) addLine(tr("… and %1 more").arg(numberOf(n - kShownFiles)));
}

void LibraryRow::paintEvent(QPaintEvent*) {
    const Theme& theme = m_appearance->theme();
    QPainter painter(this);
    paintSurface(painter, rect(), Theme::kCardRadius, theme.card, theme.hairline);
}

}  // namespace lares::app
