#include "app/transcript/transcript_finder.h"

#include <QElapsedTimer>

#include <algorithm>

namespace lares::app {
namespace {

constexpr qint64 kPortionMs = 6;

}  // namespace

TranscriptFinder::TranscriptFinder(QObject* parent) : QObject(parent) {
    m_everything.isAllOpen = true;
    m_portion.setSingleShot(true);
    m_portion.setInterval(0);
    connect(&m_portion, &QTimer::timeout, this, &TranscriptFinder::scanPortion);
}

void TranscriptFinder::setModel(const ConversationModel* model) {
    if (m_model) m_model->disconnect(this);
    m_model = model;
    if (model) {
        connect(model, &QAbstractItemModel::rowsInserted, this,
                [this](const QModelIndex&, int first, int last) { insertRows(first, last); });
        connect(model, &QAbstractItemModel::rowsRemoved, this,
                [this](const QModelIndex&, int first, int last) { removeRows(first, last); });
        connect(model, &QAbstractItemModel::dataChanged, this,
                [this](const QModelIndex& first, const QModelIndex& last) {
                    changeRows(first.row(), last.row());
                });
        connect(model, &QAbstractItemModel::modelReset, this, &TranscriptFinder::reset);
    }
    reset();
}

void TranscriptFinder::reset() {
    m_rows.clear();
    m_current.reset();
    m_count = 0;
    m_nScanned = 0;
    m_nextRow = 0;
    m_from = {};
    m_growingId = 0;
    m_growing = {};
    m_portion.stop();
    if (isActive() && m_model && m_model->rowCount() > 0) insertRows(0, m_model->rowCount() - 1);
    if (isActive()) emit changed();
}

void TranscriptFinder::search(const TextMatcher& wanted, const FindPlace& from, Pick pick) {
    m_wanted = wanted;
    m_current.reset();
    m_count = 0;
    m_nScanned = 0;
    if (!isActive()) {
        reset();
        return emit changed();
    }
    if (m_rows.empty() && m_model) {
        m_rows.resize(static_cast<std::size_t>(m_model->rowCount()));
        for (int i = 0; i < rowCount(); ++i) at(i).id = m_model->messageAt(i).id;
    }
    for (Row& row : m_rows) {
        row.isScanned = false;
        row.found.clear();
    }
    m_from = from;
    m_from.row = std::clamp(from.row, 0, std::max(0, rowCount() - 1));
    m_nextRow = m_from.row;
    m_pick = pick;
    m_isPicking = true;
    scanPortion();
}

void TranscriptFinder::scanPortion() {
    QElapsedTimer timer;
    timer.start();
    while (isSearching()) {
        while (at(m_nextRow).isScanned) m_nextRow = (m_nextRow + 1) % rowCount();
        scan(m_nextRow);
        if (m_isPicking) pick(m_nextRow);
        if (timer.elapsed() >= kPortionMs) break;
    }
    if (isSearching()) {
        m_portion.start();
    } else if (m_isPicking && m_pick == Pick::Next) {
        // What there is stands before the beginning, in the same row.
        m_isPicking = false;
        if (m_count > 0) choose(*after({}));
    }
    emit changed();
}

void TranscriptFinder::pick(int row) {
    const std::vector<FoundText>& found = at(row).found;
    auto first = found.begin();
    if (row == m_from.row) first = std::lower_bound(found.begin(), found.end(), m_from.text);
    if (m_pick == Pick::InRowOnly) {
        // What was said before what was thought about it: nothing need be opened for that.
        const auto said = std::find_if(first, found.end(), [](const FoundText& one) {
            return one.block.kind == ContentBlock::Kind::Text ||
                   one.block.kind == ContentBlock::Kind::UserText;
        });
        if (said != found.end()) first = said;
    }
    if (first != found.end())
        choose({row, *first});
    else if (m_pick == Pick::InRowOnly)
        m_isPicking = false;
}

void TranscriptFinder::choose(const FindPlace& place) {
    m_isPicking = false;
    m_current = place;
    emit currentMoved();
}

void TranscriptFinder::scan(int index) {
    Row& row = at(index);
    if (!row.isRead) read(row, index);
    match(row, 0);
    row.isScanned = true;
    ++m_nScanned;
}

void TranscriptFinder::read(Row& row, int index) {
    MessageContent content;
    content.update(m_model->messageAt(index), m_everything);
    if (m_growingId == row.id) m_growingId = 0;
    const std::vector<BlockPlace> places = placesOf(content.blocks());
    row.texts.clear();
    for (std::size_t i = 0; i < places.size(); ++i) {
        const ContentBlock& block = content.blocks()[i];
        if (block.isSearchable()) row.texts.push_back({places[i], block.block.text});
    }
    row.isRead = true;
}

/// Texts before this one are as they were.
void TranscriptFinder::match(Row& row, std::size_t firstText) {
    m_count -= static_cast<int>(row.found.size());
    if (firstText < row.texts.size()) {
        const BlockPlace& first = row.texts[firstText].block;
        std::erase_if(row.found, [&](const FoundText& found) { return found.block >= first; });
    } else if (row.texts.empty()) {
        row.found.clear();
    } else {
        const BlockPlace& last = row.texts.back().block;
        std::erase_if(row.found, [&](const FoundText& found) { return found.block > last; });
    }
    for (std::size_t i = firstText; i < row.texts.size(); ++i) {
        for (const TextMatch& match : m_wanted.allIn(row.texts[i].text))
            row.found.push_back({row.texts[i].block, match});
    }
    m_count += static_cast<int>(row.found.size());
}

void TranscriptFinder::insertRows(int first, int last) {
    if (!isActive()) return;
    std::vector<Row> rows(static_cast<std::size_t>(last - first + 1));
    for (int i = first; i <= last; ++i)
        rows[static_cast<std::size_t>(i - first)].id = m_model->messageAt(i).id;
    m_rows.insert(m_rows.begin() + first, std::make_move_iterator(rows.begin()),
                  std::make_move_iterator(rows.end()));
    if (m_current && m_current->row >= first) m_current->row += last - first + 1;
    m_portion.start();
}

void TranscriptFinder::removeRows(int first, int last) {
    if (!isActive()) return;
    for (int i = first; i <= last; ++i) {
        m_count -= static_cast<int>(at(i).found.size());
        if (at(i).isScanned) --m_nScanned;
    }
    m_rows.erase(m_rows.begin() + first, m_rows.begin() + last + 1);
    m_nextRow = std::min(m_nextRow, std::max(0, rowCount() - 1));
    m_from.row = std::min(m_from.row, std::max(0, rowCount() - 1));
    if (m_current && m_current->row > last) {
        m_current->row -= last - first + 1;
    } else if (m_current && m_current->row >= first) {
        m_current.reset();
        m_from = {std::min(first, std::max(0, rowCount() - 1)), {}};
    }
    emit changed();
}

void TranscriptFinder::changeRows(int first, int last) {
    if (!isActive()) return;
    for (int i = first; i <= last; ++i) {
        Row& row = at(i);
        row.isRead = false;
        if (row.isScanned) follow(i);
    }
    emit changed();
}

/// A message grows many times a second: only what changed in it is parsed and looked through.
void TranscriptFinder::follow(int index) {
    Row& row = at(index);
    if (m_growingId != row.id) {
        m_growingId = row.id;
        m_growing = {};
        row.texts.clear();
    }
    const std::size_t changed = m_growing.update(m_model->messageAt(index), m_everything);
    const std::vector<BlockPlace> places = placesOf(m_growing.blocks());
    std::size_t nKept = 0;
    std::size_t nTexts = 0;
    for (std::size_t i = 0; i < places.size(); ++i) {
        const ContentBlock& block = m_growing.blocks()[i];
        if (!block.isSearchable()) continue;
        if (nTexts == row.texts.size()) row.texts.emplace_back();
        if (i >= changed) row.texts[nTexts] = {places[i], block.block.text};
        ++nTexts;
        if (i < changed) nKept = nTexts;
    }
    row.texts.resize(nTexts);
    row.isRead = true;
    match(row, nKept);
    if (m_current && m_current->row == index &&
        !std::binary_search(row.found.begin(), row.found.end(), m_current->text)) {
        m_from = *m_current;
        m_current = after(m_from);
    }
}

std::optional<FindPlace> TranscriptFinder::after(const FindPlace& place) const {
    for (int step = 0; step <= rowCount() && rowCount() > 0; ++step) {
        const int row = (place.row + step) % rowCount();
        const std::vector<FoundText>& found = at(row).found;
        const auto first =
            step == 0 ? std::lower_bound(found.begin(), found.end(), place.text) : found.begin();
        if (first != found.end()) return FindPlace{row, *first};
    }
    return {};
}

std::optional<FindPlace> TranscriptFinder::before(const FindPlace& place) const {
    for (int step = 0; step <= rowCount() && rowCount() > 0; ++step) {
        const int row = (place.row - step + rowCount()) % rowCount();
        const std::vector<FoundText>& found = at(row).found;
        const auto end =
            step == 0 ? std::lower_bound(found.begin(), found.end(), place.text) : found.end();
        if (end != found.begin()) return FindPlace{row, *(end - 1)};
    }
    return {};
}

void TranscriptFinder::step(bool isForward) {
    if (m_count == 0) return;
    FindPlace from = m_current.value_or(m_from);
    if (m_current && isForward) ++from.text.match.from;
    choose(*(isForward ? after(from) : before(from)));
    emit changed();
}

int TranscriptFinder::currentNumber() const {
    if (!m_current) return 0;
    std::size_t number = 1;
    for (int row = 0; row < m_current->row; ++row) number += at(row).found.size();
    const std::vector<FoundText>& found = at(m_current->row).found;
    number += static_cast<std::size_t>(
        std::lower_bound(found.begin(), found.end(), m_current->text) - found.begin());
    return static_cast<int>(number);
}

const std::vector<FoundText>& TranscriptFinder::foundIn(int row) const {
    static const std::vector<FoundText> kNothing;
    return row >= 0 && row < rowCount() ? at(row).found : kNothing;
}

}  // namespace lares::app

#include "moc_transcript_finder.cpp"
