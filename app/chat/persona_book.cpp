#include "app/chat/persona_book.h"

#include "app/personas/persona_import.h"
#include "app/personas/persona_text.h"
#include "app/store/conversation_store.h"

#include <QDir>
#include <QRegularExpression>
#include <QUuid>
#include <QtConcurrent>

#include <algorithm>

namespace lares::app {
namespace {

/// Never given out twice: a conversation that names a removed persona must not get another one.
QString newPersonaId() {
    return QUuid::createUuid().toString(QUuid::WithoutBraces);
}

bool isPersonaBefore(const Persona& a, const Persona& b) {
    const int names = QString::localeAwareCompare(a.name.toCaseFolded(), b.name.toCaseFolded());
    return names != 0 ? names < 0 : a.id < b.id;
}

}  // namespace

PersonaBook::PersonaBook(std::vector<Persona> builtIn, ConversationStore* store, QObject* parent)
    : QObject(parent), m_builtIn(std::move(builtIn)), m_store(store) {
    if (m_builtIn.empty()) m_builtIn.push_back({"lares", "Lares", {}, {}});
    arrange();
}

void PersonaBook::load() {
    if (!m_store) return;
    m_store->personas().then(this, [this](const Result<std::vector<Persona>>& kept) {
        if (!kept) {
            emit problem(tr("Your personas could not be read, so only the built-in ones are "
                            "there: %1")
                             .arg(QString::fromStdString(kept.error().message)));
            return;
        }
        for (const Persona& persona : *kept) m_kept.insert(persona.id, persona);
        arrange();
        if (!m_kept.isEmpty()) emit changed();
    });
}

const Persona& PersonaBook::personaOf(const QString& id) const {
    const auto found = std::find_if(m_all.begin(), m_all.end(),
                                    [&](const Persona& persona) { return persona.id == id; });
    return found == m_all.end() ? m_all.front() : *found;
}

const Persona* PersonaBook::builtIn(const QString& id) const {
    const auto found = std::find_if(m_builtIn.begin(), m_builtIn.end(),
                                    [&](const Persona& persona) { return persona.id == id; });
    return found == m_builtIn.end() ? nullptr : &*found;
}

bool PersonaBook::isOwn(const QString& id) const {
    return m_kept.contains(id) && !builtIn(id);
}

bool PersonaBook::isChanged(const QString& id) const {
    return m_kept.contains(id) && builtIn(id);
}

void PersonaBook::arrange() {
    m_all.clear();
    for (const Persona& persona : m_builtIn) m_all.push_back(m_kept.value(persona.id, persona));
    const auto nBuiltIn = static_cast<std::ptrdiff_t>(m_all.size());
    for (const Persona& persona : m_kept) {
        if (!builtIn(persona.id)) m_all.push_back(persona);
    }
    std::sort(m_all.begin() + nBuiltIn, m_all.end(), isPersonaBefore);
}

PersonaBook::Reply PersonaBook::refuse(const QString& sentence) {
    emit problem(sentence);
    return QtFuture::makeReadyFuture(
        Result<Persona>(Error{ErrorCode::InvalidArgument, sentence.toStdString()}));
}

PersonaBook::Reply PersonaBook::save(const Persona& persona) {
    Persona kept = tidied(persona);
    if (kept.id.isEmpty()) kept.id = newPersonaId();
    if (const QString fault = faultOf(kept); !fault.isEmpty()) return refuse(fault);
    if (!m_store) {
        return refuse(
            tr("Nothing can be kept in this session, so the persona was not saved. Make "
               "the folder for your data writable and start Lares again."));
    }
    const Persona* original = builtIn(kept.id);
    const bool isAsItCame = original && kept == tidied(*original);
    return (isAsItCame ? m_store->removePersona(kept.id) : m_store->save(kept))
        .then(this, [this, kept, isAsItCame](const Result<void>& saved) -> Result<Persona> {
            if (!saved) return saved.error();
            isAsItCame ? void(m_kept.remove(kept.id)) : void(m_kept.insert(kept.id, kept));
            arrange();
            emit changed();
            return kept;
        });
}

PersonaBook::Reply PersonaBook::remove(const QString& id) {
    if (!m_store || !m_kept.contains(id))
        return refuse(tr("This persona comes with Lares and cannot be removed."));
    return m_store->removePersona(id).then(
        this, [this, id](const Result<void>& removed) -> Result<Persona> {
            if (!removed) return removed.error();
            if (!m_kept.contains(id)) return Error{ErrorCode::NotFound, "asked for twice"};
            const Persona persona = m_kept.take(id);
            arrange();
            emit changed();
            return persona;
        });
}

PersonaBook::Reply PersonaBook::duplicate(const QString& id) {
    Persona copy = personaOf(id);
    copy.id.clear();
    copy.name = freeName(copy.name);
    return save(copy);
}

QFuture<Result<ImportedPersona>> PersonaBook::importFile(const QString& path) {
    using Imported = QFuture<Result<ImportedPersona>>;
    return QtConcurrent::run(importPersonaFile, path)
        .then(this,
              [this, path](const Result<ImportedPersona>& read) -> Imported {
                  if (!read) {
                      emit problem(tr("No persona was imported from %1: %2.")
                                       .arg(QDir::toNativeSeparators(path),
                                            QString::fromStdString(read.error().message)));
                      return QtFuture::makeReadyFuture(read);
                  }
                  ImportedPersona made = *read;
                  made.persona.id.clear();
                  made.persona.name = freeName(made.persona.name);
                  return save(made.persona)
                      .then(this, [made](const Result<Persona>& saved) -> Result<ImportedPersona> {
                          if (!saved) return saved.error();
                          return ImportedPersona{*saved, made.leftOut};
                      });
              })
        .unwrap();
}

QFuture<Result<void>> PersonaBook::exportFile(const QString& id,
                                              const QString& path,
                                              PersonaFormat format) {
    return QtConcurrent::run(writePersonaFile, path, personaOf(id), format)
        .then(this, [this, path](const Result<void>& written) {
            if (!written) {
                emit problem(tr("The persona could not be written to %1: %2. Choose another "
                                "folder.")
                                 .arg(QDir::toNativeSeparators(path),
                                      QString::fromStdString(written.error().message)));
            }
            return written;
        });
}

QString PersonaBook::freeName(const QString& name) const {
    const auto isTaken = [this](const QString& wanted) {
        return std::any_of(m_all.begin(), m_all.end(), [&](const Persona& persona) {
            return persona.name.compare(wanted, Qt::CaseInsensitive) == 0;
        });
    };
    if (!isTaken(name)) return name;
    static const QRegularExpression kNumber(" \\d{1,4}\\z");  // "Robin 2" is followed by "Robin 3"
    const QString base = QString(name).remove(kNumber);
    for (int number = 2;; ++number) {
        const QString suffix = ' ' + QString::number(number);
        QString numbered = base.left(kMaxPersonaName - suffix.size()) + suffix;
        if (!isTaken(numbered)) return numbered;
    }
}

}  // namespace lares::app
