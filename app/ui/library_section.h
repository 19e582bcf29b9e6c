#pragma once

#include "app/chat/document_library.h"

#include <QSet>
#include <QWidget>

class QVBoxLayout;

namespace lares::app {

class Appearance;
class Button;
class TextLabel;

/// In Settings: the folders whose documents the assistant can search, how far they are read, and
/// where one is added. UI thread only.
class LibrarySection : public QWidget {
    Q_OBJECT

public:
    LibrarySection(const Appearance* appearance,
                   DocumentLibrary* library,
                   QWidget* parent = nullptr);

    void add(const QString& path);  ///< a folder that the user chose

private:
    void showFolders();
    void showProgress();
    void chooseFolder();
    /// Says what did not work; a success needs no word, the list shows it.
    void follow(DocumentLibrary::Reply reply);
    void say(const QString& sentence);

    const Appearance* m_appearance;
    DocumentLibrary* m_library;
    QVBoxLayout* m_list;
    TextLabel* m_size;
    Button* m_add;
    Button* m_update;
    Button* m_stop;
    TextLabel* m_result;
    QSet<QString> m_unfolded;
};

}  // namespace lares::app
