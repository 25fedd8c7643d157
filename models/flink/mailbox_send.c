/*
 * mailbox_send.c - a send() that cannot even begin: its record is too large, or the client knows no
 * topics and waits for metadata (kafka-producer.md 1 steps 4 and 9).
 */
#include "models/flink/mailbox_parts.h"

sim_time mailbox_shut_out(struct mailbox *mailbox, struct calendar *cal)
{
    struct producer *const producer = &mailbox->producers[mailbox->shard];
    if (!producer->metadata.forgotten) {
        sender_record_refused(&producer->sender);
        mailbox_note_failure(mailbox);
        return mailbox_pay(mailbox, cal->now);
    }
    mailbox->state = MAILBOX_METADATA;
    mailbox->since = cal->now;
    mailbox->gives_up = mailbox_gives_up(mailbox, cal->now);
    producer_await_metadata(producer, cal);
    return mailbox->gives_up;
}

/* What is left of max.block.ms holds for memory too. */
sim_time mailbox_await(struct mailbox *mailbox, struct calendar *cal)
{
    struct producer *const producer = &mailbox->producers[mailbox->shard];
    const sim_time gives_up = mailbox->gives_up;
    const bool in_vain = producer->metadata.forgotten;
    if (in_vain && cal->now < gives_up)
        return gives_up;
    mailbox->times.metadata += cal->now - sim_later(mailbox->since, mailbox->times_from);
    producer_end_await(producer, in_vain);
    if (in_vain) {
        mailbox_note_failure(mailbox);
        return mailbox_pay(mailbox, cal->now);
    }
    const sim_time next = mailbox_offer(mailbox, cal);
    if (mailbox->state != MAILBOX_BLOCKED)
        return next;
    mailbox->gives_up = gives_up;
    return sim_later(gives_up, cal->now);
}
