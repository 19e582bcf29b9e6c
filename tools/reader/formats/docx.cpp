#include "tools/reader/formats/formats.h"
#include "tools/reader/formats/parts.h"

namespace lares::reader {
namespace {

/// The body of a document, and its notes: both are made of paragraphs.
class WordListener final : public XmlListener {
public:
    explicit WordListener(TextSink& sink) : m_sink(sink) {}

    void opened(std::string_view name, const XmlAttributes& attributes) override {
        // The same once more, for older programs.
        if (name == "Fallback" || m_skipped > 0) {
            ++m_skipped;
            return;
        }
        if (name == "t") {
            m_is_text = true;
        } else if (name == "p") {
            m_is_list = false;
        } else if (name == "tab") {
            // Also the stops of tabs, which stand in a paragraph's properties.
            if (m_is_run) put("\t");
        } else if (name == "br" || name == "cr") {
            if (m_is_run) put("\n");
        } else if (name == "r") {
            m_is_run = true;
        } else if (name == "noBreakHyphen") {
            put("-");
        } else if (name == "numPr") {
            m_is_list = true;
        } else if (name == "tc") {
            m_sink.begin_cell();
            ++m_n_cell;
        } else if (name == "footnoteReference" || name == "endnoteReference") {
            put("[" + std::string(attributes["id"]) + "]");
        } else if (name == "footnote" || name == "endnote") {
            begin_note(attributes);
        }
    }
    void closed(std::string_view name) override {
        if (m_skipped > 0) {
            --m_skipped;
            return;
        }
        if (name == "t") {
            m_is_text = false;
        } else if (name == "r") {
            m_is_run = false;
        } else if (name == "p") {
            end_paragraph();
        } else if (name == "tc") {
            if (m_n_cell > 0) --m_n_cell;
        } else if (name == "tr") {
            m_sink.end_line();
        } else if (name == "tbl") {
            m_sink.add_empty();
        } else if (name == "footnote" || name == "endnote") {
            m_note.clear();
        }
    }
    void text(std::string_view text) override {
        if (m_is_text && m_skipped == 0) put(text);
    }
    [[nodiscard]] bool is_done() const override { return m_sink.is_full(); }

private:
    void begin_note(const XmlAttributes& attributes) {
        const std::string_view type = attributes["type"];
        m_note.clear();
        // The line between text and notes is one, too.
        if (type.empty() || type == "normal") m_note = "[" + std::string(attributes["id"]) + "] ";
    }
    void put(std::string_view text) {
        if (!m_note.empty()) m_sink.add(std::exchange(m_note, {}));
        if (m_is_list && !m_sink.is_in_line()) m_sink.add("- ");
        m_is_list = false;
        m_sink.add(text);
    }
    void end_paragraph() {
        m_is_list = false;
        if (m_n_cell > 0) {
            if (m_sink.is_in_line()) m_sink.add(" ");
        } else if (m_sink.is_in_line()) {
            m_sink.add("\n");
        } else {
            m_sink.add_empty();
        }
    }

    TextSink& m_sink;
    std::string m_note;  ///< what begins the note that comes
    int m_skipped = 0;
    int m_n_cell = 0;
    bool m_is_text = false;
    bool m_is_run = false;
    bool m_is_list = false;
};

}  // namespace

Result<void> read_docx(ZipArchive& archive, const std::string& main_part, TextSink& sink) {
    ASSIGN_OR_RETURN(const std::string body, archive.read(main_part));
    WordListener listener(sink);
    RETURN_IF_ERROR(walk_xml(body, listener));
    ASSIGN_OR_RETURN(const Relations relations, relations_of(archive, main_part));
    for (const std::string_view type : {"footnotes", "endnotes"}) {
        const std::string part = first_of_type(relations, type);
        if (part.empty() || !archive.has(part)) continue;
        ASSIGN_OR_RETURN(const std::string notes, archive.read(part));
        sink.add_empty();
        WordListener note_listener(sink);
        RETURN_IF_ERROR(walk_xml(notes, note_listener));
    }
    return {};
}

}  // namespace lares::reader
