#pragma once

#include "app/ui/page.h"

namespace lares::app {

/// The keys of the window, on F1.
class KeysPage : public Page {
    Q_OBJECT

public:
    explicit KeysPage(const Appearance* appearance, QWidget* parent = nullptr);

signals:
    void closeRequested();
};

}  // namespace lares::app
