/*
 * metadata.h - ProducerMetadata, NetworkClient.DefaultMetadataUpdater: what the client knows of the
 * partitions' leaders, and how it learns (clients.md 5; kafka-producer.md 8.4).
 *
 * From 3.7 on an answer of a broker that does not lead a partition says who does. A metadata update
 * says it of all partitions. A client that asks for one when it has neither a connection nor a
 * broker that it may connect to at once begins anew, if it is of the 4.x line: it knows no topic
 * any more until an update is here (clients.md 8).
 */
#ifndef MODELS_PRODUCER_METADATA_H
#define MODELS_PRODUCER_METADATA_H

#include "models/broker/leadership.h"
#include "models/producer/accumulator.h"

struct metadata {
    const struct leadership *leadership; /* NULL: leaders never change */
    struct accumulator *acc;
    int32_t *epochs;    /* by slot: of the newest leader that is known */
    int32_t leaderless; /* slots that nobody leads, as far as is known */
    /* Updates (kafka-producer.md 7.2): */
    sim_time leaves;    /* the next one may; SIM_NEVER: nobody has asked */
    sim_time due;       /* its answer; SIM_NEVER: none is under way */
    sim_time answered;  /* at the broker */
    sim_time refreshed; /* by the last one */
    int32_t repeats;    /* updates in a row that said nothing new */
    int32_t node;       /* that is asked, while one is under way */
    bool asks;          /* at all: leaders change, or the client may begin anew */
    bool forgotten;     /* it knows no topic: send() waits */
};

void metadata_init(struct metadata *metadata, struct arena *arena,
                   const struct leadership *leadership, struct accumulator *acc);

/* What a client learns that starts now. After accumulator_reset(). */
void metadata_reset(struct metadata *metadata, sim_time now);

/* The client begins anew: nobody leads anything, no record is taken. Harmless if it has. */
void metadata_forget(struct metadata *metadata);

/* Before sender_receive(): a request that brokers have answered is misplaced. False if its answer
 * leaves a leader in the dark: the client asks for an update. */
bool metadata_redirected(struct metadata *metadata, const struct request *request);

/* An update that a broker answered at `answered`. True if it says anything new; what has been
 * forgotten is. */
bool metadata_updated(struct metadata *metadata, sim_time answered);

#endif
