#pragma once

#include "app/chat/chat_controller.h"

#include <QPointer>
#include <QWidget>

class QFileDialog;

namespace lares::app {

class Appearance;
class Button;
class TextLabel;

/// The part of Settings that takes everything the user wrote out as one file, and brings such a
/// file in.
/// One that is dropped here is brought in too. UI thread only.
class ExportSection : public QWidget {
    Q_OBJECT

public:
    ExportSection(const Appearance* appearance,
                  ChatController* controller,
                  QWidget* parent = nullptr);

protected:
    void showEvent(QShowEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void chooseExport();
    void chooseImport();
    void importFile(const QString& path);
    void begin(const QString& sentence);
    void end(const QString& sentence);
    QFileDialog* makeDialog(const QString& title, const QString& files);

    ChatController* m_controller;
    TextLabel* m_text;
    TextLabel* m_copies;
    Button* m_export;
    Button* m_import;
    TextLabel* m_result;  ///< what came of it
    QPointer<QFileDialog> m_dialog;
    bool m_isBusy = false;
};

}  // namespace lares::app
