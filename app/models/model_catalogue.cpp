#include "app/models/model_catalogue.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <cmath>

namespace lares::app {
namespace {

constexpr qint64 kMostCatalogueBytes = 262'144;
constexpr qsizetype kMostEntries = 64;
constexpr qsizetype kMostHosts = 16;
constexpr qsizetype kMostText = 1024;
constexpr qsizetype kMostName = 120;  // characters of a file's name: what every file system takes
constexpr double kMostSize = 1e12;    // bytes; exact in JSON's numbers
constexpr const char* kBuiltInCatalogue = ":/models/catalogue.json";

Error wrong(const QString& what) {
    return {ErrorCode::Corrupt, "the catalogue of models cannot be used: " + what.toStdString()};
}

bool isAscii(const QString& text, const char* alsoAllowed) {
    return std::all_of(text.begin(), text.end(), [&](QChar c) {
        const bool isWord =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        return isWord || QLatin1String(alsoAllowed).contains(c);
    });
}

/// A name that stays in its folder on every system, and that no system gives a meaning to.
bool isFileName(const QString& name) {
    return name.size() > 5 && name.size() <= kMostName && isAscii(name, "._-") &&
           name.endsWith(".gguf") && !name.startsWith('.') && !name.startsWith('-');
}

bool isHostRule(const QString& rule) {
    const QString host = rule.startsWith("*.") ? rule.mid(2) : rule;
    return host.size() >= 4 && host.size() <= 253 && isAscii(host, ".-") &&
           host == host.toLower() && host.contains('.') && !host.startsWith('.') &&
           !host.endsWith('.') && !host.contains("..");
}

bool isCovered(const QString& host, const QString& rule) {
    if (rule.startsWith("*.")) return host.endsWith(rule.mid(1)) && host.size() >= rule.size();
    return host == rule;
}

bool isLocal(const QUrl& url) {
    return url.scheme() == "http" && url.host() == "127.0.0.1";
}

/// Plain text of a bounded length without control characters; empty where it is anything else.
QString textOf(const QJsonObject& object, const char* key) {
    const QString text = object[QLatin1String(key)].toString();
    const bool isPlain =
        text.size() <= kMostText &&
        std::all_of(text.begin(), text.end(), [](QChar c) { return c.isPrint() || c == ' '; });
    return isPlain ? text : QString();
}

Result<QStringList> readHosts(const QJsonValue& value) {
    const QJsonArray list = value.toArray();
    if (list.isEmpty() || list.size() > kMostHosts) return wrong("it names no hosts, or too many");
    QStringList hosts;
    for (const auto& host : list) {
        if (!isHostRule(host.toString())) return wrong("a host's name is none");
        hosts << host.toString();
    }
    return hosts;
}

Result<CatalogueEntry> readEntry(const QJsonObject& object, LocalServer local) {
    CatalogueEntry entry;
    entry.id = textOf(object, "id");
    entry.name = textOf(object, "name");
    entry.file = textOf(object, "file");
    entry.page = textOf(object, "page");
    entry.licence = textOf(object, "licence");
    entry.licencePage = textOf(object, "licence_page");
    entry.sha256 = textOf(object, "sha256").toLatin1();
    if (entry.id.isEmpty() || !isAscii(entry.id, "._-")) return wrong("an entry has no id");
    if (entry.name.isEmpty()) return wrong(entry.id + " has no name");
    if (!isFileName(entry.file)) return wrong(entry.id + " has no usable file name");
    const auto isHex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    if (entry.sha256.size() != 64 || !std::all_of(entry.sha256.begin(), entry.sha256.end(), isHex))
        return wrong(entry.id + " has no SHA-256");
    const double size = object["size"].toDouble(0);
    if (!(size >= 1) || size > kMostSize || size != std::floor(size))
        return wrong(entry.id + " has no usable size");
    entry.size = static_cast<qint64>(size);
    ASSIGN_OR_RETURN(entry.hosts, readHosts(object["hosts"]));
    entry.url = QUrl(textOf(object, "url"), QUrl::StrictMode);
    if (auto checked = checkAddress(entry.url, entry.hosts, local); !checked)
        return wrong(entry.id + ": " + QString::fromStdString(checked.error().message));
    return entry;
}

}  // namespace

Result<void> checkAddress(const QUrl& url, const QStringList& hosts, LocalServer local) {
    if (!url.isValid() || url.host().isEmpty()) return invalid_argument("the address is none");
    if (!url.userInfo().isEmpty())
        return invalid_argument("the address holds a user's name or a password");
    if (local == LocalServer::Allowed && isLocal(url)) return {};
    const QString host = url.host().toLower();
    if (url.scheme() != "https")
        return invalid_argument("the address at " + host.toStdString() + " is not HTTPS");
    if (url.port(443) != 443)
        return invalid_argument("the address at " + host.toStdString() + " has an unusual port");
    if (std::none_of(hosts.begin(), hosts.end(),
                     [&](const QString& rule) { return isCovered(host, rule); }))
        return invalid_argument(host.toStdString() + " is not one of the hosts for this file");
    return {};
}

Result<std::vector<CatalogueEntry>> parseCatalogue(const QByteArray& json, LocalServer local) {
    if (json.size() > kMostCatalogueBytes) return wrong("it is too long");
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(json, &problem);
    if (!document.isObject()) return wrong(problem.errorString());
    const QJsonArray models = document.object()["models"].toArray();
    if (models.size() > kMostEntries) return wrong("it has too many entries");
    std::vector<CatalogueEntry> entries;
    for (const auto& model : models) {
        ASSIGN_OR_RETURN(CatalogueEntry entry, readEntry(model.toObject(), local));
        const bool isDouble =
            std::any_of(entries.begin(), entries.end(), [&](const CatalogueEntry& other) {
                return other.id == entry.id ||
                       other.file.compare(entry.file, Qt::CaseInsensitive) == 0;
            });
        if (isDouble) return wrong(entry.id + " is in it twice");
        entries.push_back(std::move(entry));
    }
    return entries;
}

Result<std::vector<CatalogueEntry>> readCatalogue(const QString& name, LocalServer local) {
    QFile file(name.isEmpty() ? QString(kBuiltInCatalogue) : name);
    if (!file.open(QIODevice::ReadOnly))
        return Error{ErrorCode::Io, "cannot read the catalogue of models " + name.toStdString() +
                                        ": " + file.errorString().toStdString()};
    return parseCatalogue(file.read(kMostCatalogueBytes + 1), local);
}

}  // namespace lares::app
