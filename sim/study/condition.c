/*
 * condition.c - a recursive descent that leaves a list of steps in the order in which a stack of
 * values takes them, so that however long a sum is nobody recurses along it.
 *
 * Everything is counted in bytes and ms, as param_figure() has it but for rates, so that a
 * dimension is two exponents.
 */
#include "sim/study/condition.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "sim/core/check.h"

enum {
    DEPTH_MAX = 64,                  /* of parentheses */
    VALUES_MAX = 2 * (DEPTH_MAX + 2) /* a sum and a product may be waiting at each */
};

struct dimension {
    int bytes, time; /* exponents */
    bool bare;       /* a number without a unit is in its unit, as for linger.ms */
};

struct step {
    const struct step *next;
    char operation; /* + - * / of the last two values; n (number) p (parameter): one more */
    double number;  /* n: itself; p: the factor of the figure */
    const struct param *row;
};

enum comparison { LESS, AT_MOST, MORE, AT_LEAST, EQUAL, DIFFERENT };

struct condition {
    enum comparison comparison; /* of the two values that are left in the end */
    const struct step *first;
};

struct parser {
    const struct param_table *table;
    struct arena *arena;
    struct diag *diag;
    struct place start; /* of the text */
    const char *text, *at;
    int depth;
    const struct step **end; /* of the list of steps */
};

static struct place place_of(const struct parser *parser, const char *at)
{
    struct place place = parser->start;
    place.column += (int)(at - parser->text);
    return place;
}

static void skip_spaces(struct parser *parser)
{
    while (isspace((unsigned char)*parser->at))
        parser->at++;
}

static struct step *add_step(struct parser *parser, char operation)
{
    struct step *const step = ARENA_NEW(parser->arena, struct step);
    step->operation = operation;
    *parser->end = step;
    parser->end = &step->next;
    return step;
}

static bool expected(struct parser *parser, const char *what)
{
    if (*parser->at == '\0')
        diag_error(parser->diag, place_of(parser, parser->at),
                   "where: expected %s after %s; such as \"batch.size * shards <= 512KiB\"", what,
                   diag_shown(parser->diag, parser->text));
    else
        diag_error(parser->diag, place_of(parser, parser->at), "where: expected %s, not %s", what,
                   diag_shown(parser->diag, parser->at));
    return false;
}

/* What a parameter of that kind counts, and by which factor its figure becomes bytes and ms. */
static bool measure(enum param_kind kind, struct dimension *dimension, double *factor)
{
    *factor = 1;
    switch (kind) {
    case PARAM_COUNT:
    case PARAM_NUMBER:
    case PARAM_DIST_COUNT:
        *dimension = (struct dimension){.bare = true};
        return true;
    case PARAM_BYTES:
    case PARAM_DIST_BYTES:
        *dimension = (struct dimension){.bytes = 1, .bare = true};
        return true;
    case PARAM_MILLIS:
        *dimension = (struct dimension){.time = 1, .bare = true};
        return true;
    case PARAM_TIME:
    case PARAM_DIST_TIME:
        *dimension = (struct dimension){.time = 1};
        return true;
    case PARAM_RATE:
        *dimension = (struct dimension){.time = -1};
        *factor = 1e-3;
        return true;
    case PARAM_BYTE_RATE:
        *dimension = (struct dimension){.bytes = 1, .time = -1};
        *factor = 1e-3;
        return true;
    case PARAM_TEXT:
    case PARAM_BOOL:
    case PARAM_CHOICE:
    case PARAM_TIMES:
    case PARAM_CUSTOM:
        break;
    }
    return false;
}

static bool read_parameter(struct parser *parser, struct dimension *dimension)
{
    const char *const start = parser->at;
    while (isalnum((unsigned char)*parser->at) ||
           (*parser->at != '\0' && strchr("._-", *parser->at)))
        parser->at++;
    const char *const name = arena_format(parser->arena, "%.*s", (int)(parser->at - start), start);
    struct step *const step = add_step(parser, 'p');
    step->row = param_find(parser->table, parser->diag, place_of(parser, start), name);
    if (step->row == NULL)
        return false;
    if (measure(step->row->kind, dimension, &step->number))
        return true;
    diag_error(parser->diag, place_of(parser, start), "where: %s is no number", step->row->path);
    return false;
}

