#pragma once

#include "app/chat/answer_parameters.h"

#include <QWidget>

#include <array>
#include <vector>

class QVBoxLayout;

namespace lares::app {

class Appearance;
class Button;
class ParameterField;
class TextLabel;

/// Thinking and every parameter of an answer, each with what it does, its field, and where its
/// value comes from: set here, from the persona, or as usual. Keeps nothing: `chosen` says what to
/// do. UI thread only.
class ParameterList : public QWidget {
    Q_OBJECT

public:
    /// Whose parameters are set here; where they are a persona's, none lie between them and the
    /// usual ones.
    enum class Place { Conversation, Persona };

    ParameterList(const Appearance* appearance, Place place, QWidget* parent = nullptr);

    /// What is set here; what the persona has, which counts where nothing is; and what is usual.
    void showValues(const QJsonObject& here, const QJsonObject& persona, const QJsonObject& usual);
    void setReadOnly(bool isReadOnly);

    /// In the order of answerParameters().
    [[nodiscard]] const std::vector<ParameterField*>& fields() const { return m_fields; }
    /// In the order of Tab.
    [[nodiscard]] std::vector<QWidget*> controls() const;

signals:
    void chosen(const QString& key, const QJsonValue& value);  ///< Undefined: not set here

private:
    void addThinking();
    void addField(const ParameterBounds& bounds);
    void showThinking();
    [[nodiscard]] QString sourceOf(const QString& key) const;

    const Appearance* m_appearance;
    Place m_place;
    QVBoxLayout* m_layout;
    std::array<Button*, 3> m_thinking{};  ///< not set here, on, off
    std::vector<ParameterField*> m_fields;
    std::vector<TextLabel*> m_sources;  ///< one for each field
    QJsonObject m_here;
    QJsonObject m_persona;
    QJsonObject m_usual;
};

/// What a parameter is called.
[[nodiscard]] QString nameOfParameter(QLatin1String key);

}  // namespace lares::app
