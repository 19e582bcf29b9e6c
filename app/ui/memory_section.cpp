#include "app/ui/memory_section.h"

#include "app/chat/chat_controller.h"
#include "app/ui/button.h"
#include "app/ui/flow_layout.h"
#include "app/ui/painting.h"
#include "app/ui/text_label.h"

#include <QVBoxLayout>

#include <array>
#include <chrono>
#include <utility>

namespace lares::app {
namespace {

using namespace std::chrono_literals;

constexpr std::array<std::chrono::minutes, 4> kDelays = {0min, 5min, 30min, 60min};

}  // namespace

MemorySection::MemorySection(const Appearance* appearance,
                             ChatController* controller,
                             QWidget* parent)
    : QWidget(parent)
    , m_appearance(appearance)
    , m_controller(controller)
    , m_note(new TextLabel(appearance, TextLabel::Kind::Caption, {}, this)) {
    auto* idleText = new TextLabel(appearance, TextLabel::Kind::Secondary,
                                   tr("Free the model's memory when nobody has asked for"), this);
    QWidget* delays = makeFlowRow(this, 2);
    const QStringList names = {tr("Never"), tr("5 minutes"), tr("30 minutes"), tr("1 hour")};
    for (std::size_t i = 0; i < kDelays.size(); ++i) {
        Button* choice = makeChoice(names[static_cast<qsizetype>(i)], delays);
        choice->setAccessibleName(
            i == 0 ? tr("Never free the memory")
                   : tr("Free the memory after %1").arg(names[static_cast<qsizetype>(i)]));
        connect(choice, &Button::clicked, this, [this, delay = kDelays[i]] {
            m_controller->setUnloadAfter(delay);
            showState();  // a click also unchecks what was chosen already
        });
        m_delays.push_back(choice);
    }
    auto* cardText = new TextLabel(
        appearance, TextLabel::Kind::Secondary,
        tr("When another program, such as a game, needs the graphics card's memory"), this);
    QWidget* card = makeFlowRow(this, 2);
    m_yield = makeChoice(tr("Put the model away"), card);
    m_stay = makeChoice(tr("Keep it there"), card);
    for (const auto& [button, yields] : {std::pair{m_yield, true}, std::pair{m_stay, false}}) {
        connect(button, &Button::clicked, this, [this, isYielding = yields] {
            m_controller->setYieldsCard(isYielding);
            showState();
        });
    }
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    layout->addWidget(idleText);
    layout->addWidget(delays);
    layout->addWidget(m_note);
    layout->addSpacing(4);
    layout->addWidget(cardText);
    layout->addWidget(card);
    for (TextLabel* label : {idleText, m_note, cardText})
        label->setContentsMargins(kFocusRingRoom, 0, kFocusRingRoom, 0);
    connect(controller, &ChatController::settingChanged, this, &MemorySection::showState);
    showState();
}

Button* MemorySection::makeChoice(const QString& text, QWidget* row) {
    auto* button = new Button(m_appearance, Button::Kind::Choice, text, row);
    button->setCheckable(true);
    row->layout()->addWidget(button);
    return button;
}

void MemorySection::showState() {
    for (std::size_t i = 0; i < kDelays.size(); ++i)
        m_delays[i]->setChecked(m_controller->unloadAfter() == kDelays[i]);
    m_yield->setChecked(m_controller->yieldsCard());
    m_stay->setChecked(!m_controller->yieldsCard());
    const QString kept =
        m_controller->keepsReadings()
            ? tr("What it has read is kept on the disk, so nothing is read twice.")
            : tr("What it has read is not kept on the disk (below), so it reads a conversation "
                 "again then.");
    m_note->setText(
        tr("As soon as you write it is loaded again, which takes about a second. %1").arg(kept));
}

}  // namespace lares::app
