#pragma once

#include "app/chat/document_library.h"

#include <QWidget>

class QVBoxLayout;

namespace lares::app {

class Appearance;
class ProgressLine;
class TextLabel;

/// One folder of the document library in Settings: what the index has of it, what could not be
/// read, and how it is taken out. UI thread only.
class LibraryRow : public QWidget {
    Q_OBJECT

public:
    LibraryRow(const Appearance* appearance,
               const DocumentLibrary::Folder& folder,
               bool isUnfolded,
               QWidget* parent = nullptr);

    [[nodiscard]] QString path() const { return m_path; }
    /// Nothing: it is not being read at this moment.
    void setReading(const std::optional<UpdateProgress>& progress);

signals:
    void removeRequested(const QString& path);
    /// The files that could not be read are shown or hidden; the page does that.
    void unfoldRequested(const QString& path, bool isUnfolded);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void addUnreadable(QVBoxLayout* column);

    const Appearance* m_appearance;
    const DocumentLibrary::Folder m_folder;
    const QString m_path;
    TextLabel* m_state;
    ProgressLine* m_progress;
};

}  // namespace lares::app
