/*
 * wire.h - DefaultRecord, DefaultRecordBatch, AbstractRecords: records and batches on the wire:
 * sizes, to the byte, and sequence numbers (kafka-producer.md 3; magic 2).
 */
#ifndef MODELS_KAFKA_WIRE_H
#define MODELS_KAFKA_WIRE_H

#include <stdint.h>

#define WIRE_BATCH_OVERHEAD 61
#define WIRE_RECORD_OVERHEAD_MAX                                                                   \
    21 /* worst case of length 5, timestamp 10, offset 5, attributes 1 */

/* Bytes of a zig-zag varint; the same for int32 and int64 (kafka-producer.md 3.1). */
static inline int wire_varint_bytes(int64_t value)
{
    /* By the position of the highest bit: seven bits to a byte. */
    static const uint8_t bytes[64] = {
        1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3,  3, 4,
        4, 4, 4, 4, 4, 4, 5, 5, 5, 5, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6,  7, 7,
        7, 7, 7, 7, 7, 8, 8, 8, 8, 8, 8, 8, 9, 9, 9, 9, 9, 9, 9, 10,
    };
    const uint64_t zigzag = ((uint64_t)value << 1) ^ (value < 0 ? UINT64_MAX : 0);
    return bytes[63 - __builtin_clzll(zigzag | 1)];
}

/* The same of what is not negative, and hardly ever large. */
static inline int wire_count_bytes(uint64_t value)
{
    return value < 1 << 13 ? 1 + (value >= 1 << 6) : wire_varint_bytes((int64_t)value);
}

/* S(len): a key or a value; -1 is null (kafka-producer.md 3.1). */
static inline int64_t wire_field_bytes(int64_t length)
{
    return length < 0 ? 1 : wire_varint_bytes(length) + length;
}

/* Hdr(h): a header with a key and a value (kafka-producer.md 3.1). */
static inline int64_t wire_header_bytes(int64_t key_length, int64_t value_length)
{
    return wire_varint_bytes(key_length) + key_length + wire_field_bytes(value_length);
}

/* What neither time nor position changes: S(key) + S(value) + vi(headerCount) + sum Hdr.
 * headers_bytes is the sum. */
static inline int64_t wire_payload_bytes(int64_t key_length, int64_t value_length,
                                         int64_t header_count, int64_t headers_bytes)
{
    return wire_field_bytes(key_length) + wire_field_bytes(value_length) +
           wire_varint_bytes(header_count) + headers_bytes;
}

/* A record in a batch whose first record is `delta_ms` older; `offset` counts from 0
 * (kafka-producer.md 3.1). */
static inline int64_t wire_record_bytes(int64_t payload_bytes, int64_t delta_ms, int64_t offset)
{
    const int64_t body =
        1 + wire_varint_bytes(delta_ms) + wire_varint_bytes(offset) + payload_bytes;
    return wire_varint_bytes(body) + body;
}

/* E: the upper bound that validation, allocation and record-size-avg use
 * (kafka-producer.md 3.2). */
static inline int64_t wire_estimate_bytes(int64_t payload_bytes)
{
    return WIRE_BATCH_OVERHEAD + WIRE_RECORD_OVERHEAD_MAX + payload_bytes;
}

/* The sequence number after so many records; from 2^31 - 1 on to 0. */
static inline int32_t wire_sequence_after(int32_t sequence, int32_t records)
{
    const int64_t after = (int64_t)sequence + records;
    return (int32_t)(after > INT32_MAX ? after - INT32_MAX - 1 : after);
}

#endif
