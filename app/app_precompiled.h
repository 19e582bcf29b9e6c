#pragma once

// What most files of the window include; every file still names what it uses.
#include <QAbstractListModel>
#include <QApplication>
#include <QJsonObject>
#include <QPainter>
#include <QString>
#include <QTimer>
#include <QWidget>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>
