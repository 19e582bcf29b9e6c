#include "app/personas/character_card.h"

#include "app/chat/answer_parameters.h"
#include "app/personas/card_lore.h"
#include "app/personas/persona_text.h"
#include "app/transcript/visible_text.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLocale>
#include <QRegularExpression>

#include <algorithm>
#include <array>

namespace lares::app {
namespace {

constexpr QLatin1String kOurs("lares");       // in "extensions"
constexpr QLatin1String kLiteral("literal");  // in that: nothing in the texts means anything

struct CardText {
    Q_DECLARE_TR_FUNCTIONS(Personas)
};

Error badCard(const QString& why) {
    return {ErrorCode::Corrupt, why.toStdString()};
}

/// What stands in these fields is used, named as left out, or says nothing about the character.
bool isKnown(const QString& field) {
    static constexpr std::array kKnown = {"name",
                                          "nickname",
                                          "description",
                                          "personality",
                                          "scenario",
                                          "system_prompt",
                                          "first_mes",
                                          "mes_example",
                                          "post_history_instructions",
                                          "creator_notes",
                                          "alternate_greetings",
                                          "group_only_greetings",
                                          "character_book",
                                          "tags",
                                          "creator",
                                          "extensions",
                                          "character_version",
                                          "creator_notes_multilingual",
                                          "assets",
                                          "source",
                                          "creation_date",
                                          "avatar",
                                          "modification_date"};
    return std::any_of(kKnown.begin(), kKnown.end(),
                       [&](const char* known) { return field == QLatin1String(known); });
}

/// A field's text; empty where there is none.
Result<QString> fieldOf(const QJsonObject& data, const char* key) {
    const QJsonValue value = data.value(QLatin1String(key));
    if (value.isUndefined() || value.isNull()) return QString();
    if (!value.isString()) return badCard(CardText::tr("“%1” is no text").arg(QLatin1String(key)));
    const QString text = withWholeCharacters(value.toString());
    if (text.size() > kMaxCardText || text.toUtf8().size() > kMaxCardText)
        return badCard(CardText::tr("“%1” is longer than 256 kB").arg(QLatin1String(key)));
    return text;
}

/// "the user", "The user" where a sentence begins.
QString wordAt(const QString& text, qsizetype position, QString word) {
    const QStringView before = QStringView(text).left(position);
    QStringView said = before;
    while (!said.isEmpty() && QStringView(u" \t*_\"\u201c").contains(said.back())) said.chop(1);
    const bool isStart = said.isEmpty() || said.back() == u'\n' ||
                         (said.size() < before.size() && QStringView(u".!?").contains(said.back()));
    if (isStart) word[0] = word[0].toUpper();
    return word;
}

enum class Reader { Model, User };

/// {{char}}, {{user}} and what older cards write for them. What is filled in is not read again.
QString filledIn(const QString& given, const QString& name, Reader reader) {
    static const QRegularExpression kPlace(
        R"((?:\{\{\s*(char|user|original)\s*\}\}|<(char|bot|user)>)('s\b|’s\b)?)",
        QRegularExpression::CaseInsensitiveOption);
    const QString text = withWholeCharacters(given);
    QString filled;
    qsizetype from = 0;
    for (auto places = kPlace.globalMatch(text); places.hasNext();) {
        const QRegularExpressionMatch place = places.next();
        const QString what = (place.captured(1) + place.captured(2)).toLower();
        const QString possessive = place.captured(3);
        filled += QStringView(text).mid(from, place.capturedStart() - from);
        from = place.capturedEnd();
        if (what == QLatin1String("original")) {
            filled += possessive;
        } else if (what != QLatin1String("user")) {
            filled += name + possessive;
        } else if (reader == Reader::Model) {
            filled += wordAt(text, place.capturedStart(), "the user") + possessive;
        } else {
            filled += wordAt(text, place.capturedStart(), possessive.isEmpty() ? "you" : "your");
        }
    }
    filled += QStringView(text).mid(from);
    return filled;
}

struct CardTexts {
    QString name;
    QString system;
    QString description;
    QString personality;
    QString scenario;
    QString examples;
    QString after;  ///< what other programs put behind the conversation
    QString greeting;
};

Result<CardTexts> textsOf(const QJsonObject& data) {
    CardTexts texts;
    ASSIGN_OR_RETURN(texts.name, fieldOf(data, "name"));
    ASSIGN_OR_RETURN(texts.system, fieldOf(data, "system_prompt"));
    ASSIGN_OR_RETURN(texts.description, fieldOf(data, "description"));
    ASSIGN_OR_RETURN(texts.personality, fieldOf(data, "personality"));
    ASSIGN_OR_RETURN(texts.scenario, fieldOf(data, "scenario"));
    ASSIGN_OR_RETURN(texts.examples, fieldOf(data, "mes_example"));
    ASSIGN_OR_RETURN(texts.after, fieldOf(data, "post_history_instructions"));
    ASSIGN_OR_RETURN(texts.greeting, fieldOf(data, "first_mes"));
    return texts;
}

QStringList hiddenIn(const CardTexts& texts, const QStringList& lore) {
    QStringList names;
    const QStringList all =
        QStringList{texts.name,     texts.system,   texts.description, texts.personality,
                    texts.scenario, texts.examples, texts.after,       texts.greeting} +
        lore;
    for (const QString& text : all) {
        splitVisible(
            text, [](QStringView) {},
            [&](const QString& name) {
                const QString code = name.mid(1, name.size() - 2);  // without its brackets
                if (names.size() <= 3 && !names.contains(code)) names << code;
            });
    }
    if (names.size() > 3) names[3] = QChar(0x2026);
    return names;
}

class CardReading {
public:
    explicit CardReading(const QJsonObject& card)
        : m_isOld(!card.value("data").isObject())
        , m_data(m_isOld ? card : card.value("data").toObject())
        , m_extensions(m_data.value("extensions").toObject())
        , m_isLiteral(m_extensions.value(kOurs)[kLiteral].toBool()) {}

