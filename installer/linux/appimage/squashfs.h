#pragma once

// The C headers of squashfuse say nothing of C++, and name FUSE's version only where they were
// built.
#define FUSE_USE_VERSION 32
extern "C" {
#include <squashfuse/ll.h>
#include <squashfuse/squashfuse.h>
}
