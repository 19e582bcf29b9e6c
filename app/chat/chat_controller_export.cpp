// Conversations as files: out, in, and once more. The list and the models are looked at here, the
// rest happens on a thread that waits for the store and the disk.
#include "app/chat/chat_controller_impl.h"
#include "app/export/conversation_file.h"
#include "app/export/export_file.h"
#include "app/transcript/visible_text.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QtConcurrent>

#include <utility>

namespace lares::app {
namespace {

constexpr qsizetype kMostReasons = 3;
constexpr qsizetype kShortTitle = 40;
constexpr std::size_t kMostImportedPersonas = 200;

Error exportError(const QString& sentence, ErrorCode code = ErrorCode::Io) {
    return {code, sentence.toStdString()};
}

Error endedError() {
    return exportError(ChatController::tr("Lares was ended before this was done."),
                       ErrorCode::Cancelled);
}

bool answersIn(const Persona& persona, const ConversationContent& content) {
    return content.info.personaId == persona.id ||
           std::any_of(content.messages.begin(), content.messages.end(),
                       [&](const ChatMessage& one) { return one.personaId == persona.id; });
}

}  // namespace

Error nothingKept() {
    return exportError(
        ChatController::tr("Nothing can be kept in this session. Make the folder for your data "
                           "writable and start Lares again."),
        ErrorCode::NotFound);
}

bool ChatController::keepsConversations() const {
    return m_impl->store != nullptr;
}

std::optional<ChatController::Impl::Source> ChatController::Impl::sourceOf(ConversationId id) {
    const int row = list.rowOf(id);
    if (row < 0) return std::nullopt;
    Source source;
    source.info = list.at(row);
    const auto models = modelsOf(id);
    const bool isLoading = isShownLoading && shown->info().id == id;
    if (!models.empty() && !isLoading) {
        const ConversationModel* live = models.front().get();
        source.messages = live->messages();
        source.info.activeLeaf = live->activeLeaf();
        source.info.draft = live->info().draft;
    } else {
        source.unsaved = saver.unsaved(id);
    }
    if (attached.contains(id)) source.draftAttachments = attached.value(id);
    return source;
}

Result<ConversationContent> ChatController::Impl::readSource(
    Source source, const std::vector<Persona>& known) const {
    ConversationContent content;
    content.info = std::move(source.info);
    if (source.messages) {
        content.messages = std::move(*source.messages);
    } else {
        if (!store) return nothingKept();
        ASSIGN_OR_RETURN(std::vector<ChatMessage> read, store->messages(content.info.id).result());
        content.messages = withNewer(std::move(read), std::move(source.unsaved));
    }
    if (source.draftAttachments) {
        content.draftAttachments = std::move(*source.draftAttachments);
    } else if (store && content.info.hasAttachedDraft) {
        ASSIGN_OR_RETURN(content.draftAttachments,
                         store->draftAttachments(content.info.id).result());
    }
    for (const Persona& persona : known) {
        if (answersIn(persona, content)) content.personas.push_back(persona);
    }
    return content;
}

QFuture<Result<void>> ChatController::exportConversation(ConversationId id,
                                                         const QString& path,
                                                         const ExportChoice& choice) {
    Impl& impl = *m_impl;
    const std::optional<Impl::Source> source = impl.sourceOf(id);
    if (!source) {
        return QtFuture::makeReadyFuture(Result<void>(
            exportError(tr("This conversation has no message yet."), ErrorCode::NotFound)));
    }
    return QtConcurrent::run(
        &impl.fileThread,
        [&impl, source = *source, known = impl.personas.personas(), path,
         choice]() -> Result<void> {
            ASSIGN_OR_RETURN(const ConversationContent content, impl.readSource(source, known));
            const Result<QByteArray> bytes = exported(content, choice, impl.ending.get_token());
            if (!bytes) return endedError();
            return writeExportFile(path, [&](QIODevice& file) -> Result<void> {
                file.write(*bytes);
                return {};
            });
        });
}

/// What the user wrote beside conversations, as it is now.
UserTexts ChatController::Impl::userTexts() const {
    UserTexts texts;
    for (const Persona& persona : personas.personas()) {
        if (personas.isOwn(persona.id) || personas.isChanged(persona.id))
            texts.personas.push_back(persona);
    }
    texts.notes = notes.notes();
    return texts;
}

QFuture<Result<qint64>> ChatController::exportAll(const QString& path) {
    Impl& impl = *m_impl;
    std::vector<Impl::Source> sources;
    for (int row = 0; row < impl.list.rowCount(); ++row) {
        if (impl.list.at(row).isTemporary) continue;  // asked for one by one only
        sources.push_back(*impl.sourceOf(impl.list.at(row).id));
    }
    return QtConcurrent::run(&impl.fileThread,
                             [&impl, all = std::move(sources), known = impl.personas.personas(),
                              texts = impl.userTexts(), path]() -> Result<qint64> {
                                 const auto write = [&](QIODevice& file) -> Result<void> {
                                     ConversationFileWriter writer(file);
                                     for (const Impl::Source& source : all) {
                                         if (impl.ending.stop_requested()) return endedError();
                                         ASSIGN_OR_RETURN(const ConversationContent content,
                                                          impl.readSource(source, known));
                                         writer.add(content);
                                     }
                                     writer.finish(texts);
                                     return {};
                                 };
                                 RETURN_IF_ERROR(writeExportFile(path, write));
                                 return static_cast<qint64>(all.size());
                             });
}

/// False: no more can be added.
bool ChatController::Impl::addImported(ConversationOrigin origin,
                                       const QByteArray& json,
                                       Imported& imported) {
    ImportReport& report = imported.report;
    const int number = report.added + report.known + report.broken + 1;
    Result<ReadConversation> whole =
        json.isEmpty() ? Result<ReadConversation>(exportError(tr("it is too large")))
                       : readConversation(origin, json);
    if (!whole) {
        ++report.broken;
        if (report.reasons.size() < kMostReasons)
            report.reasons << tr("number %1: %2")
                                  .arg(number)
                                  .arg(QString::fromStdString(whole.error().message));
        return true;
    }
    ConversationContent* read = &whole->content;
    renumber(*read, store->newConversationId(), [this] { return store->newMessageId(); });
    const Result<bool> added = store
                                   ->insert(read->info, read->messages, read->draftAttachments,
                                            ConversationStore::Known::Skipped)
                                   .result();
    if (!added) {
        const QString title = visibleText(exportTitle(read->info).left(kShortTitle));
        report.failure =
            tr("It stopped at “%1”: %2").arg(title, QString::fromStdString(added.error().message));
        return false;
    }
    if (!*added) {
        ++report.known;
        return true;
    }
    ++report.added;
    report.leftOut += whole->leftOut;
    for (const Persona& persona : read->personas) {
        const bool isThere = std::any_of(imported.personas.begin(), imported.personas.end(),
                                         [&](const Persona& one) { return one.id == persona.id; });
        if (!isThere && imported.personas.size() < kMostImportedPersonas)
            imported.personas.push_back(persona);
    }
    return true;
}

Result<ChatController::Impl::Imported> ChatController::Impl::importFile(const QString& path) {
    if (!store) return nothingKept();
    const auto refuse = [&](const QString& why) {
        return exportError(tr("No conversation was imported from %1: %2.")
                               .arg(QDir::toNativeSeparators(path), why),
                           ErrorCode::Corrupt);
    };
    // A pipe or a device would never end, or never begin.
    if (QFileInfo::exists(path) && !QFileInfo(path).isFile()) return refuse(tr("it is no file"));
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) return refuse(file.errorString());
    Imported imported;
    const Result<ConversationScan> scan =
        scanConversationFile(file, [&](ConversationOrigin origin, const QByteArray& json) {
            if (ending.stop_requested()) {
                imported.report.failure = QString::fromStdString(endedError().message);
                return false;
            }
            return addImported(origin, json, imported);
        });
    if (!scan) return refuse(QString::fromStdString(scan.error().message));
    imported.report.isCutOff = !scan->isWhole;
    imported.report.brokenTexts = scan->nBrokenTexts;
    imported.report.unknown = scan->unknown;
    imported.texts = scan->texts;
    return imported;
}

