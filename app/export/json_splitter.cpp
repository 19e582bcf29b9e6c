#include "app/export/json_splitter.h"

#include <utility>

namespace lares::app {
namespace {

constexpr qint64 kLongestMember = 4096;
constexpr qsizetype kMostNames = 16;

bool isBlank(char c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

}  // namespace

JsonSplitter::JsonSplitter(QByteArrayList lists, qint64 mostBytes, Each each)
    : m_lists(std::move(lists)), m_mostBytes(mostBytes), m_each(std::move(each)) {}

bool JsonSplitter::feed(QByteArrayView bytes) {
    for (const char c : bytes) {
        take(c);
        if (m_where == Where::Stopped) return false;
    }
    return true;
}

void JsonSplitter::take(char c) {
    switch (m_where) {
        case Where::Start:
            if (isBlank(c)) return;
            m_isList = c == '[';
            m_where = m_isList ? Where::Elements : c == '{' ? Where::Members : Where::Stopped;
            return;
        case Where::Members:
            if (isBlank(c) || c == ',') return;
            m_key.clear();
            m_where = c == '"' ? Where::Key : c == '}' ? Where::End : Where::Stopped;
            return;
        case Where::Key:
            if (c == '"') {
                m_where = Where::Colon;
            } else if (m_key.size() < kLongestMember) {
                m_key += c;  // an escaped one is none of ours
            }
            return;
        case Where::Colon:
            if (!isBlank(c)) m_where = c == ':' ? Where::Value : Where::Stopped;
            return;
        case Where::Value:
            if (isBlank(c)) return;
            if (c == '[' && m_lists.contains(m_key)) {
                m_where = Where::Elements;
            } else {
                if (m_names.size() < kMostNames) m_names << m_key;
                begin(Where::InValue, c);
            }
            return;
        case Where::Elements:
            if (isBlank(c) || c == ',') return;
            if (c == ']') {
                m_where = m_isList ? Where::End : Where::Members;
            } else if (c == '}') {
                m_where = Where::Stopped;  // no element begins with it, nor ends
            } else {
                begin(Where::InElement, c);
            }
            return;
        case Where::InValue:
        case Where::InElement:
            return takeInside(c);
        case Where::End:
            if (!isBlank(c)) m_where = Where::Stopped;
            return;
        case Where::Stopped:
            return;
    }
}

void JsonSplitter::begin(Where where, char c) {
    m_where = where;
    m_kept.clear();
    m_size = 0;
    m_depth = 0;
    m_isInText = m_isEscaped = false;
    takeInside(c);
}

void JsonSplitter::keep(char c) {
    const qint64 most = m_where == Where::InValue ? kLongestMember : m_mostBytes;
    if (++m_size <= most) m_kept += c;
}

void JsonSplitter::takeInside(char c) {
    if (m_isInText) {
        keep(c);
        if (!m_isEscaped && c == '"') {
            m_isInText = false;
            if (m_depth == 0) finish();
        }
        m_isEscaped = !m_isEscaped && c == '\\';
        return;
    }
    const bool isClosing = c == ']' || c == '}';
    if (m_depth == 0 && (isBlank(c) || c == ',' || isClosing)) {  // behind a number or a word
        finish();
        return take(c);
    }
    keep(c);
    m_isInText = c == '"';
    if (c == '[' || c == '{') ++m_depth;
    if (isClosing && --m_depth == 0) finish();
}

void JsonSplitter::finish() {
    const bool isElement = m_where == Where::InElement;
    const bool isKept = m_kept.size() == m_size;
    m_where = isElement ? Where::Elements : Where::Members;
    if (isElement) {
        const QByteArray list = m_isList ? QByteArray() : m_key;
        if (!m_each(list, isKept ? m_kept : QByteArray())) m_where = Where::Stopped;
    } else if (isKept) {
        m_members.insert(m_key, m_kept);
    }
    m_kept.clear();
}

}  // namespace lares::app
