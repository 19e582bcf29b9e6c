#pragma once

#include <QByteArray>
#include <QByteArrayList>
#include <QByteArrayView>
#include <QHash>

#include <functional>

namespace lares::app {

/// Takes a JSON text apart while it is read: the members of its outermost object, and the elements
/// of those that `lists` names one by one; or those of the list that the text is as a whole. Looks
/// at brackets, commas and quotes alone; whether an element is JSON, its reader says. Takes no more
/// memory than the largest element.
class JsonSplitter {
public:
    /// Called with each element and the list that it is in (empty: the text as a whole); an empty
    /// element stands for what is larger than `mostBytes`. False ends it.
    using Each = std::function<bool(const QByteArray& list, const QByteArray& element)>;
    JsonSplitter(QByteArrayList lists, qint64 mostBytes, Each each);

    /// False when there is no more to read: `each` said so, or it cannot be JSON.
    bool feed(QByteArrayView bytes);
    [[nodiscard]] bool isList() const { return m_isList; }
    [[nodiscard]] bool isAtEnd() const { return m_where == Where::End; }
    /// What was read of the other members so far, as it is written; only short ones are kept.
    [[nodiscard]] QByteArray member(const QByteArray& key) const { return m_members.value(key); }
    /// What the members that were begun are called, as it is written, but for the lists; the first
    /// few.
    [[nodiscard]] const QByteArrayList& names() const { return m_names; }

private:
    enum class Where {
        Start,
        Members,
        Key,
        Colon,
        Value,
        InValue,
        Elements,
        InElement,
        End,
        Stopped
    };
    void take(char c);
    void takeInside(char c);
    void begin(Where where, char c);
    void keep(char c);
    void finish();

    QByteArrayList m_lists;
    qint64 m_mostBytes;
    Each m_each;
    Where m_where = Where::Start;
    QByteArray m_key;
    QByteArray m_kept;
    QHash<QByteArray, QByteArray> m_members;
    QByteArrayList m_names;
    qint64 m_size = 0;
    int m_depth = 0;
    bool m_isList = false;
    bool m_isInText = false;
    bool m_isEscaped = false;
};

}  // namespace lares::app
