/*
 * client_version.c - reading versions, and lists of them.
 */
#include "models/kafka/client_version.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct minor {
    int32_t major, minor, first, bare, last;
} minors[] = {
#define MINOR(major, minor, first, bare, last) {major, minor, first, bare, last},
#include "models/kafka/client.def"
};

static const struct {
    const char *name, *version;
} pulled[] = {
#define PULLED(name, version) {name, version},
#include "models/kafka/client.def"
};

static const char *const rules[] = {
#define RULE(rule, versions, help) versions,
#include "models/kafka/client.def"
};

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))
#define PART_MAX        99

#define MINOR(major, minor, first, bare, last) #major "." #minor "|"
#define PULLED(name, version)                  name "|"
static const struct param_shape patch_level = {.form = SHAPE_PATTERN,
                                               .words = "^[0-9]+\\.[0-9]+\\.[0-9]+$"};
const struct param_shape client_version_shape = {.form = SHAPE_WORDS,
                                                 .words =
#include "models/kafka/client.def"
                                                     "",
                                                 .other = &patch_level};

static bool take_number(const char **at, int32_t *number)
{
    char *end;
    if (**at < '0' || **at > '9')
        return false;
    const long value = strtol(*at, &end, 10);
    *number = value < PART_MAX ? (int32_t)value : PART_MAX;
    *at = end;
    return true;
}

/* 4.0 or 4.0.2; the patch level is -1 where there is none. */
static bool take_version(const char **at, struct client_version *version)
{
    *version = (struct client_version){.patch = -1};
    if (!take_number(at, &version->major) || *(*at)++ != '.' || !take_number(at, &version->minor))
        return false;
    if (**at != '.')
        return true;
    ++*at;
    return take_number(at, &version->patch);
}

static const struct minor *find_minor(struct client_version version)
{
    for (size_t i = 0; i < COUNT_OF(minors); i++)
        if (minors[i].major == version.major && minors[i].minor == version.minor)
            return &minors[i];
    return NULL;
}

/* False if the text is none; its minor and patch level may be unknown. */
static bool parse(const char *text, struct client_version *version)
{
    for (size_t i = 0; i < COUNT_OF(pulled); i++)
        if (strcmp(text, pulled[i].name) == 0)
            return parse(pulled[i].version, version);
    if (!take_version(&text, version) || *text != '\0')
        return false;
    const struct minor *const minor = find_minor(*version);
    if (version->patch < 0 && minor != NULL)
        version->patch = minor->bare;
    return true;
}

static void say_unknown(struct param_context *context, const struct node *node)
{
    const char *names[COUNT_OF(pulled)];
    const char *list = "";
    for (size_t i = 0; i < COUNT_OF(minors); i++)
        list = arena_format(context->arena, "%s%" PRId32 ".%" PRId32 ", ", list, minors[i].major,
                            minors[i].minor);
    list = arena_format(context->arena, "%sa patch level of one (4.0.2)", list);
    for (size_t i = 0; i < COUNT_OF(pulled); i++) {
        names[i] = pulled[i].name;
        list = arena_format(context->arena, "%s%s%s", list,
                            i + 1 == COUNT_OF(pulled) ? " or " : ", ", names[i]);
    }
    const char *const nearest = diag_nearest(node->text, names, COUNT_OF(pulled));
    diag_error(context->diag, node->place, "producer.client: unknown client %s; expected %s%s%s%s",
               diag_shown(context->diag, node->text), list,
               nearest != NULL ? "; did you mean " : "", nearest != NULL ? nearest : "",
               nearest != NULL ? "?" : "");
}

bool client_version_read(struct param_context *context, const struct node *node, void *field)
{
    struct client_version *const version = field;
    const char *text;
    if (!param_read_value(context, PARAM_TEXT, 0, 0, "producer.client", node, &text))
        return false;
    const bool read = parse(text, version);
    const struct minor *const minor = read ? find_minor(*version) : NULL;
    if (minor == NULL) {
        say_unknown(context, node);
        return false;
    }
    if (version->patch >= minor->first && version->patch <= minor->last)
        return true;
    diag_error(context->diag, node->place,
               "producer.client: there is no client %s here; the last one of %" PRId32 ".%" PRId32
               " is %" PRId32 ".%" PRId32 ".%" PRId32 ", the first %" PRId32 ".%" PRId32
               ".%" PRId32,
               diag_shown(context->diag, text), minor->major, minor->minor, minor->major,
               minor->minor, minor->last, minor->major, minor->minor, minor->first);
    return false;
}

static int32_t position(struct client_version version)
{
    const int32_t patch = version.patch > 0 ? version.patch : 0;
    return (version.major * (PART_MAX + 1) + version.minor) * (PART_MAX + 1) + patch;
}

bool client_version_among(struct client_version version, const char *versions)
{
    static const char before[] = "before ";
    const bool ended = strncmp(versions, before, sizeof before - 1) == 0;
    const char *at = ended ? versions + sizeof before - 1 : versions;
    struct client_version listed;
    bool since = false;
    while (take_version(&at, &listed)) {
        since = position(version) >= position(listed);
        if (version.major == listed.major && version.minor == listed.minor)
            break;
        at += strspn(at, ", ");
    }
    return since != ended;
}

bool client_version_has(struct client_version version, enum client_rule rule)
{
    return client_version_among(version, rules[rule]);
}

bool client_version_preset(const char *versions, const char *text)
{
    struct client_version version;
    return parse(text, &version) && client_version_among(version, versions);
}