/// Personas and notes that are not here yet. One that is here stays as it is; a built-in persona
/// that nobody changed here becomes what the user made of it there.
QFuture<ImportReport> ChatController::Impl::addTexts(Imported imported) {
    QList<PersonaBook::Reply> savedPersonas;
    QSet<QString> known;
    for (const Persona& persona : imported.texts.personas) {
        known.insert(persona.id);
        const bool isKept = personas.isOwn(persona.id) || personas.isChanged(persona.id);
        if (isKept || personas.personaOf(persona.id) == persona) {
            ++imported.report.knownTexts;
        } else {
            savedPersonas << personas.save(persona);
        }
    }
    for (const Persona& persona : imported.personas) {
        if (known.contains(persona.id) || personas.personaOf(persona.id).id == persona.id) continue;
        savedPersonas << personas.save(persona);
    }
    QList<NoteBook::Reply> savedNotes;
    for (const Note& note : imported.texts.notes) {
        const auto isSame = [&](const Note& one) {
            return one.text == note.text && one.personaId == note.personaId;
        };
        if (std::any_of(notes.notes().begin(), notes.notes().end(), isSame)) {
            ++imported.report.knownTexts;
        } else {
            savedNotes << notes.save(note);
        }
    }
    const auto countKept = [](const auto& replies, int& kept, QStringList& refusals) {
        for (const auto& reply : replies) {
            const auto saved = reply.result();
            saved ? void(++kept) : void(refusals << QString::fromStdString(saved.error().message));
        }
    };
    const auto count = [=, report = imported.report](const QList<NoteBook::Reply>& replies) {
        ImportReport counted = report;
        countKept(savedPersonas, counted.personas, counted.refusals);
        countKept(replies, counted.notes, counted.refusals);
        return counted;
    };
    const auto allNotes = QtFuture::whenAll(savedNotes.begin(), savedNotes.end());
    return QtFuture::whenAll(savedPersonas.begin(), savedPersonas.end())
        .then(&controller, [allNotes](const QList<PersonaBook::Reply>&) { return allNotes; })
        .unwrap()
        .then(&controller, count);
}

