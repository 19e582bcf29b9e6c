#pragma once

#include <QPointer>
#include <QWidget>

namespace lares::app {

class Appearance;
class PanelEdge;

/// Puts a panel beside its content, or over it where there is too little room for both. The edge
/// between them is dragged, or moved with the arrow keys. UI thread only.
class PanelHost : public QWidget {
    Q_OBJECT

public:
    /// Owns both. `narrowest` to `widest` are widths of the panel at a font scale of 1, `content`
    /// the one below which nothing is taken from the content.
    struct Widths {
        int panel;
        int narrowest;
        int widest;
        int content;
    };
    PanelHost(const Appearance* appearance,
              QWidget* content,
              QWidget* panel,
              const Widths& widths,
              QWidget* parent = nullptr);

    void setPanelShown(bool isShown);
    [[nodiscard]] bool isPanelShown() const { return m_isShown; }
    /// At a font scale of 1.
    void setPanelWidth(int width);
    [[nodiscard]] int panelWidth() const { return m_width; }
    /// The panel lies over the content.
    [[nodiscard]] bool isOverlaid() const { return m_isOverlaid; }

signals:
    void panelWidthChanged();  ///< by the user
    void arranged();           ///< places have changed

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    friend class PanelEdge;
    void arrange();
    void dragTo(int x);

    const Appearance* m_appearance;
    QWidget* m_content;
    QWidget* m_panel;
    PanelEdge* m_edge;
    Widths m_widths;
    int m_width;
    bool m_isShown = false;
    bool m_isOverlaid = false;
};

}  // namespace lares::app
