/*
 * config.h - ProducerConfig: a producer's configuration in the units of its rules
 * (kafka-producer.md 11).
 *
 * Whether a property was given or follows from another is settled before: here every value is the
 * one that holds. So is which client it is: client.def says which has which rule.
 */
#ifndef MODELS_KAFKA_CONFIG_H
#define MODELS_KAFKA_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "models/kafka/compression.h"

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
    int64_t reconnect_backoff_max_ms;
    int64_t availability_timeout_ms; /* 0: off */
    bool incremental;                /* buffer.memory is lent in chunks */
    bool idempotence;
    bool adaptive;
    bool one_drain_index;        /* for all nodes (clients.md 2.1) */
    bool sticky_until_new_batch; /* the old partitioner of records without a key */
    bool failed_again_bumps;     /* an error for a batch that has failed asks for a new epoch */
    bool leader_from_answer;     /* and no backoff for a batch whose leader has changed
                                    (kafka-producer.md 8.4) */
    bool keeps_expired_memory;   /* of a batch in flight, until its answer (clients.md V5) */
    bool flush_awaits_products;  /* of a split (clients.md V6) */
    bool halves_products;        /* that are still too large (clients.md V7) */
    bool rebootstraps;           /* where no broker is left (clients.md 8) */
    enum codec codec;
    int32_t block_bytes; /* that the codec compresses at once; 0: compressing takes no time */
    struct ratio_curve ratio;
};

#endif
