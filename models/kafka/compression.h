/*
 * compression.h - Compression, CompressionRatioEstimator: what a codec does to a batch, and what
 * the client believes it does.
 */
#ifndef MODELS_KAFKA_COMPRESSION_H
#define MODELS_KAFKA_COMPRESSION_H

#include "sim/input/shape.h"

enum codec { CODEC_NONE, CODEC_GZIP, CODEC_SNAPPY, CODEC_LZ4, CODEC_ZSTD };

/* compressed / uncompressed by the uncompressed record bytes of a batch: linear in log(bytes)
 * between the points, constant beyond them. */
struct ratio_curve {
    size_t count; /* 0: not given; 1: a constant */
    const double *log_bytes;
    const double *ratio;
    const int32_t *small; /* what becomes of fewer than RATIO_SMALL bytes: most batches are */
};

#define RATIO_SMALL 4096

/* Reads `costs.compression.ratio`: a number, or [[bytes, ratio], ..] with rising bytes. */
bool ratio_curve_read(struct param_context *context, const struct node *node, void *field);
extern const struct param_shape ratio_curve_shape;

/* The curve of `preset: typical` for a codec. */
struct ratio_curve ratio_curve_typical(struct arena *arena, enum codec codec);

/* floor(ratio x u + 0.5): the record bytes of a closed batch on the wire (time-model.md 7). */
int64_t ratio_curve_apply(const struct ratio_curve *ratios, int64_t record_bytes);

/* A codec collects so many bytes before it compresses them: in the thread that appends, while the
 * rest waits for who closes the batch (kafka-producer.md 7.5). 0: none. */
int32_t codec_block_bytes(enum codec codec);

/* The client's estimator (kafka-producer.md 3.4), binary32: one per topic and process. */
float ratio_estimate_update(float estimate, int64_t wire_record_bytes, int64_t record_bytes);

#endif
