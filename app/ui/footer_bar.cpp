#include "app/ui/footer_bar.h"

#include "app/ui/appearance.h"
#include "app/ui/footer_button.h"
#include "app/ui/icons.h"
#include "app/ui/painting.h"

#include <QFontMetricsF>
#include <QLocale>
#include <QMenu>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace lares::app {
namespace {

constexpr double kSectionGap = 18;
constexpr double kLockGap = 5;
constexpr double kFooterMargin = 8;

}  // namespace

FooterBar::FooterBar(const Appearance* appearance, QWidget* parent)
    : QWidget(parent), m_appearance(appearance), m_button(new FooterButton(appearance, this)) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(appearance, &Appearance::changed, this, [this] {
        updateGeometry();
        place();
    });
    connect(m_button, &FooterButton::clicked, this, &FooterBar::press);
    describe();
}

void FooterBar::setStats(double tokensPerSecond,
                         double firstTokenMs,
                         int contextUsed,
                         int contextMax) {
    const QLocale locale;
    m_figures.clear();
    if (tokensPerSecond > 0)
        m_figures << tr("%1 tokens/s")
                         .arg(locale.toString(tokensPerSecond, 'f', tokensPerSecond < 10 ? 1 : 0));
    if (firstTokenMs > 0)
        m_figures << tr("first token %1 s").arg(locale.toString(firstTokenMs / 1000, 'f', 2));
    if (contextMax > 0 && contextUsed > 0)
        m_figures << tr("context %1 %").arg(std::lround(100.0 * contextUsed / contextMax));
    describe();
}

void FooterBar::setModel(const QString& name) {
    m_model = name;
    describe();
}

void FooterBar::setDevice(const DeviceInfo& device) {
    const QLocale locale;
    const auto size = [&](std::size_t bytes) {
        return locale.formattedDataSize(static_cast<qint64>(bytes), 1, QLocale::DataSizeSIFormat);
    };
    m_owners.clear();
    if (device.memory) {
        m_device = tr("%1, %2").arg(device.name, size(device.memory->total()));
        m_deviceDetails = tr("On the graphics card: weights %1, state %2, keys and values %3, work "
                             "%4.")
                              .arg(size(device.memory->weights), size(device.memory->state),
                                   size(device.memory->kv), size(device.memory->work));
        m_owners = {tr("Weights: %1").arg(size(device.memory->weights)),
                    tr("State: %1").arg(size(device.memory->state)),
                    tr("Keys and values: %1").arg(size(device.memory->kv)),
                    tr("Work: %1").arg(size(device.memory->work))};
        if (!device.library.isEmpty())
            m_deviceDetails += "\n" + tr("Long prompts: %1").arg(device.library);
    } else {
        m_device = tr("processor");
        m_deviceDetails = device.whyCpu;
    }
    describe();
}

void FooterBar::setPutAway(const QString& sentence) {
    m_putAway = sentence;
    describe();
}

void FooterBar::setComingBack(double share) {
    m_share = share;
    describe();
}

FooterBar::State FooterBar::state() const {
    if (m_share >= 0) return State::ComingBack;
    return m_putAway.isEmpty() ? State::There : State::PutAway;
}

/// While the model is away, figures of its last answer would only stand beside the point.
QStringList FooterBar::figures() const {
    return state() == State::There ? m_figures : QStringList();
}

void FooterBar::describe() {
    QString details = m_deviceDetails;
    switch (state()) {
        case State::There:
            m_button->setText(m_model.isEmpty() ? QString() : m_device);
            m_button->setAccessibleName(tr("The model's memory: %1").arg(m_device));
            break;
        case State::PutAway:
            m_button->setText(tr("Load now"));
            m_button->setAccessibleName(tr("Load the model now"));
            details =
                tr("Writing loads it again. What it has read is not lost with it, if it is "
                   "kept on the disk.");
            break;
        case State::ComingBack:
            m_button->setText(tr("Cancel"));
            m_button->setAccessibleName(tr("Cancel loading"));
            details.clear();
            break;
    }
    m_button->setStrong(state() != State::There);
    m_button->setVisible(!m_button->text().isEmpty());
    QStringList name = figures() + pieces();
    if (!m_button->text().isEmpty()) name << m_button->text();
    setAccessibleName((name << network()).join(", "));
    const QString offline =
        m_isDownloading
            ? tr("A helper, lares-download, fetches a model. This window itself opens no network "
                 "connection.")
            : tr("Lares opens no network connection. Settings, About, shows the proof.");
    setToolTip(details.isEmpty() ? offline : details + "\n" + offline);
    place();
}

