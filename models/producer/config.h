/*
 * config.h - a producer's configuration in the units of its rules (kafka-producer.md section 11).
 *
 * Whether a property was given or follows from another is settled before: here every value is the
 * one that holds.
 */
#ifndef MODELS_PRODUCER_CONFIG_H
#define MODELS_PRODUCER_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "models/producer/compression.h"

struct producer_config {
    int64_t batch_size;    /* bytes, >= 1 */
    int64_t buffer_memory; /* bytes */
    int64_t max_request_size;
    int64_t linger_ms;
    int64_t max_block_ms;
    int64_t max_in_flight; /* requests per connection; 1 keeps the order by muting */
    int64_t retries;
    int64_t retry_backoff_ms;
    int64_t retry_backoff_max_ms;
    int64_t delivery_timeout_ms;
    int64_t request_timeout_ms;
    int64_t reconnect_backoff_ms;
    int64_t availability_timeout_ms; /* 0: off */
    bool idempotence;
    bool adaptive;
    enum codec codec;
    int32_t block_bytes; /* that the codec compresses at once; 0: compressing takes no time */
    struct ratio_curve ratio;
};

#endif
