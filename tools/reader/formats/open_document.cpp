#include "tools/reader/formats/formats.h"
#include "tools/reader/formats/parts.h"
#include "tools/reader/formats/sheet_rows.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace lares::reader {
namespace {

/// Nobody repeats a row that often, except to fill a sheet with nothing.
constexpr int kMaxRepeatedRows = 1000;
constexpr int kMaxSpaces = 1000;

bool is_left_out(std::string_view name) {
    return name == "annotation" || name == "tracked-changes" || name == "forms" ||
           name == "automatic-styles" || name == "note-citation";
}

/// All that is in content.xml: texts, slides and sheets are made of the same elements.
class OpenDocumentListener final : public XmlListener {
public:
    explicit OpenDocumentListener(TextSink& sink) : m_sink(sink), m_rows(sink) {}

    void opened(std::string_view name, const XmlAttributes& attributes) override {
        if (m_skipped > 0 || is_left_out(name)) {
            ++m_skipped;
            return;
        }
        if (name == "spreadsheet") {
            m_is_sheets = true;
        } else if (name == "table" && m_is_sheets) {
            m_rows.begin_sheet(attributes["name"]);
        } else if (name == "page") {
            m_sink.add_empty();
            m_sink.add("— slide " + std::to_string(++m_n_slide) + " —\n");
        } else if (name == "notes") {
            m_sink.end_line();
            m_sink.add("Notes:\n");
        } else if (name == "table-row") {
            m_column = 0;
            m_n_row = number_or(attributes["number-rows-repeated"], 1);
            m_row.clear();
        } else if (name == "table-cell" || name == "covered-table-cell") {
            m_n_cell = std::max(1, number_or(attributes["number-columns-repeated"], 1));
            m_cell.clear();
            m_is_cell = true;
        } else if (name == "list-item") {
            m_is_item = true;
        } else if (name == "p" || name == "h") {
            begin_paragraph();
        } else if (name == "note-body") {
            put(" (");
            ++m_n_note;
        } else {
            opened_inside(name, attributes);
        }
    }
    void closed(std::string_view name) override {
        if (m_skipped > 0) {
            --m_skipped;
            return;
        }
        if (name == "p" || name == "h") {
            end_paragraph();
        } else if (name == "note-body") {
            --m_n_note;
            put(")");
            m_was_space = false;
        } else if (name == "table-cell" || name == "covered-table-cell") {
            end_cell();
        } else if (name == "table-row") {
            end_row();
        } else if (name == "table") {
            m_sink.add_empty();
        } else if (name == "spreadsheet") {
            m_is_sheets = false;
        }
    }
    void text(std::string_view text) override {
        if (m_n_paragraph == 0 || m_skipped > 0) return;
        // Line ends and spaces of the file itself are one space.
        for (const char c : text) {
            const bool is_space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
            if (is_space && m_was_space) continue;
            m_was_space = is_space;
            put(std::string_view(is_space ? " " : &c, 1));
        }
    }
    [[nodiscard]] bool is_done() const override { return m_sink.is_full(); }

private:
    void opened_inside(std::string_view name, const XmlAttributes& attributes) {
        if (m_n_paragraph == 0) return;
        if (name == "s") {
            const int n = std::clamp(number_or(attributes["c"], 1), 1, kMaxSpaces);
            put(std::string(static_cast<std::size_t>(n), ' '));
        } else if (name == "tab") {
            put("\t");
        } else if (name == "line-break") {
            put(m_is_cell || m_n_note > 0 ? " " : "\n");
        }
    }
    void put(std::string_view text) {
        if (m_is_cell) {
            m_cell += text;
            return;
        }
        m_sink.add(text);
    }
    void begin_paragraph() {
        ++m_n_paragraph;
        m_was_space = true;
        if (m_is_cell || m_n_note > 0) return;
        m_sink.end_line();
        if (std::exchange(m_is_item, false)) m_sink.add("- ");
    }
    void end_paragraph() {
        if (m_n_paragraph > 0) --m_n_paragraph;
        m_was_space = true;
        if (m_is_cell) {
            if (!m_cell.empty()) m_cell += ' ';
        } else if (m_n_note == 0) {
            if (m_sink.is_in_line())
                m_sink.add("\n");
            else
                m_sink.add_empty();
        }
    }
    void end_cell() {
        while (m_cell.ends_with(' ')) m_cell.pop_back();
        m_is_cell = false;
        // Empty ones are often repeated to the sheet's end.
        const int n = m_cell.empty() ? 1 : std::min(m_n_cell, SheetRows::kMaxColumns);
        for (int i = 0; i < n && !m_cell.empty(); ++i) {
            m_row.emplace_back(m_column + i, m_cell);
            if (m_row.size() > SheetRows::kMaxColumns) break;
        }
        m_column = std::min(m_column + m_n_cell, 1'000'000);
    }
    void end_row() {
        const int n = m_row.empty() ? 1 : std::clamp(m_n_row, 1, kMaxRepeatedRows);
        for (int i = 0; i < n && !m_sink.is_full(); ++i) {
            for (const auto& [column, text] : m_row) m_rows.cell(column, text);
            m_rows.end_row();
        }
        m_row.clear();
    }

    TextSink& m_sink;
    SheetRows m_rows;
    std::string m_cell;
    std::vector<std::pair<int, std::string>> m_row;
    int m_skipped = 0;
    int m_n_slide = 0;
    int m_n_paragraph = 0;
    int m_n_note = 0;
    int m_n_row = 1;
    int m_n_cell = 1;
    int m_column = 0;
    bool m_is_sheets = false;
    bool m_is_cell = false;
    bool m_is_item = false;
    bool m_was_space = true;
};

/// Whether the parts are encrypted: OpenDocument does that part by part.
class ManifestListener final : public XmlListener {
public:
    void opened(std::string_view name, const XmlAttributes&) override {
        if (name == "encryption-data") is_encrypted = true;
    }
    void closed(std::string_view) override {}
    void text(std::string_view) override {}
    [[nodiscard]] bool is_done() const override { return is_encrypted; }

    bool is_encrypted = false;
};

}  // namespace

Result<void> read_open_document(ZipArchive& archive, TextSink& sink) {
    ASSIGN_OR_RETURN(const std::string manifest, archive.read_or_empty("META-INF/manifest.xml"));
    if (!manifest.empty()) {
        ManifestListener listener;
        RETURN_IF_ERROR(walk_xml(manifest, listener));
        if (listener.is_encrypted) return needs_password();
    }
    ASSIGN_OR_RETURN(const std::string content, archive.read("content.xml"));
    OpenDocumentListener listener(sink);
    return walk_xml(content, listener);
}

}  // namespace lares::reader
