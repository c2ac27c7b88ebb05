#include "CInflate.h"

#include <limits.h>
#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

struct cinflate {
    int format;
    int is_complete;
    z_stream gzip;
    ZSTD_DCtx *zstd;
};

cinflate *cinflate_open(int format) {
    cinflate *state = calloc(1, sizeof *state);
    if (!state) return NULL;
    state->format = format;
    if (format == cinflate_gzip) {
        // 15 bits of window, and 16 for gzip's header and trailer.
        if (inflateInit2(&state->gzip, 15 + 16) == Z_OK) return state;
    } else {
        state->zstd = ZSTD_createDCtx();
        if (state->zstd) return state;
    }
    free(state);
    return NULL;
}

static long run_gzip(cinflate *state, const uint8_t **input, size_t *input_size, uint8_t *output, size_t output_size) {
    z_stream *stream = &state->gzip;
    if (state->is_complete) {
        if (*input_size == 0) return 0;
        if (inflateReset(stream) != Z_OK) return -1;
        state->is_complete = 0;
    }
    uInt available = *input_size > UINT_MAX ? UINT_MAX : (uInt)*input_size;
    uInt room = output_size > UINT_MAX ? UINT_MAX : (uInt)output_size;
    stream->next_in = (Bytef *)*input;
    stream->avail_in = available;
    stream->next_out = output;
    stream->avail_out = room;
    int result = inflate(stream, Z_NO_FLUSH);
    *input += available - stream->avail_in;
    *input_size -= available - stream->avail_in;
    if (result == Z_STREAM_END) {
        state->is_complete = 1;
    } else if (result != Z_OK && result != Z_BUF_ERROR) {
        return -1;
    }
    return (long)(room - stream->avail_out);
}

static long run_zstd(cinflate *state, const uint8_t **input, size_t *input_size, uint8_t *output, size_t output_size) {
    ZSTD_inBuffer from = {*input, *input_size, 0};
    ZSTD_outBuffer to = {output, output_size, 0};
    size_t result = ZSTD_decompressStream(state->zstd, &to, &from);
    if (ZSTD_isError(result)) return -1;
    if (from.pos > 0 || to.pos > 0) state->is_complete = result == 0;
    *input += from.pos;
    *input_size -= from.pos;
    return (long)to.pos;
}

long cinflate_run(cinflate *state, const uint8_t **input, size_t *input_size, uint8_t *output, size_t output_size) {
    return state->format == cinflate_gzip ? run_gzip(state, input, input_size, output, output_size)
                                          : run_zstd(state, input, input_size, output, output_size);
}

int cinflate_is_complete(const cinflate *state) { return state->is_complete; }

void cinflate_close(cinflate *state) {
    if (!state) return;
    if (state->format == cinflate_gzip) inflateEnd(&state->gzip);
    if (state->zstd) ZSTD_freeDCtx(state->zstd);
    free(state);
}
