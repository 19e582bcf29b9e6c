#pragma once

#include "app/chat/conversation_model.h"
#include "app/transcript/transcript_view.h"

#include <QAbstractItemModelTester>
#include <QCoreApplication>

#include <utility>
#include <vector>

namespace lares::test {

using namespace lares::app;

inline constexpr int kRows = 60;

inline const QString kLong = QStringLiteral(
    "A paragraph that is long enough to wrap at least once in the reading column of the window, "
    "since most of them are, and a list:\n\n- one\n- two\n\n```\ncode\n```\n\n"
    "And [a link](https://example.org) behind it.");

inline Part textPart(const QString& text, Part::Kind kind = Part::Kind::Text) {
    Part part;
    part.kind = kind;
    part.text = text;
    return part;
}

inline ChatMessage message(MessageId id, MessageId parent, std::vector<Part> parts) {
    ChatMessage made;
    made.id = id;
    made.parent = parent;
    made.role = id % 2 ? Role::User : Role::Assistant;
    made.parts = std::move(parts);
    return made;
}

/// A view of 800 × 600 on a conversation of kRows messages.
struct Shown {
    Shown() : tester(&model) {
        std::vector<ChatMessage> all;
        for (int i = 1; i <= kRows; ++i) {
            all.push_back(i % 2 ? message(i, i - 1, {textPart(QString("Question %1").arg(i))})
                                : message(i, i - 1,
                                          {textPart("secret", Part::Kind::Thinking),
                                           textPart(QString("Answer %1. ").arg(i) + kLong)}));
        }
        model.setMessages({}, std::move(all));
        view.setTheme(Theme::make(Theme::Scheme::Light));
        view.setPersonaName([](const QString&) { return QString("Lares"); });
        view.setAnimated(false);
        view.setModel(&model);
        view.resize(800, 600);
        view.show();
        paint();
    }

    void paint() {
        view.grab();
        QCoreApplication::processEvents();
        view.grab();
    }
    void append(MessageId id, const QString& text) {
        model.append(message(id, model.activeLeaf(), {textPart(text)}));
        paint();
    }
    void grow(MessageId id, const QString& by) {
        ChatMessage changed = *model.find(id);
        changed.parts.back().text += by;
        model.update(changed);
        paint();
    }
    /// The first row whose beginning is in sight.
    [[nodiscard]] int rowInSight() const {
        const QRect seen = view.viewport()->rect();
        for (int row = 0; row < model.rowCount(); ++row) {
            const int top = view.rowRect(row).top();
            if (top >= seen.top() && top < seen.bottom() - 40) return row;
        }
        return -1;
    }

    ConversationModel model;
    QAbstractItemModelTester tester;
    TranscriptView view;
};

}  // namespace lares::test
