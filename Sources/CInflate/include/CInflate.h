#pragma once

// Unpacking gzip and zstd, piece by piece, by the system's zlib and libzstd.

#include <stddef.h>
#include <stdint.h>

typedef struct cinflate cinflate;

enum { cinflate_gzip = 1, cinflate_zstd = 2 };

/// A decoder; NULL without memory.
cinflate *cinflate_open(int format);

/// Unpacks from `*input` on, of which `*input_size` bytes are there, into `output`; both are moved on. Streams that follow
/// each other are one. The count of bytes in `output`, or -1 where the input is corrupt.
long cinflate_run(cinflate *state, const uint8_t **input, size_t *input_size, uint8_t *output, size_t output_size);

/// Whether the input so far ends where a stream ends.
int cinflate_is_complete(const cinflate *state);

void cinflate_close(cinflate *state);
