#include "app/chat/conversation_model.h"
#include "app/transcript/transcript_view.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QScrollBar>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <functional>
#include <vector>

// The transcript's bars: open 2,000 messages, scroll through them, append to a long answer; look
// for words in all of them, and append and scroll while they are shown.

using namespace lares::app;

namespace {

constexpr int kMessages = 2000;
constexpr int kRuns = 5;

const QString kMarkdown = QStringLiteral(
    "Here is what I found in `Documents`, **%1** files in all:\n\n"
    "- invoices of *this* year\n- letters, [see the list](https://example.com/%1)\n  - two "
    "drafts\n\n"
    "| File | Size | Changed |\n|---|--:|---|\n| letter-%1.odt | 12 kB | 3 May |\n"
    "| table.csv | 3 kB | 4 May |\n\n"
    "```cpp\nfor (const auto& file : files) {\n    if (file.size > %1) "
    "found.push_back(file);\n}\n```\n\n"
    "A last paragraph that is long enough to wrap around the end of the reading column at least "
    "once, as most of them do, and then some more of it.\n");

std::vector<ChatMessage> messages() {
    std::vector<ChatMessage> all;
    for (int i = 1; i <= kMessages; ++i) {
        ChatMessage message;
        message.id = i;
        message.parent = i - 1;
        message.role = i % 2 ? Role::User : Role::Assistant;
        Part text;
        text.text =
            i % 2 ? QStringLiteral("Question %1: what else is in there?").arg(i) : kMarkdown.arg(i);
        message.parts.push_back(text);
        all.push_back(std::move(message));
    }
    return all;
}

double milliseconds(const QElapsedTimer& timer) {
    return static_cast<double>(timer.nsecsElapsed()) / 1e6;
}

/// One run's figures. The bars are for time on the clock; the processor's time beside it tells a
/// slow program from a busy machine.
struct Figures {
    double clock = 0;
    double processor = 0;
};

double processorMs() {
    return static_cast<double>(std::clock()) * 1000 / CLOCKS_PER_SEC;
}

double at(std::vector<double> values, double share) {
    std::sort(values.begin(), values.end());
    return values[std::min(values.size() - 1,
                           static_cast<std::size_t>(share * static_cast<double>(values.size())))];
}

int report(const char* what, const std::vector<Figures>& runs, double bar) {
    std::vector<double> clock;
    std::vector<double> processor;
    for (const Figures& run : runs) {
        clock.push_back(run.clock);
        processor.push_back(run.processor);
    }
    const double median = at(clock, 0.5);
    std::printf("%-34s %8.2f ms  (processor %7.2f ms)  bar %5.0f ms   %s\n", what, median,
                at(processor, 0.5), bar, median < bar ? "PASS" : "FAIL");
    return median < bar ? 0 : 1;
}

Figures measured(const std::function<void()>& action) {
    QElapsedTimer timer;
    timer.start();
    const double begin = processorMs();
    action();
    return {milliseconds(timer), processorMs() - begin};
}

Figures p99(const std::vector<Figures>& frames) {
    std::vector<double> clock;
    std::vector<double> processor;
    for (const Figures& frame : frames) {
        clock.push_back(frame.clock);
        processor.push_back(frame.processor);
    }
    return {at(clock, 0.99), at(processor, 0.99)};
}

Figures open(TranscriptView& view, ConversationModel& model) {
    view.setModel(nullptr);
    view.viewport()->repaint();
    return measured([&] {
        view.setModel(&model);
        view.viewport()->repaint();
    });
}

Figures scroll(TranscriptView& view) {
    std::vector<Figures> frames;
    for (int i = 0; i < 400; ++i) {
        frames.push_back(measured([&] {
            view.verticalScrollBar()->setValue(view.verticalScrollBar()->value() - 90);
            view.viewport()->repaint();
        }));
    }
    return p99(frames);
}

Figures stream(TranscriptView& view, ConversationModel& model) {
    ChatMessage last = model.messageAt(model.rowCount() - 1);
    last.parts[0].text = kMarkdown.arg(1).repeated(20) + QStringLiteral("\n\n```cpp\n");
    for (int i = 0; i < 1500; ++i)
        last.parts[0].text += QStringLiteral("    int value_%1 = compute(%1);\n").arg(i);
    model.update(last);
    view.setAnswering(true);
    view.scrollToEnd();
    std::vector<Figures> updates;
    for (int i = 0; i < 200; ++i) {
        last.parts[0].text += QStringLiteral("    value += %1 * 17;\n").arg(i % 10);
        updates.push_back(measured([&] {
            model.update(last);
            view.viewport()->repaint();
        }));
    }
    view.setAnswering(false);
    return p99(updates);
}

/// A paragraph full of formulas grows: all of it is laid out again each time.
Figures streamFormulas(TranscriptView& view, ConversationModel& model) {
    ChatMessage last = model.messageAt(model.rowCount() - 1);
    last.parts[0].text.clear();
    for (int i = 0; i < 40; ++i) {
        last.parts[0].text +=
            QStringLiteral("and $x_{%1} = \\frac{a_{%1}^2}{\\sqrt{b + %1}}$ holds, ").arg(i);
    }
    model.update(last);
    view.setAnswering(true);
    view.scrollToEnd();
    std::vector<Figures> updates;
    for (int i = 0; i < 200; ++i) {
        last.parts[0].text += QStringLiteral("with $\\sum_{i=1}^{%1} i$ ").arg(i);
        updates.push_back(measured([&] {
            model.update(last);
            view.viewport()->repaint();
        }));
    }
    view.setAnswering(false);
    return p99(updates);
}

/// All messages, in portions: what the longest of them took, each with its paint.
Figures find(TranscriptView& view, const QString& text) {
    std::vector<Figures> portions;
    portions.push_back(measured([&] { view.find(TextMatcher({text})); }));
    do {
        portions.push_back(measured([&] { QApplication::processEvents(); }));
    } while (view.finder()->isSearching());
    return *std::max_element(portions.begin(), portions.end(),
                             [](const auto& a, const auto& b) { return a.clock < b.clock; });
}

}  // namespace

