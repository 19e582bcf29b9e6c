#include "tests/app/language/translation_file.h"

#include "tests/support/test_data.h"

#include <QDir>
#include <QFile>
#include <QXmlStreamReader>

namespace lares::test {
namespace {

void readTranslation(QXmlStreamReader& xml, Translation& into) {
    into.type = xml.attributes().value("type").toString();
    if (!into.counts) {
        into.forms = {xml.readElementText()};
        return;
    }
    while (xml.readNextStartElement()) into.forms << xml.readElementText();
}

Translation readMessage(QXmlStreamReader& xml, const QString& context) {
    Translation message;
    message.context = context;
    message.counts = xml.attributes().value("numerus") == u"yes";
    while (xml.readNextStartElement()) {
        if (xml.name() == u"source") {
            message.source = xml.readElementText();
        } else if (xml.name() == u"comment") {
            message.comment = xml.readElementText();
        } else if (xml.name() == u"translation") {
            readTranslation(xml, message);
        } else {
            xml.skipCurrentElement();
        }
    }
    return message;
}

}  // namespace

std::vector<Translation> readTranslations(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) qFatal("cannot read %s", qPrintable(path));
    QXmlStreamReader xml(&file);
    std::vector<Translation> all;
    QString context;
    while (!xml.atEnd()) {
        if (xml.readNext() != QXmlStreamReader::StartElement) continue;
        if (xml.name() == u"name") context = xml.readElementText();
        if (xml.name() == u"message") all.push_back(readMessage(xml, context));
    }
    if (xml.hasError()) qFatal("%s: %s", qPrintable(path), qPrintable(xml.errorString()));
    return all;
}

QStringList translationCodes() {
    QStringList codes;
    const QDir folder(QString::fromStdString(source_file("resources/translations").string()));
    for (const QString& file : folder.entryList({"lares_*.ts"}))
        codes << file.mid(6, file.size() - 9);
    return codes;
}

QString translationPath(const QString& code) {
    return QString::fromStdString(
        source_file("resources/translations/lares_" + code.toStdString() + ".ts").string());
}

}  // namespace lares::test
