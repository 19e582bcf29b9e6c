#pragma once

#include <QWidget>

namespace lares::app {

class Appearance;
class Button;
class ModelDownload;
class ProgressLine;
class TextLabel;

/// A download as a card: what it does, how far it is, and what can be done about it. Asks once
/// before it removes much. UI thread only.
class DownloadPanel : public QWidget {
    Q_OBJECT

public:
    DownloadPanel(const Appearance* appearance, ModelDownload* download, QWidget* parent = nullptr);

    void setInUse(bool isInUse);  ///< the finished model answers already

signals:
    void useRequested();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void showState();
    void showFigures();
    void ask(bool isAsking);
    void go();
    void turnBack();

    const Appearance* m_appearance;
    ModelDownload* m_download;
    TextLabel* m_heading;
    TextLabel* m_detail;
    ProgressLine* m_line;
    Button* m_go;
    Button* m_pause;
    Button* m_cancel;
    bool m_isInUse = false;
    bool m_isAsking = false;
};

}  // namespace lares::app
