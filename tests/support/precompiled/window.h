#pragma once

// As core.h, for tests of the window: Qt Test has more in it where Qt's widgets are there.
#include "tests/support/precompiled/core.h"

#include <QAbstractListModel>
#include <QApplication>
#include <QJsonObject>
#include <QSignalSpy>
#include <QTimer>
#include <QWidget>
