#pragma once

#include "app/approval/approval_card.h"
#include "app/chat/chat_controller.h"
#include "tools/documents/document_reader.h"

#include <QPointer>
#include <QThreadPool>
#include <QWidget>

#include <stop_token>
#include <vector>

namespace lares::app {

class Appearance;
class Composer;
class FindBar;
class FooterBar;
class NotesLine;
class TranscriptView;

/// The shown conversation: transcript, composer, footer, and the permission card while a call
/// waits. Turns what the user does into the controller's slots. UI thread only.
class ChatPage : public QWidget {
    Q_OBJECT

public:
    ChatPage(const Appearance* appearance, ChatController* controller, QWidget* parent = nullptr);

    [[nodiscard]] Composer* composer() const { return m_composer; }
    [[nodiscard]] TranscriptView* transcript() const { return m_transcript; }
    [[nodiscard]] FindBar* findBar() const { return m_find; }
    [[nodiscard]] const QWidget* lowerPart()
        const;  ///< the first of what stands below the transcript
    [[nodiscard]] ApprovalCard* card() const { return m_card; }
    void setArmingDelay(std::chrono::milliseconds delay) { m_armingDelay = delay; }
    void setDownloading(bool isDownloading);  ///< for the footer: a helper is online
    /// Saves what is written before another conversation is shown.
    void leave();
    void copyLastAnswer();
    void editLast();
    void regenerateLast();
    void showCard();  ///< the question that waits, with the focus
    void escape();    ///< ends editing, else stops the answer, else ends finding
    /// Reads these files on a thread of its own and attaches to the message being written what is
    /// text, or a document with text, and has room; of the rest `attachRefused` tells. What takes
    /// longer shows as a chip meanwhile, which can be cancelled.
    void attachFiles(const QStringList& paths);
    /// Who reads documents; the program's own reader at first.
    void setDocumentReader(const DocumentReader& documents) { m_documents = documents; }

signals:
    void attachRequested();  ///< the user wants to choose files
    void attachRefused(const QString& sentence);
    void attached();                        ///< every one of them
    void attachedTokensChanged(int about);  ///< of what the composer holds
    /// The message cannot be sent now: a sentence that says why, and what to do.
    void sendRefused(const QString& sentence);
    void noted(const QString& note);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    bool focusNextPrevChild(bool next) override;

private:
    void layOut();
    void connectController();
    void connectTranscript();
    void applyTheme();
    void showConversation();
    void showLoadedConversation();
    void showPersona();
    void showPersonaNames();
    void showAnswering();
    void showQuestion();
    void showModel();
    void showSummary();
    void removeCard();
    void submit(const QString& text, const Attachments& attachments);
    [[nodiscard]] QString reasonNotToSend() const;
    void beginEditing(MessageId message);
    void cancelEditing();
    // chat_page_attachments.cpp
    void connectAttachments();
    void takeRead(const std::vector<Result<Attachment>>& files);
    void showReadings();
    void cancelReading(int id);
    void cancelReadings();
    void cancelReadingsOfOthers();  ///< that belong to a conversation that is not shown
    void attachPaste(const QString& text);
    [[nodiscard]] Result<void> attach(const Attachment& attachment);
    void refuse(const QStringList& reasons);
    void showDraftAttachments();
    void showKeptNotes();
    void saveAttachments();
    void giveBack(const QString& text, const Attachments& attachments);
    void countAttached();

    const Appearance* m_appearance;
    ChatController* m_controller;
    TranscriptView* m_transcript;
    Composer* m_composer;
    FooterBar* m_footer;
    NotesLine* m_notesLine;
    FindBar* m_find;
    QPointer<ApprovalCard> m_card;
    MessageId m_edited = 0;
    std::chrono::milliseconds m_armingDelay;
    /// A file that is being read for a message. Whoever is no longer there is not waited for.
    struct Reading {
        ConversationId conversation;
        int batch = 0;
        int id = 0;
        QString name;
        std::stop_source stop;
        bool isShown = true;  ///< until it is cancelled
    };
    struct Readings {
        std::vector<Reading> files;
        int lastBatch = 0;
        int lastId = 0;
        ~Readings() {
            for (Reading& one : files) one.stop.request_stop();
        }
    };
    int m_nReading = 0;  ///< batches of files
    DocumentReader m_documents;
    QThreadPool m_reader;  ///< of one thread, so that files come in their order
    Readings m_readings;   ///< after the thread: it ends sooner
};

}  // namespace lares::app
