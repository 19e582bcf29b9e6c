#include "app/transcript/transcript_accessible.h"

#include "app/chat/conversation_model.h"
#include "app/transcript/transcript_view.h"

#include <QAccessibleWidget>
#include <QHash>
#include <QPointer>

#include <map>

namespace lares::app {
namespace {

using TargetKind = TranscriptTarget::Kind;

QAccessible::Role roleOf(TargetKind kind) {
    switch (kind) {
        case TargetKind::Message:
            return QAccessible::ListItem;
        case TargetKind::Link:
            return QAccessible::Link;
        default:
            return QAccessible::Button;
    }
}

/// A message, or something in it. It has no QObject of its own: Qt's cache owns it, and the
/// transcript takes it out when the conversation changes.
class AccessibleTarget : public QAccessibleInterface, public QAccessibleActionInterface {
public:
    AccessibleTarget(TranscriptView* view, const TranscriptTarget& target)
        : m_view(view), m_target(target) {}

    bool isValid() const override {
        return m_view && m_view->model() && m_target.row < m_view->model()->rowCount();
    }
    QObject* object() const override { return nullptr; }
    QAccessibleInterface* parent() const override {
        return QAccessible::queryAccessibleInterface(m_view);
    }
    QAccessibleInterface* child(int) const override { return nullptr; }
    int childCount() const override { return 0; }
    int indexOfChild(const QAccessibleInterface*) const override { return -1; }
    QAccessibleInterface* childAt(int, int) const override { return nullptr; }

    QString text(QAccessible::Text kind) const override {
        return isValid() && kind == QAccessible::Name ? m_view->targetName(m_target) : QString();
    }
    void setText(QAccessible::Text, const QString&) override {}
    QRect rect() const override {
        if (!isValid()) return {};
        const QRect inView = m_target.kind == TargetKind::Message ? m_view->rowRect(m_target.row)
                                                                  : m_view->targetRect(m_target);
        return {m_view->viewport()->mapToGlobal(inView.topLeft()), inView.size()};
    }
    QAccessible::Role role() const override { return roleOf(m_target.kind); }
    QAccessible::State state() const override {
        QAccessible::State state;
        state.invalid = !isValid();
        state.focusable = true;
        state.readOnly = true;
        if (isValid()) {
            state.focused = m_view->hasFocus() && m_view->focusedTarget() == m_target;
            state.offscreen = !m_view->viewport()->rect().intersects(m_view->rowRect(m_target.row));
        }
        return state;
    }
    void* interface_cast(QAccessible::InterfaceType type) override {
        return type == QAccessible::ActionInterface ? static_cast<QAccessibleActionInterface*>(this)
                                                    : nullptr;
    }

    QStringList actionNames() const override {
        return m_target.kind == TargetKind::Message ? QStringList{setFocusAction()}
                                                    : QStringList{pressAction(), setFocusAction()};
    }
    void doAction(const QString& action) override {
        if (!isValid()) return;
        if (action == setFocusAction()) m_view->focusTarget(m_target);
        if (action == pressAction()) m_view->activate(m_target);
    }
    QStringList keyBindingsForAction(const QString&) const override { return {}; }

private:
    QPointer<TranscriptView> m_view;
    TranscriptTarget m_target;
};

/// The view: for each message the message itself and then what can be reached in it, message by
/// message; behind them the real widgets (the permission card, buttons). Only the parts of messages
/// in sight are listed: asking for all of them would lay out the whole conversation.
class AccessibleTranscript : public QAccessibleWidget {
public:
    explicit AccessibleTranscript(TranscriptView* view)
        : QAccessibleWidget(view, QAccessible::List, TranscriptView::tr("Conversation")) {}
    ~AccessibleTranscript() override { forget(); }

    int childCount() const override {
        return static_cast<int>(listed().size()) + QAccessibleWidget::childCount();
    }
    QAccessibleInterface* child(int index) const override {
        const auto targets = listed();
        const auto n = static_cast<int>(targets.size());
        if (index < 0) return nullptr;
        if (index >= n) return QAccessibleWidget::child(index - n);
        return interfaceOf(targets[static_cast<std::size_t>(index)]);
    }
    int indexOfChild(const QAccessibleInterface* child) const override {
        const auto targets = listed();
        for (std::size_t i = 0; i < targets.size(); ++i) {
            if (interfaceOf(targets[i]) == child) return static_cast<int>(i);
        }
        const int index = QAccessibleWidget::indexOfChild(child);
        return index < 0 ? -1 : index + static_cast<int>(targets.size());
    }

private:
    using Key = std::tuple<int, int, std::size_t, int>;

    [[nodiscard]] TranscriptView* view() const { return static_cast<TranscriptView*>(object()); }

    [[nodiscard]] std::vector<TranscriptTarget> listed() const {
        std::vector<TranscriptTarget> targets;
        const ConversationModel* model = view()->model();
        const QRect seen = view()->viewport()->rect();
        for (int row = 0; model && row < model->rowCount(); ++row) {
            if (seen.intersects(view()->rowRect(row))) {
                for (const TranscriptTarget& target : view()->targets(row)) {
                    if (target.kind != TargetKind::Card) targets.push_back(target);  // a widget
                }
            } else {
                TranscriptTarget message;
                message.kind = TargetKind::Message;
                message.row = row;
                targets.push_back(message);
            }
        }
        return targets;
    }

    QAccessibleInterface* interfaceOf(const TranscriptTarget& target) const {
        const Key key(static_cast<int>(target.kind), target.row, target.block, target.link);
        const auto found = m_known.find(key);
        if (found != m_known.end()) return QAccessible::accessibleInterface(found->second);
        auto* made = new AccessibleTarget(view(), target);
        m_known.emplace(key, QAccessible::registerAccessibleInterface(made));
        return made;
    }

    void forget() {
        for (const auto& [key, id] : m_known) QAccessible::deleteAccessibleInterface(id);
        m_known.clear();
    }

    mutable std::map<Key, QAccessible::Id> m_known;
};

QAccessibleInterface* make(const QString& className, QObject* object) {
    auto* view = qobject_cast<TranscriptView*>(object);
    if (!view || className != QLatin1String(TranscriptView::staticMetaObject.className()))
        return nullptr;
    return new AccessibleTranscript(view);
}

}  // namespace

void installTranscriptAccessibility() {
    static const bool isInstalled = [] {
        QAccessible::installFactory(make);
        return true;
    }();
    (void)isInstalled;
}

}  // namespace lares::app
