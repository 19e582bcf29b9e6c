#pragma once

#include "app/panel/prompt_lines.h"

#include <QPlainTextEdit>

namespace lares::app {

class Appearance;

/// A prompt to read: plain text in which special tokens, the format's own text and what somebody
/// wrote look different. Nothing in it is ever read as markup. What is copied from it is the
/// prompt's text, without the headings. UI thread only.
///
/// Qt lays out the lines in sight alone, and no line is long: a prompt of any size opens at once.
class PromptText : public QPlainTextEdit {
    Q_OBJECT

public:
    explicit PromptText(const Appearance* appearance, QWidget* parent = nullptr);

    void setLines(std::vector<PromptLine> lines);
    [[nodiscard]] const std::vector<PromptLine>& lines() const { return m_lines; }
    /// How many lines have been laid out so far.
    [[nodiscard]] int laidOutLines() const;

protected:
    [[nodiscard]] QMimeData* createMimeDataFromSelection() const override;

private:
    void fill();
    [[nodiscard]] QTextCharFormat formatOf(const PromptLine& line,
                                           PromptLine::Run::Look look) const;

    const Appearance* m_appearance;
    std::vector<PromptLine> m_lines;  ///< one for each of the document's blocks
};

}  // namespace lares::app