/* The end of the unit that follows a number: letters or a per cent sign, and /s. */
static const char *end_of_unit(const char *at)
{
    if (*at == '%')
        return at + 1;
    while (isalpha((unsigned char)*at))
        at++;
    return at[0] == '/' && at[1] == 's' && !isalnum((unsigned char)at[2]) ? at + 2 : at;
}

static bool read_number(struct parser *parser, struct dimension *dimension)
{
    static const struct {
        const struct quantity *quantity;
        enum param_kind kind;
        double scale; /* of the quantity's unit in that of the kind's figure */
    } ways[] = {
        {&quantity_number, PARAM_NUMBER, 1}, {&quantity_count, PARAM_COUNT, 1},
        {&quantity_bytes, PARAM_BYTES, 1},   {&quantity_time, PARAM_TIME, 1e6},
        {&quantity_rate, PARAM_RATE, 1},     {&quantity_byte_rate, PARAM_BYTE_RATE, 1},
    };
    const char *const start = parser->at;
    const char *end = start;
    while (isdigit((unsigned char)*end) || *end == '.')
        end++;
    if ((*end == 'e' || *end == 'E') &&
        (isdigit((unsigned char)end[1]) ||
         ((end[1] == '-' || end[1] == '+') && isdigit((unsigned char)end[2])))) {
        end += 2;
        while (isdigit((unsigned char)*end))
            end++;
    }
    parser->at = end_of_unit(end);
    const char *const text = arena_format(parser->arena, "%.*s", (int)(parser->at - start), start);
    for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
        struct diag silent;
        diag_init(&silent, parser->arena);
        struct quantity_value value;
        if (!quantity_read(ways[i].quantity, 0, HUGE_VAL, &silent, parser->start, "", text, &value))
            continue;
        struct step *const step = add_step(parser, 'n');
        measure(ways[i].kind, dimension, &step->number);
        step->number *= value.real / ways[i].scale;
        return true;
    }
    diag_error(parser->diag, place_of(parser, start),
               "where: %s is not a number with a unit such as 512KiB, 30ms, 240k/s or 2%%",
               diag_shown(parser->diag, text));
    return false;
}

static bool read_sum(struct parser *parser, struct dimension *dimension);

static bool read_factor(struct parser *parser, struct dimension *dimension)
{
    skip_spaces(parser);
    const char c = *parser->at;
    if (isdigit((unsigned char)c))
        return read_number(parser, dimension);
    if (isalpha((unsigned char)c))
        return read_parameter(parser, dimension);
    if (c != '(')
        return expected(parser, "a parameter or a number");
    if (++parser->depth > DEPTH_MAX)
        return expected(parser, "fewer parentheses");
    parser->at++;
    if (!read_sum(parser, dimension))
        return false;
    skip_spaces(parser);
    if (*parser->at != ')')
        return expected(parser, "a closing parenthesis");
    parser->at++;
    parser->depth--;
    return true;
}

static bool read_product(struct parser *parser, struct dimension *dimension)
{
    if (!read_factor(parser, dimension))
        return false;
    for (;;) {
        skip_spaces(parser);
        const char operation = *parser->at;
        if (operation != '*' && operation != '/')
            return true;
        parser->at++;
        struct dimension right;
        if (!read_factor(parser, &right))
            return false;
        add_step(parser, operation);
        const int sign = operation == '*' ? 1 : -1;
        dimension->bytes += sign * right.bytes;
        dimension->time += sign * right.time;
        dimension->bare = dimension->bare && right.bare;
    }
}

static bool is_pure(struct dimension dimension)
{
    return dimension.bytes == 0 && dimension.time == 0;
}

static const char *what_counts(const struct parser *parser, struct dimension dimension)
{
    if (is_pure(dimension))
        return "a bare number";
    if (dimension.bytes == 1 && dimension.time == 0)
        return "a size";
    if (dimension.bytes == 0 && dimension.time == 1)
        return "a time";
    if (dimension.bytes == 0 && dimension.time == -1)
        return "a rate";
    if (dimension.bytes == 1 && dimension.time == -1)
        return "bytes per second";
    return arena_format(parser->arena, "bytes^%d x time^%d", dimension.bytes, dimension.time);
}

