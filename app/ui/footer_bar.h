#pragma once

#include "app/engine_bridge/token_source.h"

#include <QWidget>

namespace lares::app {

class Appearance;
class FooterButton;

/// One quiet line below the composer: how fast the answer came, how full the context is, where the
/// model computes and what it takes there, and that nothing leaves the machine. What the model
/// takes is a button: it shows the owners, and gives the memory back. UI thread only.
class FooterBar : public QWidget {
    Q_OBJECT

public:
    explicit FooterBar(const Appearance* appearance, QWidget* parent = nullptr);

    /// Figures that are 0 are left out.
    void setStats(double tokensPerSecond, double firstTokenMs, int contextUsed, int contextMax);
    /// Empty: none is there.
    void setModel(const QString& name);
    /// Where it computes, and what it takes of a card's memory; the tooltip has the owners.
    void setDevice(const DeviceInfo& device);
    /// Whether the memory can be given back now; the menu says that it cannot while it is needed.
    void setCanFree(bool canFree) { m_canFree = canFree; }
    /// The model is out of the memory: `sentence` says so, and "Load now" stands behind it. Empty:
    /// it is there, or there is none.
    void setPutAway(const QString& sentence);
    /// It is on its way back, 0 to 1. A negative share: it is not.
    void setComingBack(double share);
    /// A helper downloads a model: "offline" would be half the truth.
    void setDownloading(bool isDownloading);
    void setTabOrderAfter(QWidget* widget);

    [[nodiscard]] QSize sizeHint() const override;

signals:
    void freeRequested();
    void loadRequested();
    void cancelRequested();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    enum class State { There, PutAway, ComingBack };
    [[nodiscard]] State state() const;
    void describe();
    void place();
    void press();
    void showMenu();
    [[nodiscard]] QStringList figures() const;
    [[nodiscard]] QStringList pieces() const;  ///< what stands before the button
    [[nodiscard]] QString network() const;     ///< "offline"

    const Appearance* m_appearance;
    FooterButton* m_button;  ///< the device, "Load now" or "Cancel"
    QStringList m_figures;
    QString m_model;
    QString m_device;
    QString m_deviceDetails;
    QStringList m_owners;  ///< of the card's memory, a line each
    QString m_putAway;
    double m_share = -1;
    bool m_canFree = false;
    bool m_isDownloading = false;
    struct Shown {
        QString text;
        double x = 0;
    };
    std::vector<Shown> m_shown;  ///< as `place` put them
    double m_lockX = 0;
};

}  // namespace lares::app
