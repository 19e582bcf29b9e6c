#include "app/chat/document_library.h"

#include "tools/library/background.h"
#include "tools/policy/library_grants.h"

#include <QMetaObject>
#include <QtConcurrent>

#include <chrono>
#include <utility>

namespace lares::app {
namespace {

// The thread goes faster than anybody reads.
constexpr std::chrono::milliseconds kTellEvery{100};

}  // namespace

DocumentLibrary::DocumentLibrary(std::filesystem::path file, GrantList& grants, QObject* parent)
    : QObject(parent), m_isKept(!file.empty()), m_grants(grants), m_index(std::move(file)) {
    m_thread.setMaxThreadCount(1);
}

DocumentLibrary::~DocumentLibrary() {
    m_stop.request_stop();
    m_thread.waitForDone();
}

DocumentLibrary::Reply DocumentLibrary::run(
    std::function<Result<void>(const std::stop_token&)> work) {
    ++m_nJobs;
    emit changed();
    return QtConcurrent::run(&m_thread,
                             [this, work = std::move(work), stop = m_stop.get_token()] {
                                 stay_in_background();
                                 return look(work(stop));
                             })
        .then(this, [this](const Look& now) {
            --m_nJobs;
            m_folders = now.folders;
            m_sizeBytes = now.sizeBytes;
            m_problem = now.problem;
            emit changed();
            return now.done;
        });
}

DocumentLibrary::Look DocumentLibrary::look(Result<void> done) {
    Look now;
    now.done = std::move(done);
    auto folders = m_index.folders();
    if (!folders) {
        now.problem = QString::fromStdString(folders.error().message);
        return now;
    }
    for (LibraryFolder& facts : *folders) {
        Folder folder;
        folder.unreadable = m_index.unreadable(facts.id).value_or(std::vector<UnreadableFile>());
        if (!m_grants.find(facts.path, {}))
            folder.problem = tr("It cannot be read now: it is gone, or leads elsewhere.");
        folder.facts = std::move(facts);
        now.folders.push_back(std::move(folder));
    }
    now.sizeBytes = m_index.size_bytes();
    return now;
}

void DocumentLibrary::start() {
    if (m_isKept) update(/*retries=*/false);
}

void DocumentLibrary::update(bool retries) {
    m_isStopped = false;
    if (!m_isKept || m_isReading) return;
    m_isReading = true;
    run([this, retries](const std::stop_token& stop) {
        return readAll(stop, retries);
    }).then(this, [this](const Result<void>& read) {
        m_isReading = false;
        m_reading.reset();
        if (!read) m_problem = QString::fromStdString(read.error().message);
        emit changed();
    });
}

Result<void> DocumentLibrary::readAll(const std::stop_token& stop, bool retries) {
    auto problems = restore_library_grants(m_index, m_grants);
    if (!problems && problems.error().code == ErrorCode::Corrupt) {
        // There is nothing in it that the files have not.
        RETURN_IF_ERROR(m_index.make_again());
        problems = restore_library_grants(m_index, m_grants);
    }
    if (!problems) return problems.error();
    ASSIGN_OR_RETURN(const auto folders, m_index.folders());
    Result<void> all;
    for (const LibraryFolder& folder : folders) {
        if (stop.stop_requested()) break;
        if (!m_grants.find(folder.path, {})) continue;  // said in its row
        UpdateOptions options;
        options.limits.stop = stop;
        options.retries_unreadable = retries;
        const QString name = QString::fromStdString(folder.path);
        options.progress = [this, name, last = std::chrono::steady_clock::time_point()](
                               const UpdateProgress& progress) mutable {
            const auto now = std::chrono::steady_clock::now();
            if (now - last < kTellEvery) return;
            last = now;
            tell(name, progress);
        };
        const auto updated = update_library_folder(m_index, m_grants, folder, options);
        // One that was removed meanwhile is no problem.
        if (!updated && updated.error().code != ErrorCode::NotFound && all) all = updated.error();
    }
    return all;
}

void DocumentLibrary::tell(const QString& folder, const UpdateProgress& progress) {
    QMetaObject::invokeMethod(this, [this, folder, progress] {
        if (!m_isReading) return;
        m_reading = Reading{folder, progress};
        emit progressed();
    });
}

DocumentLibrary::Reply DocumentLibrary::add(const QString& path) {
    return run([this, path = path.toStdString()](const std::stop_token&) -> Result<void> {
               const auto added = add_to_library(m_index, m_grants, path);
               if (!added) return added.error();
               return {};
           })
        .then(this, [this](const Result<void>& added) {
            if (added) update(/*retries=*/false);
            return added;
        });
}

DocumentLibrary::Reply DocumentLibrary::remove(const QString& path) {
    const bool wasReading = m_isReading;
    m_stop.request_stop();
    m_stop = std::stop_source();
    return run([this, path = path.toStdString()](const std::stop_token&) {
               return remove_from_library(m_index, m_grants, path);
           })
        .then(this, [this, wasReading](const Result<void>& removed) {
            if (wasReading && !m_isStopped) update(/*retries=*/false);
            return removed;
        });
}

void DocumentLibrary::stop() {
    m_isStopped = true;
    m_stop.request_stop();
    m_stop = std::stop_source();
    emit changed();
}

void DocumentLibrary::readLater() {
    QMetaObject::invokeMethod(this, [this] {
        if (!m_isStopped) update(/*retries=*/false);
    });
}

}  // namespace lares::app
