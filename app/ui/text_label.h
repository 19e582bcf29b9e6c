#pragma once

#include <QLabel>

namespace lares::app {

class Appearance;

/// Plain text that takes its font and colour from the theme and follows it.
class TextLabel : public QLabel {
    Q_OBJECT

public:
    enum class Kind { Title, Heading, Body, Note, Secondary, Caption };

    TextLabel(const Appearance* appearance,
              Kind kind,
              const QString& text,
              QWidget* parent = nullptr);

private:
    void applyTheme();

    const Appearance* m_appearance;
    Kind m_kind;
};

}  // namespace lares::app
