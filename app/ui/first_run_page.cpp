#include "app/ui/first_run_page.h"

#include "app/models/download_text.h"
#include "app/ui/appearance.h"
#include "app/ui/button.h"
#include "app/ui/download_panel.h"
#include "app/ui/network_proof.h"
#include "app/ui/option_card.h"
#include "tools/sandbox/open_beneath.h"

#include <QDir>
#include <QHBoxLayout>
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

bool isUnderWay(ModelDownload::State state) {
    return state != ModelDownload::State::Unavailable && state != ModelDownload::State::Offered;
}

QString shortPath(const QString& path) {
    const QString home = QDir::homePath() + '/';
    return path.startsWith(home) ? "~/" + path.mid(home.size()) : path;
}

}  // namespace

FirstRunPage::FirstRunPage(const Appearance* appearance,
                           const std::vector<Persona>& personas,
                           ModelDownload* download,
                           QWidget* parent)
    : Page(appearance, tr("Welcome"), parent), m_personas(personas), m_download(download) {
    setCentred();
    // The panel shows what goes on; the page changes only where it offers other things.
    connect(download, &ModelDownload::changed, this, [this] {
        if (m_step == 1 && isUnderWay(m_download->state()) != isUnderWay(m_shownDownload))
            showStep(1);
    });
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

OptionCard* FirstRunPage::makeFileCard() {
    auto* card = new OptionCard(
        appearance(), tr("I have the file"),
        tr("A GGUF file of NVIDIA Nemotron 3 Nano 4B, 2.8 GB as Q4_K_M. Lares reads it where it "
           "lies and does not copy it."),
        column());
    connect(card, &OptionCard::clicked, this, &FirstRunPage::modelFileRequested);
    return card;
}

OptionCard* FirstRunPage::makeDemoCard(const QString& sentence) {
    auto* card = new OptionCard(appearance(), tr("Try the demo model"), sentence, column());
    connect(card, &OptionCard::clicked, this, [this] {
        emit demoRequested();
        showStep(2);
    });
    return card;
}

void FirstRunPage::showModels() {
    addText(TextLabel::Kind::Title, tr("Which model should answer?"));
    addSpace(4);
    m_shownDownload = m_download->state();
    if (isUnderWay(m_shownDownload))
        followDownload();
    else
        offerModels();
}

void FirstRunPage::offerModels() {
    const CatalogueEntry& entry = m_download->entry();
    const bool canDownload = m_shownDownload == ModelDownload::State::Offered;
    OptionCard* file = makeFileCard();
    OptionCard* first = file;
    if (canDownload) {
        first = new OptionCard(
            appearance(), tr("Download"),
            tr("%1, %2, into %3. Goes on where it stopped, also after a restart, and is checked by "
               "its SHA-256.")
                .arg(entry.name, sizeText(entry.size),
                     QDir::toNativeSeparators(shortPath(m_download->folder()))),
            column());
        connect(first, &OptionCard::clicked, m_download, &ModelDownload::start);
        auto* row = new QWidget(column());
        auto* pair = new QHBoxLayout(row);
        pair->setContentsMargins(0, 0, 0, 0);
        pair->setSpacing(8);
        for (OptionCard* card : {first, file}) {  // as high as each other
            QSizePolicy policy = card->sizePolicy();
            policy.setVerticalPolicy(QSizePolicy::Minimum);
            card->setSizePolicy(policy);
            pair->addWidget(card, 1);
        }
        addWidget(row);
        row->show();
    } else {
        addWidget(file);
    }
    addWidget(makeDemoCard(
        tr("Lares Mini comes with the program: a few megabytes, trained by us on made-up "
           "dialogues. It answers at once and shows how everything works. It is a toy: do not "
           "trust what it says.")));
    addSpace(4);
    if (canDownload) {
        addText(TextLabel::Kind::Secondary,
                tr("For the download Lares starts a helper, lares-download. It connects to %1 and "
                   "the file servers behind it, and ends with the download. Nothing else of Lares "
                   "uses the network.")
                    .arg(entry.url.host()));
        addText(TextLabel::Kind::Secondary,
                tr("The model has a licence of its own, the %1.").arg(entry.licence));
    } else {
        addPageAddress();
    }
    addNavigation({}, {});
    focusNow(first);
}

/// Where nothing can be downloaded from inside: the browser can.
void FirstRunPage::addPageAddress() {
    const QString page = m_download->entry().page;
    if (!page.isEmpty()) {
        addText(TextLabel::Kind::Secondary,
                tr("This Lares downloads nothing itself. The file is at this address, for your "
                   "browser:"));
        addText(TextLabel::Kind::Note, page)->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    addText(TextLabel::Kind::Secondary,
            tr("You can choose another model in Settings at any time."));
}

void FirstRunPage::followDownload() {
    auto* panel = new DownloadPanel(appearance(), m_download, column());
    connect(panel, &DownloadPanel::useRequested, this, [this] {
        emit downloadUseRequested();
        showStep(2);
    });
    addWidget(panel);
    panel->show();
    if (m_shownDownload != ModelDownload::State::Finished)
        addWidget(makeDemoCard(
            tr("Meanwhile, Lares Mini answers at once and shows how everything works. It is a toy: "
               "do not trust what it says.")));
    addWidget(makeFileCard());
    addSpace(4);
    if (m_shownDownload != ModelDownload::State::Finished)
        addText(TextLabel::Kind::Secondary,
                tr("The download goes on while you look around; a line at the top of the window "
                   "shows how far it is."));
    addNavigation(tr("Continue"), [this] { showStep(2); });
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
    if (m_step == 1 && next.isEmpty()) {
        auto* later = new Button(appearance(), Button::Kind::Plain, tr("Decide later"), column());
        connect(later, &Button::clicked, this, [this] { showStep(2); });
        buttons.push_back(later);
    }
    addRow(buttons)->show();
    if (!next.isEmpty()) focusNow(buttons.front());
}

}  // namespace lares::app
