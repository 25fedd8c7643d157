/*
 * metrics_name.c - groups are looked for anywhere in a name: exporters put prefixes before them.
 */
#include "models/import/metrics_name.h"

#include <ctype.h>
#include <string.h>

static const struct {
    const char *text;
    enum metric_group group;
} groups[] = {
    {"producer-node-metrics-", METRIC_NODE}, {"producer-topic-metrics-", METRIC_TOPIC},
    {"producer-metrics-", METRIC_PRODUCER},  {"kafkaproducer-", METRIC_FLINK},
    {"kafka-producer-", METRIC_PRODUCER},
};

/* Letters, digits and single dashes; what stands in braces is not of the name. */
static char *plain(struct arena *arena, const char *written)
{
    char *const name = ARENA_ARRAY(arena, char, strlen(written) + 1);
    size_t length = 0;
    for (const char *at = written; *at != '\0' && *at != '{'; at++) {
        const bool letter = isalnum((unsigned char)*at) != 0;
        if (letter)
            name[length++] = (char)tolower((unsigned char)*at);
        else if (length > 0 && name[length - 1] != '-')
            name[length++] = '-';
    }
    while (length > 0 && name[length - 1] == '-')
        length--;
    name[length] = '\0';
    return name;
}

void metrics_name(struct metric *metric, struct arena *arena)
{
    static const char total[] = "-total";
    char *name = plain(arena, metric->written);
    metric->group = METRIC_PLAIN;
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        char *const at = strstr(name, groups[i].text);
        if (at == NULL)
            continue;
        name = at + strlen(groups[i].text);
        metric->group = groups[i].group;
        break;
    }
    const size_t length = strlen(name), ending = sizeof total - 1;
    metric->total = length > ending && strcmp(name + length - ending, total) == 0;
    if (metric->total)
        name[length - ending] = '\0';
    metric->name = name;
}
