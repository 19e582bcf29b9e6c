#pragma once

#include "app/personas/persona_file.h"

#include <QWidget>

#include <vector>

namespace lares::app {

class Appearance;
class Button;

/// One persona of the list: mark, name, where it comes from, the first line of its instructions,
/// what can be done with it, and a notice about it where there is one. UI thread only.
class PersonaRow : public QWidget {
    Q_OBJECT

public:
    enum class Origin { BuiltIn, Changed, Own };
    struct State {
        Origin origin;
        bool hasDraft;  ///< something was written of it and is not saved
        QString notice;
    };

    PersonaRow(const Appearance* appearance,
               const Persona& persona,
               const State& state,
               QWidget* parent = nullptr);

    [[nodiscard]] const QString& id() const { return m_persona.id; }
    /// In the order of Tab.
    [[nodiscard]] const std::vector<Button*>& buttons() const { return m_buttons; }

signals:
    void editRequested(const QString& id);
    void duplicateRequested(const QString& id);
    void exportRequested(const QString& id, lares::app::PersonaFormat format);
    void removeRequested(const QString& id);  ///< of a changed one: reset

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    using Wish = void (PersonaRow::*)(const QString&);
    Button* addButton(const QString& text, const QString& name);
    void addButton(const QString& text, const QString& name, Wish wish);
    void addExport();
    void applyTheme();

    const Appearance* m_appearance;
    Persona m_persona;
    QString m_origin;
    QString m_firstLine;
    QLayout* m_flow = nullptr;
    std::vector<Button*> m_buttons;
};

}  // namespace lares::app
