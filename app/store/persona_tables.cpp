#include "app/store/persona_tables.h"

#include "app/personas/persona_text.h"

namespace lares::app {

Result<std::vector<Persona>> loadPersonas(Database& database) {
    ASSIGN_OR_RETURN(Statement row,
                     database.prepare("SELECT id, name, system, greeting, parameters, lore FROM "
                                      "personas ORDER BY id"));
    std::vector<Persona> personas;
    for (;;) {
        ASSIGN_OR_RETURN(const bool hasRow, row.step());
        if (!hasRow) return personas;
        personas.push_back({row.text(0), row.text(1), row.text(2), row.text(3), row.object(4),
                            loreFromJson(row.object(5)).book});
    }
}

Result<void> savePersona(Database& database, const Persona& persona, const QDateTime& updatedAt) {
    if (const QString fault = faultOf(persona); !fault.isEmpty())
        return Error{ErrorCode::InvalidArgument, fault.toStdString()};
    ASSIGN_OR_RETURN(
        Statement statement,
        database.prepare("INSERT INTO personas(id, name, system, greeting, parameters, lore, "
                         "updated_at) VALUES(?, ?, ?, ?, ?, ?, ?) ON CONFLICT(id) DO UPDATE SET "
                         "name=excluded.name, system=excluded.system, "
                         "greeting=excluded.greeting, parameters=excluded.parameters, "
                         "lore=excluded.lore, "
                         "updated_at=excluded.updated_at"));
    return statement.bind(persona.id)
        .bind(persona.name.trimmed())
        .bind(persona.system)
        .bind(persona.greeting)
        .bind(persona.parameters)
        .bind(toJson(persona.lore))
        .bind(updatedAt.toMSecsSinceEpoch())
        .run();
}

Result<void> deletePersona(Database& database, const QString& id) {
    ASSIGN_OR_RETURN(Statement statement, database.prepare("DELETE FROM personas WHERE id = ?"));
    return statement.bind(id).run();
}

}  // namespace lares::app