    Result<ImportedPersona> read() {
        ASSIGN_OR_RETURN(m_texts, textsOf(m_data));
        takeName();
        if (m_read.persona.name.isEmpty()) return badCard(CardText::tr("“name” is missing"));
        RETURN_IF_ERROR(takeInstructions());
        takeGreeting();
        takeLore();
        m_read.persona.parameters =
            m_extensions.value(kOurs).toObject().value("parameters").toObject();
        nameTheRest();
        m_read.persona = tidied(std::move(m_read.persona));
        return std::move(m_read);
    }

private:
    void leaveOut(const QString& what) { m_read.leftOut << what; }

    void takeName() {
        const QString whole = tidied(m_texts.name).simplified();
        m_read.persona.name = shortened(whole, kMaxPersonaName);
        if (m_read.persona.name != whole) leaveOut(CardText::tr("the end of its name"));
        const QString nickname = tidied(m_data.value("nickname").toString().left(kMaxPersonaName));
        m_character = nickname.isEmpty() ? m_read.persona.name : nickname.simplified();
    }

    [[nodiscard]] QString forTheModel(const QString& text) const {
        return tidied(filled(text, Reader::Model));
    }

    [[nodiscard]] QString filled(const QString& text, Reader reader) const {
        return m_isLiteral ? text : filledIn(text, m_character, reader);
    }

    /// With a line between them, where the card has <START>.
    [[nodiscard]] QString examples() const {
        static const QRegularExpression kStart(
            "^[ \\t]*<START>[ \\t]*$",
            QRegularExpression::MultilineOption | QRegularExpression::CaseInsensitiveOption);
        QStringList all = m_texts.examples.split(kStart);
        for (QString& one : all) one = tidied(one);
        all.removeAll(QString());
        return all.join("\n---\n");
    }

    Result<void> takeInstructions() {
        QStringList blocks;
        const auto add = [&](const QString& heading, const QString& text) {
            const QString tidy = forTheModel(text);
            if (!tidy.isEmpty()) blocks << heading + tidy;
        };
        if (m_texts.system.trimmed().isEmpty() && !m_extensions.contains(kOurs)) {
            blocks << QString("You are %1. Stay in this role and answer as %1.").arg(m_character);
        }
        add({}, m_texts.system);
        add({}, m_texts.description);
        add("Personality:\n", m_texts.personality);
        add("Scenario:\n", m_texts.scenario);
        const qsizetype examplesAt = blocks.size();
        add(QString("Examples of how %1 speaks:\n").arg(m_character), examples());
        const bool hasExamples = blocks.size() > examplesAt;
        add("Always keep to this:\n", m_texts.after);

        QString& all = m_read.persona.system;
        all = blocks.join("\n\n");
        if (all.size() > kMaxInstructions && hasExamples) {
            blocks.removeAt(examplesAt);
            all = blocks.join("\n\n");
            leaveOut(CardText::tr("the examples of its speech, for which there is no room"));
        }
        if (all.size() <= kMaxInstructions) return {};
        const QLocale locale;
        return badCard(CardText::tr("its texts are too long together: %1 of %2 characters")
                           .arg(locale.toString(all.size()), locale.toString(kMaxInstructions)));
    }

