#include "tools/reader/formats/formats.h"
#include "tools/reader/formats/parts.h"
#include "tools/reader/formats/sheet_rows.h"

#include <algorithm>
#include <charconv>
#include <vector>

namespace lares::reader {
namespace {

constexpr std::size_t kMaxStrings = 2'000'000;

/// Names and order of the sheets.
class WorkbookListener final : public XmlListener {
public:
    void opened(std::string_view name, const XmlAttributes& attributes) override {
        if (name == "workbookPr") {
            const std::string_view flag = attributes["date1904"];
            is_1904 = flag == "1" || flag == "true";
        } else if (name == "sheet") {
            sheets.emplace_back(attributes["name"], attributes.exactly("r:id"));
        }
    }
    void closed(std::string_view) override {}
    void text(std::string_view) override {}

    std::vector<std::pair<std::string, std::string>> sheets;
    bool is_1904 = false;
};

/// Texts that cells share, by number.
class StringsListener final : public XmlListener {
public:
    void opened(std::string_view name, const XmlAttributes&) override {
        if (name == "si") {
            strings.emplace_back();
        } else if (name == "rPh") {  // how a word is read aloud
            m_is_phonetic = true;
        } else if (name == "t") {
            m_is_text = !m_is_phonetic;
        }
    }
    void closed(std::string_view name) override {
        if (name == "t") m_is_text = false;
        if (name == "rPh") m_is_phonetic = false;
    }
    void text(std::string_view text) override {
        if (m_is_text && !strings.empty()) strings.back() += text;
    }
    [[nodiscard]] bool is_done() const override { return strings.size() > kMaxStrings; }

    std::vector<std::string> strings;

private:
    bool m_is_text = false;
    bool m_is_phonetic = false;
};

/// Which of the cells' styles show a day.
class StylesListener final : public XmlListener {
public:
    void opened(std::string_view name, const XmlAttributes& attributes) override {
        if (name == "numFmt") {
            m_is_date[number_or(attributes["numFmtId"], -1)] =
                is_date_format(attributes["formatCode"]);
        } else if (name == "cellXfs") {
            m_is_in_cells = true;
        } else if (name == "xf" && m_is_in_cells) {
            const int format = number_or(attributes["numFmtId"], 0);
            const auto own = m_is_date.find(format);
            is_date.push_back(own != m_is_date.end() ? own->second : is_built_in_date(format));
        }
    }
    void closed(std::string_view name) override {
        if (name == "cellXfs") m_is_in_cells = false;
    }
    void text(std::string_view) override {}

    std::vector<bool> is_date;

private:
    static bool is_built_in_date(int format) {
        return (format >= 14 && format <= 22) || format == 45 || format == 47;
    }

    std::map<int, bool> m_is_date;
    bool m_is_in_cells = false;
};

struct Workbook {
    WorkbookListener sheets;
    std::vector<std::string> strings;
    std::vector<bool> is_date;
};

/// "BC12" → 54. -1: it names no column.
int column_of(std::string_view reference) {
    int column = 0;
    for (const char c : reference) {
        if (c < 'A' || c > 'Z') break;
        column = std::min(column * 26 + (c - 'A' + 1), 1'000'000);
    }
    return column - 1;
}

class SheetListener final : public XmlListener {
public:
    SheetListener(const Workbook& workbook, SheetRows& rows, const TextSink& sink)
        : m_workbook(workbook), m_rows(rows), m_sink(sink) {}

    void opened(std::string_view name, const XmlAttributes& attributes) override {
        if (name == "row") {
            m_column = -1;
        } else if (name == "c") {
            const int named = column_of(attributes["r"]);
            m_column = named > m_column ? named : m_column + 1;
            m_type = attributes["t"];
            m_style = number_or(attributes["s"], 0);
            m_value.clear();
        } else if (name == "v" || name == "t") {
            m_is_value = true;
        }
    }
    void closed(std::string_view name) override {
        if (name == "v" || name == "t") {
            m_is_value = false;
        } else if (name == "c") {
            m_rows.cell(m_column, shown());
        } else if (name == "row") {
            m_rows.end_row();
        }
    }
    void text(std::string_view text) override {
        if (m_is_value) m_value += text;
    }
    [[nodiscard]] bool is_done() const override { return m_sink.is_full(); }

private:
    [[nodiscard]] std::string shown() const {
        if (m_type == "s") {
            const int index = number_or(m_value, -1);
            const auto& strings = m_workbook.strings;
            const bool is_known = index >= 0 && static_cast<std::size_t>(index) < strings.size();
            return is_known ? strings[static_cast<std::size_t>(index)] : std::string();
        }
        if (m_type == "b") return m_value == "1" ? "TRUE" : "FALSE";
        if (!m_type.empty() && m_type != "n") return m_value;
        const auto style = static_cast<std::size_t>(m_style);
        if (style < m_workbook.is_date.size() && m_workbook.is_date[style]) {
            double serial = 0;
            const auto [end, error] =
                std::from_chars(m_value.data(), m_value.data() + m_value.size(), serial);
            if (error == std::errc()) return date_text(serial, m_workbook.sheets.is_1904);
        }
        return tidy_number(m_value);
    }

    const Workbook& m_workbook;
    SheetRows& m_rows;
    const TextSink& m_sink;
    std::string m_type;
    std::string m_value;
    int m_column = -1;
    int m_style = 0;
    bool m_is_value = false;
};

Result<Workbook> read_workbook(ZipArchive& archive,
                               const std::string& main_part,
                               const Relations& relations) {
    Workbook workbook;
    ASSIGN_OR_RETURN(const std::string main, archive.read(main_part));
    RETURN_IF_ERROR(walk_xml(main, workbook.sheets));
    const std::string strings_part = first_of_type(relations, "sharedStrings");
    ASSIGN_OR_RETURN(const std::string strings, archive.read_or_empty(strings_part));
    if (!strings.empty()) {
        StringsListener listener;
        RETURN_IF_ERROR(walk_xml(strings, listener));
        workbook.strings = std::move(listener.strings);
    }
    ASSIGN_OR_RETURN(const std::string styles,
                     archive.read_or_empty(first_of_type(relations, "styles")));
    if (!styles.empty()) {
        StylesListener listener;
        RETURN_IF_ERROR(walk_xml(styles, listener));
        workbook.is_date = std::move(listener.is_date);
    }
    return workbook;
}

}  // namespace

Result<void> read_xlsx(ZipArchive& archive, const std::string& main_part, TextSink& sink) {
    ASSIGN_OR_RETURN(const Relations relations, relations_of(archive, main_part));
    ASSIGN_OR_RETURN(const Workbook workbook, read_workbook(archive, main_part, relations));
    SheetRows rows(sink);
    for (const auto& [name, id] : workbook.sheets.sheets) {
        const auto found = relations.find(id);
        if (found == relations.end()) return damaged("a sheet is missing");
        if (found->second.type != "worksheet") continue;  // a chart of its own
        ASSIGN_OR_RETURN(const std::string sheet, archive.read(found->second.target));
        rows.begin_sheet(name);
        SheetListener listener(workbook, rows, sink);
        RETURN_IF_ERROR(walk_xml(sheet, listener));
        if (sink.is_full()) return {};
    }
    return {};
}

}  // namespace lares::reader
