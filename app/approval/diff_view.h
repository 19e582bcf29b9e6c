#pragma once

#include "app/chat/chat_controller.h"

#include <QWidget>

#include <vector>

namespace lares::app {

class Appearance;

/// The lines of a text that go (−) and come (+) with a change, and those around them; monospaced,
/// whole, on the theme's grounds. Folded beyond `foldedLines`. UI thread only.
class DiffView : public QWidget {
    Q_OBJECT

public:
    /// Precondition: the change has lines.
    DiffView(const Appearance* appearance,
             const QuestionChange& change,
             int foldedLines,
             QWidget* parent = nullptr);

    /// For a screen reader: what goes and what comes, one line each.
    [[nodiscard]] static QString spoken(const QuestionChange& change);
};

}  // namespace lares::app
