#pragma once

#include <QJsonObject>
#include <QWidget>

namespace lares::app {

class Appearance;
class Button;
class ParameterList;
class TextLabel;

/// A persona's parameters, folded away behind a line that says what is not as usual. UI thread
/// only.
class PersonaAnswers : public QWidget {
    Q_OBJECT

public:
    explicit PersonaAnswers(const Appearance* appearance, QWidget* parent = nullptr);

    /// What is used where the persona says nothing.
    void setUsual(const QJsonObject& usual);
    void setParameters(const QJsonObject& parameters);  ///< no `changed`
    [[nodiscard]] const QJsonObject& parameters() const { return m_parameters; }
    void setUnfolded(bool isUnfolded);
    void setReadOnly(bool isReadOnly);
    [[nodiscard]] ParameterList* list() const { return m_list; }

signals:
    void changed();  ///< by the user

private:
    void showValues();

    TextLabel* m_summary;
    Button* m_fold;
    ParameterList* m_list;
    QJsonObject m_usual;
    QJsonObject m_parameters;
};

}  // namespace lares::app
