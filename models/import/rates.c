/*
 * rates.c - a few lines per topic, looked up one after the other.
 */
#include "models/import/rates.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sim/input/csv.h"
#include "sim/input/quantity.h"

#define RATE_MAX  1e9
#define BYTES_MAX (1 << 30)

/* By the names that the usual configurations of the JMX exporter give it. */
static const char *const counters[] = {
    "kafka_server_brokertopicmetrics_messagesin_total",
    "kafka_server_brokertopicmetrics_messagesinpersec_count",
    "kafka_server_brokertopicmetrics_messagesinpersec_total",
    "kafka_server_brokertopicmetrics_messagesin_count",
};

struct rate *rates_find(const struct rates *rates, const char *topic)
{
    for (size_t i = 0; i < rates->count; i++)
        if (strcmp(rates->items[i].topic, topic) == 0)
            return &rates->items[i];
    return NULL;
}

static void add(struct rates *rates, struct arena *arena, struct rate rate)
{
    if (rates->count == rates->room) {
        rates->room = rates->room == 0 ? 32 : 2 * rates->room;
        struct rate *const larger = ARENA_ARRAY(arena, struct rate, rates->room);
        if (rates->count > 0)
            memcpy(larger, rates->items, rates->count * sizeof *larger);
        rates->items = larger;
    }
    rates->items[rates->count++] = rate;
}

/* The line at *text, which moves to the next one; NULL at the end. */
static const char *next_line(struct arena *arena, const char **text, struct place *place)
{
    if (**text == '\0')
        return NULL;
    const size_t bytes = strcspn(*text, "\n");
    const char *const line = arena_format(
        arena, "%.*s", (int)(bytes - (bytes > 0 && (*text)[bytes - 1] == '\r')), *text);
    *text += bytes + ((*text)[bytes] == '\n');
    place->line++;
    return line;
}

bool rates_is_csv(const char *text)
{
    return strncmp(text, "topic,rate", 10) == 0;
}

/* A number that is per second without its unit too. */
static bool read_rate(struct arena *arena, struct diag *diag, struct place place, const char *text,
                      double *rate)
{
    struct quantity_value value;
    if (strchr(text, '/') == NULL)
        text = arena_format(arena, "%s/s", text);
    if (!quantity_read(&quantity_rate, 0, RATE_MAX, diag, place, "rate", text, &value))
        return false;
    *rate = value.real;
    return true;
}

static bool read_record(struct rates *rates, struct arena *arena, struct diag *diag,
                        struct place place, const char *line)
{
    enum { FIELDS = 3 };
    const char *fields[FIELDS] = {"", "", ""};
    const char *at = line;
    for (int i = 0; i < FIELDS && at != NULL; i++)
        fields[i] = csv_read_field(arena, &at);
    if (at != NULL || fields[0][0] == '\0' || fields[1][0] == '\0') {
        diag_error(diag, place, "%s is no rate; write topic,rate or topic,rate,bytes",
                   diag_shown(diag, line));
        return false;
    }
    struct rate rate = {.topic = fields[0], .place = place};
    struct quantity_value bytes = {0};
    if (!read_rate(arena, diag, place, fields[1], &rate.per_second) ||
        (fields[2][0] != '\0' &&
         !quantity_read(&quantity_bytes, 0, BYTES_MAX, diag, place, "bytes", fields[2], &bytes)))
        return false;
    rate.bytes = bytes.real;
    const struct rate *const before = rates_find(rates, rate.topic);
    if (before != NULL) {
        diag_error(diag, place, "%s has a rate already, from %s:%d; give it once", rate.topic,
                   before->place.file, before->place.line);
        return false;
    }
    add(rates, arena, rate);
    return true;
}

bool rates_read_csv(struct rates *rates, struct arena *arena, struct diag *diag, const char *name,
                    const char *text)
{
    struct place place = {.file = name, .column = 1};
    const char *line = next_line(arena, &text, &place);
    bool good = strcmp(line, "topic,rate") == 0 || strcmp(line, "topic,rate,bytes") == 0;
    if (!good) {
        diag_error(diag, place, "the header is %s; write topic,rate or topic,rate,bytes",
                   diag_shown(diag, line));
        return false;
    }
    while ((line = next_line(arena, &text, &place)) != NULL)
        if (line[0] != '\0')
            good &= read_record(rates, arena, diag, place, line);
    return good;
}

static bool is_counter(const char *line)
{
    const size_t bytes = strcspn(line, "{ \t");
    for (size_t i = 0; i < sizeof counters / sizeof *counters; i++)
        if (strlen(counters[i]) == bytes && strncasecmp(line, counters[i], bytes) == 0)
            return true;
    return false;
}

