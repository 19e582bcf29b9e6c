#pragma once

#include "app/transcript/markdown_blocks.h"
#include "app/transcript/visible_text.h"

#include <QByteArray>
#include <QByteArrayView>

#include <md4c.h>
#include <optional>
#include <vector>

namespace lares::app {

/// Turns md4c's events into blocks; parseMarkdown's other half. One use, one document.
class MarkdownBuilder {
public:
    /// A paragraph or heading outside of any container, and what stands before it.
    struct TopLevelStart {
        qsizetype firstText;  ///< offset of its first text in the source, in bytes
        std::size_t blocksBefore;
        int containersBefore;
    };

    /// `source` outlives the builder.
    MarkdownBuilder(const QByteArray& source, int firstContainer)
        : m_source(source), m_nContainers(firstContainer) {}

    void enterBlock(MD_BLOCKTYPE type, const void* detail);
    void leaveBlock(MD_BLOCKTYPE type);
    void enterSpan(MD_SPANTYPE type, const void* detail);
    void leaveSpan(MD_SPANTYPE type);
    void addText(MD_TEXTTYPE type, QByteArrayView text);

    [[nodiscard]] const std::vector<TopLevelStart>& topLevelStarts() const { return m_starts; }
    [[nodiscard]] int nContainers() const { return m_nContainers; }
    [[nodiscard]] std::vector<MarkdownBlock> takeBlocks() { return std::move(m_blocks); }

private:
    struct List {
        int firstItem;  ///< its container; 0 until it comes
        bool isOrdered;
        bool isTight;
        QChar mark;
        int next;  ///< number of its next item
    };

    void openContainer(MarkdownContainer container);
    void closeContainer();
    void beginLeaf(MarkdownBlock::Kind kind);
    void endLeaf();
    void beginImplicitParagraph();
    void beginCell(const void* detail);
    void append(QStringView text, unsigned extraStyles = 0);
    void appendRaw(QStringView text, unsigned styles);
    void addPlain(QByteArrayView text);
    void appendMath(QStringView latex, bool isDisplay);
    void leaveDollars(bool isDisplay);
    void addHtml(const QString& text);

    const QByteArray& m_source;
    int m_nContainers;
    std::vector<MarkdownBlock> m_blocks;
    std::vector<TopLevelStart> m_starts;
    std::vector<MarkdownContainer> m_containers;  ///< at most kMaxNesting
    int m_depth = 0;                              ///< containers that are open, counted or not
    std::vector<std::size_t> m_blocksAtOpen;      ///< how many blocks there were, by container
    std::vector<List> m_lists;

    bool m_isLeafOpen = false;
    bool m_isImplicit = false;  ///< a tight item's text, for which md4c opens no paragraph
    bool m_hasText = false;     ///< the open leaf has been told of text
    bool m_hasHead = false;
    int m_column = 0;
    bool m_isSkippingCell = false;
    unsigned m_styles = 0;
    std::vector<unsigned> m_spanStyles;  ///< the styles before each open span
    std::vector<int> m_links;            ///< of each open link
    int m_image = 0;                     ///< how many images are open

    /// "\(", "\[" or "\begin{align}", of which md4c knows nothing: where its formula begins in the
    /// source, and what the block held then.
    struct OpenMath {
        const char* latex;
        char close;
        qsizetype textBefore;
        std::size_t spansBefore;
        QByteArray end = {};  ///< instead of `close`: "\\end{align}"
    };
    void addEnvironment(QByteArrayView text);
    void closeMath(qsizetype size, bool isDisplay);
    std::optional<OpenMath> m_math;
    QString m_dollars;          ///< the formula of an open "$"
    bool m_breaksNext = false;  ///< a displayed formula ended just now
};

}  // namespace lares::app