/* May the two be compared or added? A bare number may, where the other side takes one. */
static bool agree(struct parser *parser, const char *at, struct dimension a, struct dimension b)
{
    if ((a.bytes == b.bytes && a.time == b.time) || (is_pure(a) && b.bare) ||
        (is_pure(b) && a.bare))
        return true;
    diag_error(parser->diag, place_of(parser, at), "where: %s against %s; give both the same unit",
               what_counts(parser, a), what_counts(parser, b));
    return false;
}

static bool read_sum(struct parser *parser, struct dimension *dimension)
{
    if (!read_product(parser, dimension))
        return false;
    for (;;) {
        skip_spaces(parser);
        const char *const at = parser->at;
        if (*at != '+' && *at != '-')
            return true;
        parser->at++;
        struct dimension right;
        if (!read_product(parser, &right) || !agree(parser, at, *dimension, right))
            return false;
        add_step(parser, *at);
        const bool bare = dimension->bare && right.bare;
        if (is_pure(*dimension))
            *dimension = right;
        dimension->bare = bare;
    }
}

static bool read_comparison(struct parser *parser, enum comparison *comparison)
{
    static const char *const signs[] = {
        [AT_MOST] = "<=",   [AT_LEAST] = ">=", [EQUAL] = "==",
        [DIFFERENT] = "!=", [LESS] = "<",      [MORE] = ">",
    };
    static const enum comparison order[] = {AT_MOST, AT_LEAST, EQUAL, DIFFERENT, LESS, MORE};
    skip_spaces(parser);
    for (size_t i = 0; i < sizeof(order) / sizeof(*order); i++) {
        const size_t bytes = strlen(signs[order[i]]);
        if (strncmp(parser->at, signs[order[i]], bytes) == 0) {
            *comparison = order[i];
            parser->at += bytes;
            return true;
        }
    }
    expected(parser, "a comparison (< <= > >= == !=)");
    return false;
}

const struct condition *condition_read(const struct param_table *table, struct arena *arena,
                                       struct diag *diag, const struct node *node)
{
    if (node->kind != NODE_SCALAR) {
        diag_error(diag, node->place, "where: expected a comparison, not %s", tree_kind_name(node));
        return NULL;
    }
    struct parser parser = {.table = table,
                            .arena = arena,
                            .diag = diag,
                            .start = node->place,
                            .text = node->text,
                            .at = node->text};
    parser.start.column += node->quoted;
    struct condition *const condition = ARENA_NEW(arena, struct condition);
    parser.end = &condition->first;
    struct dimension left, right;
    if (!read_sum(&parser, &left))
        return NULL;
    const char *const at = parser.at;
    if (!read_comparison(&parser, &condition->comparison) || !read_sum(&parser, &right) ||
        !agree(&parser, at, left, right))
        return NULL;
    skip_spaces(&parser);
    if (*parser.at == '\0')
        return condition;
    expected(&parser, "the end of the comparison (several conditions are a list)");
    return NULL;
}

static double combine(char operation, double left, double right)
{
    switch (operation) {
    case '+':
        return left + right;
    case '-':
        return left - right;
    case '*':
        return left * right;
    default:
        return left / right;
    }
}

bool condition_holds(const struct condition *condition, const void *params)
{
    double values[VALUES_MAX];
    size_t count = 0;
    for (const struct step *step = condition->first; step != NULL; step = step->next) {
        if (step->operation == 'n' || step->operation == 'p') {
            double figure = 1;
            if (step->operation == 'p')
                param_figure(step->row, params, &figure);
            CHECK(count < VALUES_MAX);
            values[count++] = step->number * figure;
        } else {
            CHECK(count >= 2);
            count--;
            values[count - 1] = combine(step->operation, values[count - 1], values[count]);
        }
    }
    CHECK(count == 2);
    const double left = values[0];
    const double right = values[1];
    switch (condition->comparison) {
    case LESS:
        return left < right;
    case AT_MOST:
        return left <= right;
    case MORE:
        return left > right;
    case AT_LEAST:
        return left >= right;
    case EQUAL:
        return left == right;
    case DIFFERENT:
        return left < right || left > right;
    }
    return false;
}