int main(int argc, char** argv) {
    if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    std::vector<Figures> opened;
    std::vector<Figures> scrolled;
    std::vector<Figures> streamed;
    std::vector<Figures> formulas;
    std::vector<Figures> found;
    std::vector<Figures> foundAgain;
    std::vector<Figures> scrolledFound;
    std::vector<Figures> streamedFound;
    for (int run = 0; run < kRuns; ++run) {
        ConversationModel model;
        ConversationInfo info;
        info.activeLeaf = kMessages;
        model.setMessages(info, messages());
        TranscriptView view;
        view.resize(1020, 780);
        view.show();
        QApplication::processEvents();
        opened.push_back(open(view, model));
        scrolled.push_back(scroll(view));
        streamed.push_back(stream(view, model));
        formulas.push_back(streamFormulas(view, model));
        found.push_back(find(view, "e"));
        foundAgain.push_back(find(view, "el"));
        scrolledFound.push_back(scroll(view));
        streamedFound.push_back(stream(view, model));
        view.setModel(nullptr);
    }
    std::printf("transcript, %d messages, 1020 x 780, medians of %d\n", kMessages, kRuns);
    return report("open, to the end of the first paint", opened, 150) +
           report("scroll, one frame, p99", scrolled, 16) +
           report("streamed update and paint, p99", streamed, 16) +
           report("streamed formulas, p99", formulas, 16) +
           report("find a letter, longest portion", found, 50) +
           report("find two letters after it, same", foundAgain, 50) +
           report("scroll over what was found, p99", scrolledFound, 16) +
           report("streamed update with find, p99", streamedFound, 16);
}