void FooterBar::setTabOrderAfter(QWidget* widget) {
    setTabOrder(widget, m_button);
}

void FooterBar::setDownloading(bool isDownloading) {
    if (m_isDownloading == isDownloading) return;
    m_isDownloading = isDownloading;
    describe();
}

QString FooterBar::network() const {
    return m_isDownloading ? tr("offline but for the download") : tr("offline");
}

QStringList FooterBar::pieces() const {
    switch (state()) {
        case State::ComingBack:
            return {tr("Loading the model… %1 %").arg(std::lround(m_share * 100))};
        case State::PutAway:
            return {m_putAway, tr("loads when you write")};
        case State::There:
            break;
    }
    return m_model.isEmpty() ? QStringList() : QStringList{m_model};
}

void FooterBar::press() {
    switch (state()) {
        case State::There:
            return showMenu();
        case State::PutAway:
            return emit loadRequested();
        case State::ComingBack:
            return emit cancelRequested();
    }
}

void FooterBar::showMenu() {
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setFont(m_appearance->theme().secondaryFont);
    for (const QString& owner : m_owners) menu->addAction(owner)->setEnabled(false);
    if (!m_owners.isEmpty()) menu->addSeparator();
    QAction* free = menu->addAction(m_canFree ? tr("Free the model's memory")
                                              : tr("Free the model's memory (after the answer)"));
    free->setEnabled(m_canFree);
    connect(free, &QAction::triggered, this, &FooterBar::freeRequested);
    const QPoint above = m_button->mapToGlobal(QPoint(0, -menu->sizeHint().height()));
    menu->popup(above);
}

QSize FooterBar::sizeHint() const {
    return {100, m_appearance->theme().scaled(30)};
}

void FooterBar::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    place();
}

/// Everything in one line, centred. Where there is no room the figures go first, from the front,
/// and then what stands behind them, from the back; the button and "offline" stay, and the button's
/// text is cut where there is not even room for these.
void FooterBar::place() {
    const Theme& theme = m_appearance->theme();
    const QFontMetricsF metrics(theme.captionFont);
    const double padding = FooterButton::kPadding;
    const double lock = theme.scaled(12) + kLockGap + metrics.horizontalAdvance(network());
    QStringList pieces = figures() + this->pieces();
    const bool hasButton = !m_button->text().isEmpty();
    const double room = width() - 2 * kFooterMargin;
    double button = hasButton ? m_button->sizeHint().width() : 0;
    double total = lock + (hasButton ? button - 2 * padding + kSectionGap : 0);
    if (hasButton && total > room) {
        button = std::max(button - (total - room), 4 * padding);
        total = room;
    }
    for (const QString& piece : pieces) total += metrics.horizontalAdvance(piece) + kSectionGap;
    qsizetype nFigures = figures().size();
    while (total > room && !pieces.isEmpty()) {
        const QString left = nFigures-- > 0 ? pieces.takeFirst() : pieces.takeLast();
        total -= metrics.horizontalAdvance(left) + kSectionGap;
    }

    double x = std::round((width() - total) / 2);
    m_shown.clear();
    for (const QString& piece : pieces) {
        m_shown.push_back({piece, x});
        x += metrics.horizontalAdvance(piece) + kSectionGap;
    }
    if (hasButton) {
        const int high = m_button->sizeHint().height();
        m_button->setGeometry(static_cast<int>(x - padding), (height() - high) / 2,
                              static_cast<int>(std::ceil(button)), high);
        x += button - 2 * padding + kSectionGap;
    }
    m_lockX = x;
    update();
}

void FooterBar::paintEvent(QPaintEvent*) {
    const Theme& theme = m_appearance->theme();
    const QFont& font = theme.captionFont;
    const QFontMetricsF metrics(font);
    QPainter painter(this);
    const auto write = [&](double x, const QString& text) {
        paintLine(painter, QRectF(x, 0, metrics.horizontalAdvance(text) + 1, height()), font,
                  theme.quietText, text);
    };
    for (const Shown& shown : m_shown) write(shown.x, shown.text);
    const double lock = theme.scaled(12);
    paintIcon(painter, Icon::Lock, QRectF(m_lockX, (height() - lock) / 2, lock, lock),
              theme.quietText);
    write(m_lockX + lock + kLockGap, network());
}

}  // namespace lares::app
