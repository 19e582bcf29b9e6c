#include "app/ui/server_row.h"

#include "app/ui/appearance.h"
#include "app/ui/button.h"
#include "app/ui/flow_layout.h"
#include "app/ui/painting.h"
#include "app/ui/path_text.h"
#include "app/ui/text_label.h"
#include "tools/sandbox/display_text.h"

#include <QHBoxLayout>
#include <QLocale>
#include <QPainter>
#include <QVBoxLayout>

namespace lares::app {
namespace {

constexpr int kServerInset = 13;
constexpr qsizetype kMaxToolText = 300;
/// Of a definition's JSON: close enough to say what it costs.
constexpr std::size_t kBytesOfAToken = 4;

QString shownOf(const std::string& strangers) {
    return QString::fromStdString(display_text(strangers));
}

QString stateOf(const ServerInfo& info) {
    if (!info.changes.empty()) return ServerRow::tr("Changed");
    if (!info.was_looked_at) return ServerRow::tr("Does not work yet");
    if (!info.is_on) return ServerRow::tr("Off");
    return info.is_running ? ServerRow::tr("On, running") : ServerRow::tr("On");
}

QString toolsSentence(const ServerInfo& info) {
    const std::size_t about = (info.prompt_bytes / kBytesOfAToken + 9) / 10 * 10;
    const QString tokens = QLocale().toString(static_cast<qulonglong>(about));
    return ServerRow::tr("%Ln tool(s), about %1 tokens of every prompt while it is on", nullptr,
                         static_cast<int>(info.tools.size()))
        .arg(tokens);
}

}  // namespace

ServerRow::ServerRow(const Appearance* appearance,
                     const ServerInfo& info,
                     const State& state,
                     QWidget* parent)
    : QWidget(parent)
    , m_appearance(appearance)
    , m_info(info)
    , m_name(QString::fromStdString(info.config.name))
    , m_state(state) {
    setAccessibleName(QStringLiteral("%1, %2").arg(m_name, stateOf(info)));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kServerInset, kServerInset, kServerInset, kServerInset - 3);
    column->setSpacing(5);
    addHead(column);
    addNews(column);
    addButtons(column);
    if (m_state.isUnfolded) addTools(column);
    connect(appearance, &Appearance::changed, this, qOverload<>(&QWidget::update));
}

void ServerRow::addHead(QVBoxLayout* column) {
    auto* line = new QWidget(this);
    auto* row = new QHBoxLayout(line);
    row->setContentsMargins(3, 0, 3, 0);
    row->addWidget(new TextLabel(m_appearance, TextLabel::Kind::Body, m_name, line), 1);
    auto* state = new TextLabel(m_appearance, TextLabel::Kind::Caption, stateOf(m_info), line);
    state->setWordWrap(false);
    row->addWidget(state);
    column->addWidget(line);
    column->addWidget(
        new PathText(m_appearance, shownOf(line_of_words(m_info.config.words)), this));
    QStringList folders;
    for (const std::string& folder : m_info.config.folders) folders << shownOf(folder);
    addLine(column, folders.isEmpty() ? tr("Reads no folder of yours.")
                                      : tr("Reads %1").arg(folders.join(QStringLiteral(", "))));
    if (m_info.was_looked_at) addLine(column, toolsSentence(m_info));
}

void ServerRow::addLine(QVBoxLayout* column, const QString& text) {
    auto* label = new TextLabel(m_appearance, TextLabel::Kind::Secondary, text, this);
    label->setContentsMargins(kFocusRingRoom, 0, kFocusRingRoom, 0);
    column->addWidget(label);
}

/// What the user should know before anything else.
void ServerRow::addNews(QVBoxLayout* column) {
    QStringList lines;
    if (!m_info.problem.empty()) lines << shownOf(m_info.problem);
    if (!m_info.changes.empty()) {
        lines << tr(
            "It describes its tools otherwise than when you looked at them, so none of "
            "them is offered until you accept that:");
        for (const std::string& change : m_info.changes) lines << "· " + shownOf(change);
    }
    if (lines.isEmpty()) return;
    auto* news = new TextLabel(m_appearance, TextLabel::Kind::Note, lines.join('\n'), this);
    news->setContentsMargins(kFocusRingRoom, 2, kFocusRingRoom, 2);
    column->addWidget(news);
}

