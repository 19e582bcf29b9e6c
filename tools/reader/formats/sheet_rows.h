#pragma once

#include "tools/reader/formats/text_sink.h"

#include <string>
#include <string_view>

namespace lares::reader {

/// Writes the rows of spreadsheets: cells in one line with tabs between them. Rows and cells that
/// hold nothing are left out at their end, and of empty rows in between one stays. One thread.
class SheetRows {
public:
    explicit SheetRows(TextSink& sink) : m_sink(sink) {}

    void begin_sheet(std::string_view name);
    /// `column` counts from 0 and never goes back in a row; far ones are left where the text is.
    void cell(int column, std::string_view text);
    void end_row();

    static constexpr int kMaxColumns = 1024;

private:
    TextSink& m_sink;
    std::string m_row;
    int m_column = 0;  ///< of the cell that `m_row` ends in
};

/// A day and time of the spreadsheets' count as "2026-11-28", "2026-11-28 09:30" or "09:30". The
/// number itself where it is no day that they know.
[[nodiscard]] std::string date_text(double serial, bool is_1904);
/// Whether a number format shows a day or a time: "dd/mm/yyyy", but not "0.00 "days"".
[[nodiscard]] bool is_date_format(std::string_view code);
/// "0.30000000000000004" → "0.3": to 15 digits, as spreadsheets show it. What is no number stays.
[[nodiscard]] std::string tidy_number(std::string_view digits);

}  // namespace lares::reader
