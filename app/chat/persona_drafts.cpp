#include "app/chat/persona_drafts.h"

#include "app/chat/chat_controller.h"
#include "app/personas/persona_file.h"

#include <algorithm>

namespace lares::app {
namespace {

const QString kDraftsSetting = QStringLiteral("personaDrafts");

bool isThere(const std::vector<Persona>& personas, const QString& id) {
    return id.isEmpty() || std::any_of(personas.begin(), personas.end(),
                                       [&](const Persona& one) { return one.id == id; });
}

}  // namespace

QJsonObject PersonaDrafts::all() const {
    return m_controller->setting(kDraftsSetting).toObject();
}

bool PersonaDrafts::has(const QString& id) const {
    return all().contains(id);
}

std::optional<Persona> PersonaDrafts::of(const QString& id) const {
    if (!has(id)) return std::nullopt;
    const QJsonObject draft = all().value(id).toObject();
    return Persona{id,
                   draft.value("name").toString(),
                   draft.value("system").toString(),
                   draft.value("greeting").toString(),
                   draft.value("parameters").toObject(),
                   writtenLore(draft.value("lore").toObject())};
}

void PersonaDrafts::keep(const Persona& draft) {
    QJsonObject drafts = all();
    for (const QString& id : drafts.keys()) {
        if (!isThere(m_controller->personas(), id)) drafts.remove(id);
    }
    drafts[draft.id] = toPersonaObject(draft);
    m_controller->setSetting(kDraftsSetting, drafts);
}

void PersonaDrafts::drop(const QString& id) {
    QJsonObject drafts = all();
    if (!drafts.contains(id)) return;
    drafts.remove(id);
    m_controller->setSetting(kDraftsSetting, drafts);
}

}  // namespace lares::app
