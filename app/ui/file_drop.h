#pragma once

#include <QStringList>
#include <QWidget>

class QMimeData;

namespace lares::app {

class Appearance;

/// Takes files of this computer that are dragged onto a window while a page of it is seen, and says
/// so over that page. What a text field takes itself (text) stays with it. UI thread only.
class FileDrop : public QWidget {
    Q_OBJECT

public:
    /// The parent; `page` is inside of it, and both outlive this.
    FileDrop(const Appearance* appearance, QWidget* window, QWidget* page);

    bool eventFilter(QObject* watched, QEvent* event) override;

signals:
    void dropped(const QStringList& paths);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    [[nodiscard]] bool takes(const QMimeData* mime) const;

    const Appearance* m_appearance;
    QWidget* m_page;
};

/// The paths of the files that are dragged or pasted; none where something else is among them.
[[nodiscard]] QStringList localFiles(const QMimeData* data);

}  // namespace lares::app
