// Conversations of any content as files: JSON brings all of it back, and no document lets a text
// become markup. LARES_SEED=N plays other conversations.
#include "app/export/conversation_file.h"
#include "app/export/conversation_json.h"
#include "app/export/export_documents.h"
#include "app/export/export_format.h"
#include "app/transcript/markdown_blocks.h"
#include "tests/app/export/random_conversation.h"
#include "tests/app/personas/random_persona.h"
#include "tests/support/seeds.h"

#include <QBuffer>
#include <QRegularExpression>
#include <QSet>
#include <QStringDecoder>
#include <QTest>

using namespace lares;
using namespace lares::app;
using namespace lares::test;

namespace {

ConversationContent anyConversation(RandomTexts& texts) {
    return randomConversation(texts, {randomPersona(texts, "ada"), randomPersona(texts, "robin")});
}

struct ReadFile {
    std::vector<Result<ReadConversation>> all;
    bool isWhole = false;
    bool isRefused = false;
    QStringList unknown;
};

ReadFile readFile(QByteArray bytes) {
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::ReadOnly);
    ReadFile read;
    const auto scan =
        scanConversationFile(buffer, [&](ConversationOrigin origin, const auto& json) {
            read.all.push_back(readConversation(origin, json));
            return true;
        });
    read.isRefused = !scan;
    if (scan) read.isWhole = scan->isWhole;
    if (scan) read.unknown = scan->unknown;
    return read;
}

/// What a browser would make of the page that is not ours; empty: nothing.
QString strangeMarkup(const QString& page) {
    static const QSet<QString> kTags = {
        "html", "head", "meta",   "title",      "style", "body",    "header", "h1",  "h2",  "h3",
        "h4",   "h5",   "h6",     "p",          "main",  "section", "time",   "div", "pre", "code",
        "em",   "del",  "strong", "a",          "br",    "hr",      "table",  "tr",  "th",  "td",
        "ul",   "ol",   "li",     "blockquote", "span",  "details", "summary"};
    static const QRegularExpression kTag(
        QStringLiteral("<style>[^<]*</style>|<!DOCTYPE html>|"
                       "<(/?)([a-z0-9]+)((?: [a-z-]+=\"[^\"<>]*\")*)>"));
    static const QRegularExpression kAttribute(
        QStringLiteral(" (?:(class)=\"[a-z]+\"|(align)=\"(?:center|right)\"|(start)=\"\\d+\"|"
                       "(href)=\"(?:https?:|mailto:)[^\"<>]*\")"));
    static const QSet<QString> kEmpty = {"br", "hr", "meta"};
    QStringList open;
    qsizetype from = 0;
    for (auto tags = kTag.globalMatch(page); tags.hasNext();) {
        const QRegularExpressionMatch tag = tags.next();
        const QString between = page.mid(from, tag.capturedStart() - from);
        if (between.contains('<') || between.contains('>')) return "text: " + between.left(200);
        from = tag.capturedEnd();
        const QString name = tag.captured(2);
        if (name.isEmpty()) continue;
        if (!kTags.contains(name)) return tag.captured();
        if (kEmpty.contains(name)) continue;
        if (tag.captured(1).isEmpty())
            open << name;
        else if (open.isEmpty() || open.takeLast() != name)
            return "closed too early: " + tag.captured() + page.mid(from - 200, 300);
        if (!QString(tag.captured(3)).remove(kAttribute).isEmpty()) return tag.captured();
    }
    if (page.mid(from).contains('<')) return "the end: " + page.mid(from, 200);
    return open.isEmpty() ? QString() : "not closed: " + open.join(' ');
}

/// The heads of the messages, as a reader of Markdown finds them: each behind the one before it.
QString missingHead(const QString& document, const ExportTurns& turns) {
    const auto blocks = parseMarkdown(document);
    auto at = blocks.begin();
    for (const ExportTurn& turn : turns.turns) {
        const QString head =
            turn.when.isEmpty() ? turn.who : turn.who + QStringLiteral(" · ") + turn.when;
        at = std::find_if(at, blocks.end(), [&](const MarkdownBlock& block) {
            return block.kind == MarkdownBlock::Kind::Heading && block.containers.empty() &&
                   block.text.simplified() == head.simplified();
        });
        if (at == blocks.end()) return head;
        ++at;
    }
    return {};
}

}  // namespace

class ConversationRoundTripTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { qputenv("TZ", "UTC"); }
    void jsonBringsAllOfItBack_data() { addSeedRows(6); }
    void jsonBringsAllOfItBack();
    void documentsHoldTextsAlone_data() { addSeedRows(6); }
    void documentsHoldTextsAlone();
    void aBrokenFileSaysSo_data() { addSeedRows(6); }
    void aBrokenFileSaysSo();
};

void ConversationRoundTripTest::jsonBringsAllOfItBack() {
    QFETCH(const unsigned, seed);
    RandomTexts texts(seed);
    for (int i = 0; i < 12; ++i) {
        const ConversationContent content = anyConversation(texts);
        const auto file = exported(content, exportChoices()[4]);
        QVERIFY(file);
        for (const char* ofHere : {"\"changes\":", "\"editedNote\":", "\"conversation\":"})
            QVERIFY2(!file->contains(ofHere), ofHere);
        const ReadFile read = readFile(*file);
        QVERIFY(read.isWhole && read.unknown.isEmpty());
        QCOMPARE(read.all.size(), std::size_t{1});
        QVERIFY2(read.all[0], read.all[0] ? "" : read.all[0].error().message.c_str());
        const QString what = difference(read.all[0]->content, asHistory(content));
        QVERIFY2(what.isEmpty(), qPrintable(what));
        QCOMPARE(toConversationFile(read.all[0]->content), toConversationFile(asHistory(content)));
    }
}

void ConversationRoundTripTest::documentsHoldTextsAlone() {
    QFETCH(const unsigned, seed);
    RandomTexts texts(seed);
    for (int i = 0; i < 12; ++i) {
        const ConversationContent content = anyConversation(texts);
        for (const ExportChoice& choice : exportChoices()) {
            if (choice.format == ExportFormat::Json || choice.format == ExportFormat::Pdf) continue;
            const auto bytes = exported(content, choice);
            QVERIFY(bytes);
            QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
            const QString document = decoder(*bytes);
            QVERIFY(!decoder.hasError());
            if (choice.format == ExportFormat::Html) {
                const QString what = strangeMarkup(document);
                QVERIFY2(what.isEmpty(), qPrintable(what));
            } else if (choice.format == ExportFormat::Markdown) {
                const QString head = missingHead(document, exportTurns(content, choice.thinking));
                QVERIFY2(head.isEmpty(), qPrintable(head + " is not in\n" + document));
            }
        }
    }
}

/// Cut off, or with one byte that is another: what is read is whole, and what is missing is said.
void ConversationRoundTripTest::aBrokenFileSaysSo() {
    QFETCH(const unsigned, seed);
    RandomTexts texts(seed);
    constexpr std::size_t kAll = 3;
    QByteArray whole;
    std::vector<ConversationContent> contents;
    {
        QBuffer buffer(&whole);
        buffer.open(QIODevice::WriteOnly);
        ConversationFileWriter writer(buffer);
        for (std::size_t i = 0; i < kAll; ++i) contents.push_back(anyConversation(texts));
        for (const ConversationContent& content : contents) writer.add(content);
        writer.finish();
    }
    for (int i = 0; i < 80; ++i) {
        QByteArray file = whole;
        const int at = i % 4 == 1 ? texts.below(80) : texts.below(int(file.trimmed().size()));
        const bool isCut = i % 2 == 0;
        if (isCut)
            file.truncate(at);
        else
            file[at] = static_cast<char>(texts.below(256));
        const ReadFile read = readFile(file);
        std::size_t nGood = 0;
        for (const auto& one : read.all) {
            nGood += one.has_value() ? 1 : 0;
            QVERIFY(one || !one.error().message.empty());
        }
        const bool isSaid =
            read.isRefused || !read.isWhole || nGood < read.all.size() || !read.unknown.isEmpty();
        QVERIFY2(nGood == kAll || isSaid, qPrintable(QString("byte %1").arg(at)));
        if (!isCut) continue;
        QVERIFY(read.isRefused || !read.isWhole);
        for (std::size_t c = 0; c < read.all.size(); ++c) {
            QVERIFY(read.all[c]);
            const QString what = difference(read.all[c]->content, asHistory(contents[c]));
            QVERIFY2(what.isEmpty(), qPrintable(what));
        }
    }
}

QTEST_MAIN(ConversationRoundTripTest)
#include "tst_conversation_round_trip.moc"