QFuture<Result<ImportReport>> ChatController::importConversations(const QString& path) {
    Impl& impl = *m_impl;
    auto done = std::make_shared<QPromise<Result<ImportReport>>>();
    done->start();
    const auto finish = [done](Result<ImportReport> report) {
        done->addResult(std::move(report));
        done->finish();
    };
    QtConcurrent::run(&impl.fileThread, [&impl, path] {
        return impl.importFile(path);
    }).then(this, [this, &impl, finish](const Result<Impl::Imported>& imported) {
        if (!imported) return finish(imported.error());
        impl.addTexts(*imported).then(this, [&impl, finish](const ImportReport& report) {
            if (report.added == 0) return finish(report);
            impl.readList([finish, report] { finish(report); });
        });
    });
    return done->future();
}

QFuture<Result<ConversationId>> ChatController::duplicateConversation(ConversationId id) {
    Impl& impl = *m_impl;
    const std::optional<Impl::Source> source = impl.sourceOf(id);
    if (!impl.store || !source)
        return QtFuture::makeReadyFuture(Result<ConversationId>(nothingKept()));
    if (source->info.isTemporary) {
        return QtFuture::makeReadyFuture(Result<ConversationId>(
            exportError(tr("It is temporary: a copy of it would be kept. Keep it first."))));
    }
    auto done = std::make_shared<QPromise<Result<ConversationId>>>();
    done->start();
    const auto finish = [done](Result<ConversationId> made) {
        done->addResult(std::move(made));
        done->finish();
    };
    QtConcurrent::run(&impl.fileThread, [&impl, source = *source]() -> Result<ConversationId> {
        ASSIGN_OR_RETURN(ConversationContent content, impl.readSource(source, {}));
        for (ChatMessage& message : content.messages) settle(message);
        renumber(content, impl.store->newConversationId(),
                 [&impl] { return impl.store->newMessageId(); });
        content.info.title = tr("%1 (copy)").arg(exportTitle(content.info));
        content.info.isPinned = false;
        content.info.createdAt = content.info.updatedAt = QDateTime::currentDateTimeUtc();
        ASSIGN_OR_RETURN(const bool isAdded,
                         impl.store
                             ->insert(content.info, content.messages, content.draftAttachments,
                                      ConversationStore::Known::Added)
                             .result());
        (void)isAdded;
        return content.info.id;
    }).then(this, [this, &impl, id, finish](const Result<ConversationId>& made) {
        if (!made) return finish(made);
        impl.notes.begin(*made, impl.notes.begunTexts(id));
        impl.readList([this, finish, made] {
            openConversation(*made);
            finish(made);
        });
    });
    return done->future();
}

}  // namespace lares::app
