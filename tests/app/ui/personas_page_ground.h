#pragma once

#include "app/ui/composer.h"
#include "app/ui/persona_editor.h"
#include "app/ui/persona_row.h"
#include "app/ui/personas_page.h"
#include "tests/app/ui/window_fixture.h"

#include <QApplication>
#include <QLabel>
#include <QLineEdit>
#include <QTest>

#include <algorithm>
#include <memory>

namespace lares::test {

using namespace lares::app;

/// The page of personas in a window of its own, and what a person sees of it.
class PersonasPageGround {
protected:
    void openPage() {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        m_fixture = std::make_unique<WindowFixture>();
        m_fixture->window().showPersonas();
    }

    [[nodiscard]] PersonasPage& page() const { return *m_fixture->window().personasPage(); }
    [[nodiscard]] PersonaEditor& editor() const { return *page().editor(); }
    [[nodiscard]] QLineEdit* name() const {
        for (auto* found : editor().findChildren<QLineEdit*>()) {
            if (found->accessibleName() == "Name") return found;
        }
        return nullptr;
    }
    [[nodiscard]] ComposerText* text(const QString& field) const {
        for (auto* found : editor().findChildren<ComposerText*>()) {
            if (found->accessibleName() == field) return found;
        }
        return nullptr;
    }
    [[nodiscard]] QString labels(const QWidget& widget) const {
        QStringList shown;
        for (const QLabel* label : widget.findChildren<QLabel*>()) {
            if (label->isVisible()) shown << label->text();
        }
        return shown.join('\n');
    }
    /// A key where the focus is.
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) const {
        QTest::keyClick(QApplication::focusWidget(), key, modifiers);
    }
    void type(const char* keys) const { QTest::keyClicks(QApplication::focusWidget(), keys); }
    [[nodiscard]] QString focused() const {
        return QApplication::focusWidget() ? QApplication::focusWidget()->accessibleName()
                                           : QString();
    }
    [[nodiscard]] const Persona& last() const { return m_fixture->controller().personas().back(); }
    [[nodiscard]] bool hasRow(const QString& accessibleName) const {
        const auto rows = page().findChildren<PersonaRow*>();
        return std::any_of(rows.begin(), rows.end(), [&](const PersonaRow* row) {
            return row->isVisible() && row->accessibleName() == accessibleName;
        });
    }
    [[nodiscard]] Persona find(const QString& id) const {
        for (const Persona& persona : m_fixture->controller().personas()) {
            if (persona.id == id) return persona;
        }
        return {};
    }
    void makeAda() const {
        m_fixture->controller().savePersona({{}, "Ada", "You are Ada.\nYou count.", "Hello."});
        QTRY_COMPARE(last().name, "Ada");
    }

    std::unique_ptr<WindowFixture> m_fixture;
};

}  // namespace lares::test
