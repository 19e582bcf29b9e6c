#pragma once

#include "app/chat/chat_controller.h"

#include <QWidget>

#include <vector>

class QVBoxLayout;

namespace lares::app {

class Appearance;
class Button;

/// What a plan would change, line by line, with real paths whole: where everything comes from and
/// goes to once above, if that is the same for all, then names; under a text that is written, the
/// lines that change. Folded beyond ten. UI thread only.
class ChangeList : public QWidget {
    Q_OBJECT

public:
    static constexpr int kFoldedLines = 10;

    ChangeList(const Appearance* appearance,
               const std::vector<QuestionChange>& changes,
               QWidget* parent = nullptr);

    /// For a screen reader: all of it, one change a line.
    [[nodiscard]] static QString spoken(const std::vector<QuestionChange>& changes);

private:
    QWidget* makeLine(const QuestionChange& change);
    void addLines(std::size_t first, std::size_t end);
    void unfold();

    const Appearance* m_appearance;
    std::vector<QuestionChange> m_changes;
    QString m_from;  ///< the folder of all that is moved; empty: not the same
    QString m_to;    ///< the folder that all changes are in
    QVBoxLayout* m_column;
    Button* m_more = nullptr;
};

/// A real path behind a quiet word ("In", "From"), whole.
[[nodiscard]] QWidget* makePlaceLine(const Appearance* appearance,
                                     const QString& label,
                                     const QString& path,
                                     QWidget* parent);

}  // namespace lares::app
