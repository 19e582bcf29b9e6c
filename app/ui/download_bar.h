#pragma once

#include "app/models/model_download.h"

#include <QWidget>

#include <optional>

namespace lares::app {

class Appearance;
class Button;
class TextLabel;

/// Below the header while a download runs, waits to go on, or has just arrived: a thin line that
/// fills, one line of words, and what can be done. It can be closed and comes back when the
/// download does something else.
class DownloadBar : public QWidget {
    Q_OBJECT

public:
    DownloadBar(const Appearance* appearance, ModelDownload* download, QWidget* parent = nullptr);

signals:
    void useRequested();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void showState();
    void describe();
    void act();
    void close();
    [[nodiscard]] bool hasNews() const;

    const Appearance* m_appearance;
    ModelDownload* m_download;
    TextLabel* m_label;
    Button* m_act;
    Button* m_close;
    std::optional<ModelDownload::State> m_closedAt;  ///< the state that nobody wants to see here
};

}  // namespace lares::app
