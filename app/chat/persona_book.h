#pragma once

#include "app/personas/persona_file.h"
#include "engine/base/result.h"

#include <QFuture>
#include <QMap>
#include <QObject>

#include <vector>

namespace lares::app {

class ConversationStore;

/// Who can answer: the built-in personas, and those on disk that the user made or changed. What it
/// shows is on disk: a change is taken up when the store said so, and what could not be written
/// changed nothing. UI thread only; nothing waits.
///
/// A persona on disk with a built-in one's id stands in its place. A conversation keeps the id of a
/// persona that was removed: the first one answers there, until the removed one is saved again.
class PersonaBook : public QObject {
    Q_OBJECT

public:
    /// With the persona as it was kept (or removed), or why it was not.
    using Reply = QFuture<Result<Persona>>;

    /// `store` may be null: then the built-in ones can be used, and nothing can be changed.
    PersonaBook(std::vector<Persona> builtIn, ConversationStore* store, QObject* parent = nullptr);

    void load();  ///< `changed` follows where there is something on disk

    /// The built-in ones in their order, then the user's by name; never empty.
    [[nodiscard]] const std::vector<Persona>& personas() const { return m_all; }
    [[nodiscard]] const Persona& personaOf(const QString& id) const;  ///< else the first
    [[nodiscard]] bool isOwn(const QString& id) const;                ///< made by the user
    [[nodiscard]] bool isChanged(const QString& id) const;  ///< built-in, with the user's texts

    /// Makes a new one where the id is empty. A built-in one that is saved as it came is no longer
    /// changed.
    Reply save(const Persona& persona);
    /// One of the user's goes, a changed one is again as it came. Saving what this answers undoes
    /// it.
    Reply remove(const QString& id);
    Reply duplicate(const QString& id);
    /// Out of a persona's file or a character card (personas/persona_import.h), as a new one,
    /// whatever id the file names. A name that is taken gets a number.
    QFuture<Result<ImportedPersona>> importFile(const QString& path);
    QFuture<Result<void>> exportFile(const QString& id, const QString& path, PersonaFormat format);

signals:
    void changed();
    /// Something failed that the store has not said: a sentence with the next step.
    void problem(const QString& sentence);

private:
    [[nodiscard]] const Persona* builtIn(const QString& id) const;
    [[nodiscard]] QString freeName(const QString& name) const;
    Reply refuse(const QString& sentence);
    void arrange();

    std::vector<Persona> m_builtIn;
    ConversationStore* m_store;
    QMap<QString, Persona> m_kept;  ///< what is on disk, by id
    std::vector<Persona> m_all;
};

}  // namespace lares::app
