// Our images are packed with zstd. squashfuse can read other formats too, and would bring their
// libraries along: that of LZO is under the GPL, which a program under Apache 2.0 must not contain.
// These take their places and refuse.
#include <cstddef>

extern "C" {

int lzo1x_decompress_safe(const unsigned char*, std::size_t, unsigned char*, std::size_t*, void*) {
    constexpr int kLzoError = -1;
    return kLzoError;
}

int lzma_stream_buffer_decode(void*,
                              unsigned,
                              const void*,
                              const unsigned char*,
                              std::size_t*,
                              std::size_t,
                              unsigned char*,
                              std::size_t*,
                              std::size_t) {
    constexpr int kLzmaOptionsError = 8;
    return kLzmaOptionsError;
}

// NOLINTNEXTLINE(readability-identifier-naming): the library's name
int LZ4_decompress_safe(const char*, char*, int, int) {
    constexpr int kLz4Error = -1;
    return kLz4Error;
}

int uncompress(unsigned char*, unsigned long*, const unsigned char*, unsigned long) {
    constexpr int kZlibDataError = -3;
    return kZlibDataError;
}
}
