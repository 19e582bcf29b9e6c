#include "app/ui/footer_bar.h"

#include "app/ui/appearance.h"
#include "app/ui/icons.h"
#include "app/ui/painting.h"

#include <QFontMetricsF>
#include <QLocale>
#include <QPainter>

#include <cmath>

namespace lares::app {
namespace {

constexpr double kSectionGap = 18;

}  // namespace

FooterBar::FooterBar(const Appearance* appearance, QWidget* parent)
    : QWidget(parent), m_appearance(appearance) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(appearance, &Appearance::changed, this, [this] {
        updateGeometry();
        update();
    });
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
    if (device.memory) {
        m_device = tr("%1, %2").arg(device.name, size(device.memory->total()));
        m_deviceDetails = tr("On the graphics card: weights %1, state %2, keys and values %3, work "
                             "%4.")
                              .arg(size(device.memory->weights), size(device.memory->state),
                                   size(device.memory->kv), size(device.memory->work));
        if (!device.library.isEmpty())
            m_deviceDetails += "\n" + tr("Long prompts: %1").arg(device.library);
    } else {
        m_device = tr("processor");
        m_deviceDetails = device.whyCpu;
    }
    describe();
}

void FooterBar::describe() {
    setAccessibleName((m_figures + pieces() + QStringList{network()}).join(", "));
    const QString offline =
        m_isDownloading
            ? tr("A helper, lares-download, fetches a model. This window itself opens no network "
                 "connection.")
            : tr("Lares opens no network connection. Settings, About, shows the proof.");
    setToolTip(m_deviceDetails.isEmpty() ? offline : m_deviceDetails + "\n" + offline);
    update();
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
    if (m_model.isEmpty()) return {};
    return m_device.isEmpty() ? QStringList{m_model} : QStringList{m_model, m_device};
}

QSize FooterBar::sizeHint() const {
    return {100, m_appearance->theme().scaled(30)};
}

void FooterBar::paintEvent(QPaintEvent*) {
    const Theme& theme = m_appearance->theme();
    const QFont& font = theme.captionFont;
    const QFontMetricsF metrics(font);
    QStringList pieces = m_figures + this->pieces();

    const double lock = theme.scaled(12);
    const QString offline = network();
    double width = lock + 5 + metrics.horizontalAdvance(offline);
    for (const QString& piece : pieces) width += metrics.horizontalAdvance(piece) + kSectionGap;
    // What does not fit goes from the front; "offline" stays.
    while (width > this->width() - 16 && !pieces.isEmpty())
        width -= metrics.horizontalAdvance(pieces.takeFirst()) + kSectionGap;

    QPainter painter(this);
    double x = std::round((this->width() - width) / 2);
    for (const QString& piece : pieces) {
        const double advance = metrics.horizontalAdvance(piece);
        paintLine(painter, QRectF(x, 0, advance + 1, height()), font, theme.quietText, piece);
        x += advance + kSectionGap;
    }
    paintIcon(painter, Icon::Lock, QRectF(x, (height() - lock) / 2, lock, lock), theme.quietText);
    paintLine(painter, QRectF(x + lock + 5, 0, metrics.horizontalAdvance(offline) + 1, height()),
              font, theme.quietText, offline);
}

}  // namespace lares::app
