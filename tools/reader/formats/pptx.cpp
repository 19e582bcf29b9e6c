#include "tools/reader/formats/formats.h"
#include "tools/reader/formats/parts.h"

#include <vector>

namespace lares::reader {
namespace {

/// The slides of a presentation, by the ids of their relations, in their order.
class SlideList final : public XmlListener {
public:
    void opened(std::string_view name, const XmlAttributes& attributes) override {
        if (name == "sldId") ids.emplace_back(attributes.exactly("r:id"));
    }
    void closed(std::string_view) override {}
    void text(std::string_view) override {}

    std::vector<std::string> ids;
};

/// The text in the shapes of a slide, or of its notes.
class SlideListener final : public XmlListener {
public:
    explicit SlideListener(TextSink& sink) : m_sink(sink) {}

    void opened(std::string_view name, const XmlAttributes&) override {
        // Fields are the slide's number and the day; a fallback is the same once more.
        if (name == "fld" || name == "Fallback" || m_skipped > 0) {
            ++m_skipped;
        } else if (name == "t") {
            m_is_text = true;
        } else if (name == "br") {
            m_sink.add("\n");
        } else if (name == "tc") {
            m_is_cell = true;
            m_sink.begin_cell();
        }
    }
    void closed(std::string_view name) override {
        if (m_skipped > 0) {
            --m_skipped;
        } else if (name == "t") {
            m_is_text = false;
        } else if (name == "tc") {
            m_is_cell = false;
        } else if (name == "tr") {
            m_sink.end_line();
        } else if (name == "p") {
            if (!m_is_cell)
                m_sink.end_line();
            else if (m_sink.is_in_line())
                m_sink.add(" ");
        }
    }
    void text(std::string_view text) override {
        if (m_is_text && m_skipped == 0) m_sink.add(text);
    }
    [[nodiscard]] bool is_done() const override { return m_sink.is_full(); }

private:
    TextSink& m_sink;
    int m_skipped = 0;
    bool m_is_text = false;
    bool m_is_cell = false;
};

Result<void> read_slide(ZipArchive& archive, const std::string& part, TextSink& sink) {
    ASSIGN_OR_RETURN(const std::string slide, archive.read(part));
    SlideListener listener(sink);
    RETURN_IF_ERROR(walk_xml(slide, listener));
    ASSIGN_OR_RETURN(const Relations relations, relations_of(archive, part));
    const std::string notes_part = first_of_type(relations, "notesSlide");
    if (notes_part.empty() || !archive.has(notes_part)) return {};
    ASSIGN_OR_RETURN(const std::string notes, archive.read(notes_part));
    TextSink spoken;
    SlideListener note_listener(spoken);
    RETURN_IF_ERROR(walk_xml(notes, note_listener));
    if (spoken.is_empty()) return {};
    sink.end_line();
    sink.add("Notes:\n");
    sink.add(spoken.take());
    return {};
}

}  // namespace

Result<void> read_pptx(ZipArchive& archive, const std::string& main_part, TextSink& sink) {
    ASSIGN_OR_RETURN(const std::string presentation, archive.read(main_part));
    SlideList slides;
    RETURN_IF_ERROR(walk_xml(presentation, slides));
    ASSIGN_OR_RETURN(const Relations relations, relations_of(archive, main_part));
    int number = 0;
    for (const std::string& id : slides.ids) {
        const auto found = relations.find(id);
        ++number;
        if (found == relations.end() || !archive.has(found->second.target))
            return damaged("a slide is missing");
        sink.add_empty();
        sink.add("— slide " + std::to_string(number) + " —\n");
        RETURN_IF_ERROR(read_slide(archive, found->second.target, sink));
        if (sink.is_full()) return {};
    }
    return {};
}

}  // namespace lares::reader