Button* ServerRow::addButton(QWidget* row, const QString& text, const QString& name) {
    auto* button = new Button(m_appearance, Button::Kind::Plain, text, row);
    button->setAccessibleName(name.arg(m_name));
    button->setEnabled(!m_state.isBusy);
    row->layout()->addWidget(button);
    return button;
}

void ServerRow::addButtons(QVBoxLayout* column) {
    QWidget* row = makeFlowRow(this, 2);
    column->addWidget(row);
    const auto show = [this](bool isUnfolded, bool isAsking) {
        emit stateRequested(m_name, isUnfolded, isAsking);
    };
    if (m_state.isAskingToRemove) {
        connect(addButton(row, tr("Remove it and what it keeps"), tr("Remove %1 for good")),
                &Button::clicked, this, [this] { emit removeRequested(m_name); });
        connect(addButton(row, tr("Keep it"), tr("Keep %1")), &Button::clicked, this,
                [this, show] { show(m_state.isUnfolded, false); });
        return;
    }
    if (!m_info.changes.empty()) {
        connect(addButton(row, tr("Accept"), tr("Accept what %1 offers now")), &Button::clicked,
                this, [this] { emit acceptRequested(m_name, m_info.changes_sha256); });
    }
    if (m_info.was_looked_at) {
        connect(addButton(row, m_info.is_on ? tr("Turn off") : tr("Turn on"),
                          m_info.is_on ? tr("Turn %1 off") : tr("Turn %1 on")),
                &Button::clicked, this, [this] { emit turnRequested(m_name, !m_info.is_on); });
        Button* tools =
            addButton(row, m_state.isUnfolded ? tr("Hide its tools") : tr("Show its tools"),
                      tr("Tools of %1"));
        tools->setEnabled(true);
        connect(tools, &Button::clicked, this, [this, show] { show(!m_state.isUnfolded, false); });
    }
    connect(addButton(row, m_info.was_looked_at ? tr("Look again") : tr("Try again"),
                      tr("Start %1 and look at what it offers")),
            &Button::clicked, this, [this] { emit lookRequested(m_name); });
    connect(addButton(row, tr("Remove…"), tr("Remove %1, after a question")), &Button::clicked,
            this, [this, show] { show(m_state.isUnfolded, true); });
}

void ServerRow::addTools(QVBoxLayout* column) {
    for (const ServerInfo::Tool& tool : m_info.tools) {
        const QString name = shownOf(tool.own_name);
        auto* line = new QWidget(this);
        auto* row = new QHBoxLayout(line);
        row->setContentsMargins(0, 4, 0, 0);
        row->setSpacing(12);
        auto* texts = new QVBoxLayout;
        texts->setSpacing(2);
        texts->addWidget(new PathText(m_appearance, name, line));
        QString description = shownOf(tool.description);
        if (description.size() > kMaxToolText)
            description = description.left(kMaxToolText) + QStringLiteral("…");
        if (!description.isEmpty()) {
            auto* label =
                new TextLabel(m_appearance, TextLabel::Kind::Secondary, description, line);
            label->setContentsMargins(kFocusRingRoom, 0, kFocusRingRoom, 0);
            texts->addWidget(label);
        }
        row->addLayout(texts, 1);
        auto* allowed = new Button(m_appearance, Button::Kind::Choice, tr("Without asking"), line);
        allowed->setCheckable(true);
        allowed->setChecked(tool.is_allowed);
        allowed->setEnabled(!m_state.isBusy);
        allowed->setAccessibleName(tr("%1 of %2 runs without asking").arg(name, m_name));
        connect(allowed, &Button::clicked, this, [this, tool](bool isAllowed) {
            emit allowRequested(m_name, QString::fromStdString(tool.own_name), isAllowed);
        });
        row->addWidget(allowed, 0, Qt::AlignTop);
        column->addWidget(line);
    }
    for (const std::string& why : m_info.left_out)
        addLine(column, tr("Not offered: %1").arg(shownOf(why)));
}

void ServerRow::paintEvent(QPaintEvent*) {
    const Theme& theme = m_appearance->theme();
    QPainter painter(this);
    paintSurface(painter, rect(), Theme::kCardRadius, theme.card, theme.hairline);
}

}  // namespace lares::app
