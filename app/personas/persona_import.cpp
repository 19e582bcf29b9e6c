#include "app/personas/persona_import.h"

#include "app/personas/bounded_object.h"
#include "app/personas/character_card.h"
#include "app/personas/persona_file.h"
#include "app/personas/png_text.h"

#include <QCoreApplication>
#include <QJsonObject>

namespace lares::app {
namespace {

struct ImportText {
    Q_DECLARE_TR_FUNCTIONS(Personas)
};

Error notImported(const QString& why) {
    return {ErrorCode::Corrupt, why.toStdString()};
}

Result<ImportedPersona> importPicture(const QByteArray& file) {
    // V3 has a keyword of its own beside V2's, for programs that know only that one.
    ASSIGN_OR_RETURN(const QByteArray coded, readPngText(file, {"ccv3", "chara"}));
    const auto json =
        QByteArray::fromBase64Encoding(coded, QByteArray::AbortOnBase64DecodingErrors);
    if (!json) return notImported(ImportText::tr("the character in the picture is damaged"));
    ASSIGN_OR_RETURN(const QJsonObject card, parseBoundedObject(*json));
    if (!isCharacterCard(card))
        return notImported(ImportText::tr("the picture holds no character"));
    ASSIGN_OR_RETURN(ImportedPersona read, fromCharacterCard(card));
    read.leftOut.prepend(ImportText::tr("its picture"));
    return read;
}

}  // namespace

Result<ImportedPersona> importPersona(const QByteArray& file) {
    if (file.size() > kMaxImportSize) return notImported(ImportText::tr("it is larger than 16 MB"));
    if (isPng(file)) return importPicture(file);
    if (file.startsWith("PK\x03\x04"))
        return notImported(ImportText::tr(
            "it is an archive, which Lares does not unpack: export the card as .json"));
    ASSIGN_OR_RETURN(const QJsonObject object, parseBoundedObject(file));
    if (isCharacterCard(object)) return fromCharacterCard(object);
    if (file.size() > kMaxPersonaFileSize)
        return notImported(ImportText::tr("it is larger than 2 MB"));
    return fromPersonaObject(object);
}

Result<ImportedPersona> importPersonaFile(const QString& path) {
    ASSIGN_OR_RETURN(const QByteArray bytes, readWholeFile(path, kMaxImportSize));
    return importPersona(bytes);
}

}  // namespace lares::app