    void takeGreeting() {
        QStringList greetings = {m_texts.greeting};
        for (const char* key : {"alternate_greetings", "group_only_greetings"}) {
            for (const auto& other : m_data.value(QLatin1String(key)).toArray())
                greetings << other.toString().left(kMaxCardText);
        }
        greetings.removeIf([](const QString& text) { return tidied(text).isEmpty(); });
        if (greetings.isEmpty()) return;
        const QString whole = tidied(filled(greetings.first(), Reader::User));
        m_read.persona.greeting = shortened(whole, kMaxGreeting);
        if (m_read.persona.greeting != whole) leaveOut(CardText::tr("the end of its greeting"));
        const auto nOther = greetings.size() - 1;
        if (nOther > 0)
            leaveOut(CardText::tr("%Ln other greeting(s)", nullptr, static_cast<int>(nOther)));
    }

    void takeLore() {
        ReadLore lore = loreFromCard(
            m_data.value("character_book").toObject(),
            [this](const QString& text) { return forTheModel(text); },
            m_isLiteral ? CardMarkup::Plain : CardMarkup::Read);
        m_read.persona.lore = std::move(lore.book);
        m_read.leftOut << lore.leftOut;
        m_loreTexts = std::move(lore.read);
    }

    [[nodiscard]] bool has(const char* key) const {
        const QJsonValue value = m_data.value(QLatin1String(key));
        return !value.toString().trimmed().isEmpty() || !value.toArray().isEmpty() ||
               !value.toObject().isEmpty();
    }

    void nameTheRest() {
        if (has("creator_notes") || has("creator_notes_multilingual"))
            leaveOut(CardText::tr("its maker's notes"));
        if (has("tags") || has("creator") || has("character_version"))
            leaveOut(CardText::tr("who made it, its version and tags"));
        if (has("assets")) leaveOut(CardText::tr("pictures and sounds that it names"));
        m_extensions.remove(kOurs);
        if (!m_extensions.isEmpty()) leaveOut(CardText::tr("what other programs keep in it"));
        if (!m_isOld) {
            QStringList unknown = m_data.keys();
            unknown.removeIf(isKnown);
            m_read.leftOut << unknownFields(unknown);
        }
        if (const QStringList hidden = hiddenIn(m_texts, m_loreTexts); !hidden.isEmpty())
            leaveOut(CardText::tr("characters that nobody sees (%1)").arg(hidden.join(", ")));
    }

    bool m_isOld;  ///< V1, beside whose fields programs write their own
    QJsonObject m_data;
    QJsonObject m_extensions;
    bool m_isLiteral;  ///< Lares wrote it, of texts that look like a card's own words
    CardTexts m_texts;
    QString m_character;  ///< how {{char}} is called
    QStringList m_loreTexts;
    ImportedPersona m_read;
};

}  // namespace

bool isCharacterCard(const QJsonObject& object) {
    if (object.value("spec").toString().startsWith("chara_card")) return true;
    return !object.contains("system") &&
           (object.contains("first_mes") || object.contains("mes_example"));
}

Result<ImportedPersona> fromCharacterCard(const QJsonObject& card) {
    return CardReading(card).read();
}

namespace {

/// All fields of the specification, and in "extensions" a mark that nothing need be added.
QJsonObject cardOf(const Persona& persona, const QJsonObject& ours) {
    QJsonObject data{{"name", persona.name},
                     {"description", ""},
                     {"personality", ""},
                     {"scenario", ""},
                     {"first_mes", persona.greeting},
                     {"mes_example", ""},
                     {"creator_notes", ""},
                     {"system_prompt", persona.system},
                     {"post_history_instructions", ""},
                     {"alternate_greetings", QJsonArray()},
                     {"tags", QJsonArray()},
                     {"creator", ""},
                     {"character_version", ""},
                     {"extensions", QJsonObject{{kOurs, ours}}}};
    if (!persona.lore.isEmpty()) data["character_book"] = toCardBook(persona.lore);
    return {{"spec", "chara_card_v2"}, {"spec_version", "2.0"}, {"data", data}};
}

bool comesBack(const QJsonObject& card, const Persona& persona) {
    const Result<ImportedPersona> read = fromCharacterCard(card);
    return read && read->persona.system == persona.system &&
           read->persona.greeting == persona.greeting && read->persona.lore == persona.lore;
}

}  // namespace

QByteArray toCharacterCard(const Persona& persona) {
    QJsonObject ours;
    if (!persona.parameters.isEmpty()) ours["parameters"] = persona.parameters;
    QJsonObject card = cardOf(persona, ours);
    if (!comesBack(card, persona)) {
        ours[kLiteral] = true;
        card = cardOf(persona, ours);
    }
    return QJsonDocument(card).toJson();
}

}  // namespace lares::app
