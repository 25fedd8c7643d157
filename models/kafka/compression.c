/*
 * compression.c - the codec as a curve, and the client's estimate of it.
 */
#include "models/kafka/compression.h"

#include <math.h>

#include "sim/core/check.h"

#define BYTES_MAX 1e12
#define RATIO_MIN 1e-3
#define RATIO_MAX 100

/* What one estimate may move at a time (kafka-producer.md 3.4). */
#define RATIO_RISE 0.05f
#define RATIO_FALL 0.005f

static int64_t compress(const struct ratio_curve *ratios, int64_t record_bytes)
{
    const double u = (double)record_bytes;
    double ratio = ratios->ratio[0];
    if (ratios->count > 1 && record_bytes > 0) {
        const double x = log(u);
        size_t i = 0;
        while (i < ratios->count && ratios->log_bytes[i] < x)
            i++;
        if (i == ratios->count) {
            ratio = ratios->ratio[i - 1];
        } else if (i > 0) {
            const double share =
                (x - ratios->log_bytes[i - 1]) / (ratios->log_bytes[i] - ratios->log_bytes[i - 1]);
            ratio = ratios->ratio[i - 1] + share * (ratios->ratio[i] - ratios->ratio[i - 1]);
        }
    }
    return (int64_t)(ratio * u + 0.5);
}

static struct ratio_curve curve(struct arena *arena, double const (*points)[2], size_t count,
                                double factor)
{
    double *const log_bytes = ARENA_ARRAY(arena, double, count);
    double *const ratio = ARENA_ARRAY(arena, double, count);
    for (size_t i = 0; i < count; i++) {
        log_bytes[i] = log(points[i][0]);
        ratio[i] = factor * points[i][1];
    }
    int32_t *const small = ARENA_ARRAY(arena, int32_t, RATIO_SMALL);
    struct ratio_curve result = {
        .count = count, .log_bytes = log_bytes, .ratio = ratio, .small = small};
    for (int32_t bytes = 0; bytes < RATIO_SMALL; bytes++)
        small[bytes] = (int32_t)compress(&result, bytes);
    return result;
}

static const struct param_key point_keys[] = {
    {"bytes", "of a batch, uncompressed", {.kind = PARAM_BYTES, .min = 1, .max = BYTES_MAX}, true},
    {"ratio", "there", {.kind = PARAM_NUMBER, .min = RATIO_MIN, .max = RATIO_MAX}, true},
};

static const struct param_shape curve_point = {
    .form = SHAPE_ROW, .keys = point_keys, .key_count = 2};
static const struct param_shape curve_points = {.form = SHAPE_LIST, .items = &curve_point};
const struct param_shape ratio_curve_shape = {
    .kind = PARAM_NUMBER, .min = RATIO_MIN, .max = RATIO_MAX, .other = &curve_points};

static bool point_read(struct param_context *context, const struct node *node, double point[2])
{
    if (node->kind != NODE_LIST || node->count != 2) {
        diag_error(context->diag, node->place, "a point of the ratio curve is [bytes, ratio]");
        return false;
    }
    int64_t bytes = 0;
    bool fine =
        param_read_value(context, PARAM_BYTES, 1, BYTES_MAX, "bytes", node->items[0], &bytes);
    fine &= param_read_value(context, PARAM_NUMBER, RATIO_MIN, RATIO_MAX, "ratio", node->items[1],
                             &point[1]);
    point[0] = (double)bytes;
    return fine;
}

bool ratio_curve_read(struct param_context *context, const struct node *node, void *field)
{
    struct ratio_curve *const result = field;
    *result = (struct ratio_curve){0};
    if (node == NULL)
        return true;
    if (node->kind != NODE_LIST) {
        double constant[1][2] = {{1, 0}};
        if (!param_read_value(context, PARAM_NUMBER, RATIO_MIN, RATIO_MAX, "ratio", node,
                              &constant[0][1]))
            return false;
        *result = curve(context->arena, (const double(*)[2])constant, 1, 1);
        return true;
    }
    if (node->count == 0) {
        diag_error(context->diag, node->place,
                   "the ratio curve has no point; a number, or [[bytes, ratio], ..]");
        return false;
    }
    double(*const points)[2] = arena_take(context->arena, node->count, sizeof *points);
    bool fine = true;
    for (size_t i = 0; i < node->count; i++) {
        fine &= point_read(context, node->items[i], points[i]);
        if (fine && i > 0 && points[i][0] <= points[i - 1][0]) {
            diag_error(context->diag, node->items[i]->place,
                       "the bytes of the ratio curve must rise");
            fine = false;
        }
    }
    if (fine)
        *result = curve(context->arena, (const double(*)[2])points, node->count, 1);
    return fine;
}

struct ratio_curve ratio_curve_typical(struct arena *arena, enum codec codec)
{
    static const double points[][2] = {
        {300, 1.0}, {1024, 0.72}, {4096, 0.6}, {16384, 0.5}, {65536, 0.42}};
    const bool strong = codec == CODEC_ZSTD || codec == CODEC_GZIP;
    return curve(arena, points, sizeof points / sizeof points[0], strong ? 0.85 : 1.0);
}

int64_t ratio_curve_apply(const struct ratio_curve *ratios, int64_t record_bytes)
{
    CHECK(ratios->count > 0);
    return record_bytes < RATIO_SMALL ? ratios->small[record_bytes]
                                      : compress(ratios, record_bytes);
}

int32_t codec_block_bytes(enum codec codec)
{
    static const int32_t bytes[] = {[CODEC_NONE] = 0,
                                    [CODEC_GZIP] = 16 << 10,
                                    [CODEC_SNAPPY] = 32 << 10,
                                    [CODEC_LZ4] = 64 << 10,
                                    [CODEC_ZSTD] = 16 << 10};
    return bytes[codec];
}

/* Without branches on which way it goes, which nobody could predict. */
float ratio_estimate_update(float estimate, int64_t wire_record_bytes, int64_t record_bytes)
{
    const float observed = (float)wire_record_bytes / (float)record_bytes;
    static const float steps[] = {[false] = -RATIO_FALL, [true] = RATIO_RISE};
    const float moved = estimate + steps[observed > estimate];
    return moved > observed ? moved : observed;
}