/* Comments of the exposition format, or a counter in the first column. */
bool rates_is_scrape(const char *text)
{
    if (strncmp(text, "# HELP ", 7) == 0 || strncmp(text, "# TYPE ", 7) == 0)
        return true;
    for (const char *at = text; at != NULL; at = strchr(at, '\n')) {
        at += *at == '\n';
        if (is_counter(at))
            return true;
    }
    return false;
}

/* topic="..." between the braces; NULL: the counter is of all topics. */
static const char *topic_of(struct arena *arena, const char *line)
{
    static const char label[] = "topic=\"";
    const char *at = strchr(line, '{');
    while (at != NULL && (at = strstr(at, label)) != NULL) {
        if (at[-1] == '{' || at[-1] == ',' || at[-1] == ' ') {
            at += sizeof label - 1;
            const size_t bytes = strcspn(at, "\"");
            return bytes > 0 ? arena_format(arena, "%.*s", (int)bytes, at) : NULL;
        }
        at++;
    }
    return NULL;
}

/* NAME{LABELS} VALUE, and a time stamp in ms. */
static bool read_sample(struct scrape *scrape, struct arena *arena, struct diag *diag,
                        struct place place, const char *line)
{
    const char *const topic = topic_of(arena, line);
    if (topic == NULL)
        return true;
    const char *const brace = strrchr(line, '}');
    const char *const at = brace != NULL ? brace + 1 : "";
    char *end;
    const double count = strtod(at, &end);
    char *stamp_end = end;
    const double stamp = strtod(end, &stamp_end);
    if (end == at || !(count >= 0) || count > 1e18 || stamp_end[strspn(stamp_end, " \t")] != '\0') {
        diag_error(diag, place, "%s is no sample of a counter; write NAME{topic=\"..\"} COUNT",
                   diag_shown(diag, line));
        return false;
    }
    if (stamp_end != end && stamp > scrape->time_ms)
        scrape->time_ms = stamp;
    struct rate *const sum = rates_find(&scrape->counters, topic);
    if (sum != NULL)
        sum->per_second += count; /* another broker's */
    else
        add(&scrape->counters, arena,
            (struct rate){.topic = topic, .place = place, .per_second = count});
    return true;
}

bool rates_read_scrape(struct scrape *scrape, struct arena *arena, struct diag *diag,
                       const char *name, const char *text)
{
    struct place place = {.file = name, .column = 1};
    *scrape = (struct scrape){.place = {.file = name, .line = 1, .column = 1}};
    bool good = true;
    for (const char *line; (line = next_line(arena, &text, &place)) != NULL;)
        if (is_counter(line))
            good &= read_sample(scrape, arena, diag, place, line);
    if (good && scrape->counters.count == 0) {
        diag_error(diag, scrape->place,
                   "no %s with a topic in this scrape; let the exporter of "
                   "each broker say it",
                   counters[0]);
        return false;
    }
    return good;
}

bool rates_between(struct rates *rates, struct arena *arena, struct diag *diag,
                   const struct scrape *first, const struct scrape *second, double ns)
{
    const bool stamped = first->time_ms > 0 && second->time_ms > 0;
    const double seconds = ns > 0 ? ns / 1e9 : (second->time_ms - first->time_ms) / 1e3;
    if (ns == 0 && !stamped) {
        diag_error(diag, second->place,
                   "the samples have no time stamps; say how long after %s they were taken: "
                   "--between 60s",
                   first->place.file);
        return false;
    }
    if (!(seconds > 0)) {
        diag_error(diag, second->place, "taken before %s; give the earlier scrape first",
                   first->place.file);
        return false;
    }
    bool good = true;
    for (size_t i = 0; i < second->counters.count; i++) {
        struct rate rate = second->counters.items[i];
        const struct rate *const before = rates_find(&first->counters, rate.topic);
        if (before != NULL && rate.per_second < before->per_second) {
            diag_error(diag, rate.place,
                       "the counter of %s has gone down since %s:%d; give the earlier scrape "
                       "first, and two between which no broker was restarted",
                       rate.topic, before->place.file, before->place.line);
            good = false;
            continue;
        }
        rate.per_second = (rate.per_second - (before != NULL ? before->per_second : 0)) / seconds;
        if (rates_find(rates, rate.topic) != NULL)
            diag_warning(diag, rate.place, "%s has a rate already; that one counts", rate.topic);
        else
            add(rates, arena, rate);
    }
    return good;
}
