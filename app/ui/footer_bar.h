#pragma once

#include "app/engine_bridge/token_source.h"

#include <QWidget>

namespace lares::app {

class Appearance;

/// One quiet line below the composer: how fast the answer came, how full the context is, and that
/// nothing leaves the machine. UI thread only.
class FooterBar : public QWidget {
    Q_OBJECT

public:
    explicit FooterBar(const Appearance* appearance, QWidget* parent = nullptr);

    /// Figures that are 0 are left out.
    void setStats(double tokensPerSecond, double firstTokenMs, int contextUsed, int contextMax);
    void setModel(const QString& name);
    /// Where it computes, and what it takes of a card's memory; the tooltip has the owners.
    void setDevice(const DeviceInfo& device);
    /// A helper downloads a model: "offline" would be half the truth.
    void setDownloading(bool isDownloading);

    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void describe();
    [[nodiscard]] QStringList pieces() const;  ///< model and device
    [[nodiscard]] QString network() const;     ///< "offline"

    const Appearance* m_appearance;
    QStringList m_figures;
    QString m_model;
    QString m_device;
    QString m_deviceDetails;
    bool m_isDownloading = false;
};

}  // namespace lares::app
