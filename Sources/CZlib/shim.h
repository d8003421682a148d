#ifndef REMIT_CZLIB_SHIM_H
#define REMIT_CZLIB_SHIM_H

#include <zlib.h>

/* inflateInit2 is a macro, which Swift cannot see; 15 + 16 asks for the gzip format alone. */
static inline int remit_inflate_gzip_begin(z_stream *stream) {
    return inflateInit2(stream, 15 + 16);
}

#endif
