#include "app/ui/first_run_page.h"

#include "app/ui/appearance.h"
#include "app/ui/button.h"
#include "app/ui/network_proof.h"
#include "app/ui/option_card.h"
#include "tools/sandbox/open_beneath.h"

#include <QScrollBar>
#include <QVBoxLayout>

#include <algorithm>

namespace lares::app {
namespace {

constexpr int kFirstRunSteps = 3;

/// A widget that was just added is shown later by its layout, and takes no focus before.
void focusNow(QWidget* widget) {
    widget->show();
    widget->setFocus(Qt::OtherFocusReason);
}

}  // namespace

FirstRunPage::FirstRunPage(const Appearance* appearance,
                           const std::vector<Persona>& personas,
                           QWidget* parent)
    : Page(appearance, tr("Welcome"), parent), m_personas(personas) {
    setCentred();
    showStep(0);
}

void FirstRunPage::showStep(int step) {
    m_step = std::clamp(step, 0, kFirstRunSteps - 1);
    clearLayout(columnLayout());
    addText(TextLabel::Kind::Caption, tr("%1 of %2").arg(m_step + 1).arg(kFirstRunSteps));
    if (m_step == 0) showLocal();
    if (m_step == 1) showModels();
    if (m_step == 2) showPersonas();
    verticalScrollBar()->setValue(0);
}

void FirstRunPage::showLocal() {
    addText(TextLabel::Kind::Title, tr("Everything stays on this computer"));
    addSpace(4);
    addText(TextLabel::Kind::Body,
            tr("Lares runs the language model inside this program. There is no account and no "
               "server. Your conversations are one file in your home folder that only you can "
               "read."));
    addText(
        TextLabel::Kind::Body,
        has_file_sandbox()
            ? tr("It reads or changes a file or folder only after you allowed that one, and you "
                 "can take it back. What it changed can be undone.")
            : tr("It has no tools for files on this system yet, so it reads and changes none."));
    addSpace(8);
    auto* prove = new Button(appearance(), Button::Kind::Plain, tr("Show me the proof"), column());
    addRow({prove});
    TextLabel* proof = addText(TextLabel::Kind::Secondary, {});
    proof->hide();
    connect(prove, &Button::clicked, this, [proof] {
        proof->setText(describeSockets(countOpenSockets()));
        proof->show();
    });
    addNavigation(tr("Continue"), [this] { showStep(1); });
}

void FirstRunPage::showModels() {
    addText(TextLabel::Kind::Title, tr("Which model should answer?"));
    addSpace(4);
    auto* file = new OptionCard(
        appearance(), tr("I have the file"),
        tr("A GGUF file of NVIDIA Nemotron 3 Nano 4B, about 2.9 GB as Q4_K_M. Lares reads it where "
           "it lies and does not copy it."),
        column());
    auto* demo = new OptionCard(
        appearance(), tr("Try the demo model"),
        tr("Lares Mini comes with the program: a few megabytes, trained by us on made-up "
           "dialogues. It answers at once and shows how everything works. It is a toy: do not "
           "trust what it says."),
        column());
    connect(file, &OptionCard::clicked, this, &FirstRunPage::modelFileRequested);
    connect(demo, &OptionCard::clicked, this, [this] {
        emit demoRequested();
        showStep(2);
    });
    addWidget(file);
    addWidget(demo);
    addSpace(4);
    addText(TextLabel::Kind::Secondary,
            tr("Lares cannot download a model yet. You can choose another one in Settings at any "
               "time."));
    addNavigation({}, {});
    focusNow(file);
}

void FirstRunPage::showPersonas() {
    addText(TextLabel::Kind::Title, tr("Who should answer?"));
    addSpace(4);
    OptionCard* first = nullptr;
    for (const Persona& persona : m_personas) {
        auto* option = new OptionCard(appearance(), persona.name, persona.greeting, column());
        connect(option, &OptionCard::clicked, this, [this, id = persona.id] {
            emit personaChosen(id);
            emit finished();
        });
        addWidget(option);
        if (first == nullptr) first = option;
    }
    addSpace(4);
    addText(TextLabel::Kind::Secondary, tr("Each conversation can have another one."));
    addNavigation({}, {});
    if (first != nullptr) focusNow(first);
}

void FirstRunPage::addNavigation(const QString& next, const std::function<void()>& go) {
    addSpace(16);
    std::vector<QWidget*> buttons;
    if (!next.isEmpty()) {
        auto* forward = new Button(appearance(), Button::Kind::Primary, next, column());
        connect(forward, &Button::clicked, this, go);
        buttons.push_back(forward);
    }
    if (m_step > 0) {
        auto* back = new Button(appearance(), Button::Kind::Plain, tr("Back"), column());
        connect(back, &Button::clicked, this, [this] { showStep(m_step - 1); });
        buttons.push_back(back);
    }
    if (m_step == 1) {
        auto* later = new Button(appearance(), Button::Kind::Plain, tr("Decide later"), column());
        connect(later, &Button::clicked, this, [this] { showStep(2); });
        buttons.push_back(later);
    }
    addRow(buttons)->show();
    if (!next.isEmpty()) focusNow(buttons.front());
}

}  // namespace lares::app
