#pragma once

#include "app/chat/chat_controller.h"
#include "app/ui/page.h"

#include <functional>

namespace lares::app {

class OptionCard;

/// The first start, in three short pages: what stays local, which model, who answers. Decides
/// nothing but the order. UI thread only.
class FirstRunPage : public Page {
    Q_OBJECT

public:
    FirstRunPage(const Appearance* appearance,
                 const std::vector<Persona>& personas,
                 ModelDownload* download,
                 QWidget* parent = nullptr);

    void setPersonas(const std::vector<Persona>& personas) { m_personas = personas; }
    [[nodiscard]] int step() const { return m_step; }
    void showStep(int step);  ///< 0 to 2

signals:
    void modelFileRequested();
    void demoRequested();
    void downloadUseRequested();
    void personaChosen(const QString& id);
    void finished();

private:
    void showLocal();
    void showModels();
    void offerModels();
    void followDownload();
    void addPageAddress();
    [[nodiscard]] OptionCard* makeFileCard();
    [[nodiscard]] OptionCard* makeDemoCard(const QString& sentence);
    void showPersonas();
    void addNavigation(const QString& next, const std::function<void()>& go);

    std::vector<Persona> m_personas;
    ModelDownload* m_download;
    ModelDownload::State m_shownDownload = ModelDownload::State::Unavailable;
    int m_step = 0;
};

}  // namespace lares::app
