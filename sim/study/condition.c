/*
 * condition.c - a recursive descent to a tree of terms, each with its dimension.
 *
 * Everything is counted in bytes and ms, as param_figure() has it but for rates, so that a
 * dimension is two exponents.
 */
#include "sim/study/condition.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

enum {
    DEPTH_MAX = 64, /* of parentheses */
    NAME_BYTES = 128
};

struct dimension {
    int bytes, time; /* exponents */
    bool bare;       /* a number without a unit is in its unit, as for linger.ms */
};

struct term {
    char operation; /* + - * / n (number) p (parameter) */
    struct dimension dimension;
    const struct term *left, *right;
    double number; /* n: itself; p: the factor of the figure */
    const struct param *row;
};

enum comparison { LESS, AT_MOST, MORE, AT_LEAST, EQUAL, DIFFERENT };

struct condition {
    enum comparison comparison;
    const struct term *left, *right;
};

struct parser {
    const struct param_table *table;
    struct arena *arena;
    struct diag *diag;
    struct place start; /* of the text */
    const char *text, *at;
    int depth;
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

static struct term *new_term(struct parser *parser, char operation)
{
    struct term *const term = ARENA_NEW(parser->arena, struct term);
    term->operation = operation;
    return term;
}

static const struct term *expected(struct parser *parser, const char *what)
{
    if (*parser->at == '\0')
        diag_error(parser->diag, place_of(parser, parser->at),
                   "where: expected %s after %s; such as \"batch.size * shards <= 512KiB\"", what,
                   diag_shown(parser->diag, parser->text));
    else
        diag_error(parser->diag, place_of(parser, parser->at), "where: expected %s, not %s", what,
                   diag_shown(parser->diag, parser->at));
    return NULL;
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

static const struct term *read_parameter(struct parser *parser)
{
    const char *const start = parser->at;
    while (isalnum((unsigned char)*parser->at) ||
           (*parser->at != '\0' && strchr("._-", *parser->at)))
        parser->at++;
    const char *const name = arena_format(parser->arena, "%.*s", (int)(parser->at - start), start);
    struct term *const term = new_term(parser, 'p');
    term->row = param_find(parser->table, parser->diag, place_of(parser, start), name);
    if (term->row == NULL)
        return NULL;
    if (measure(term->row->kind, &term->dimension, &term->number))
        return term;
    diag_error(parser->diag, place_of(parser, start), "where: %s is no number", term->row->path);
    return NULL;
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

static const struct term *read_number(struct parser *parser)
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
        struct term *const term = new_term(parser, 'n');
        measure(ways[i].kind, &term->dimension, &term->number);
        term->number *= value.real / ways[i].scale;
        return term;
    }
    diag_error(parser->diag, place_of(parser, start),
               "where: %s is not a number with a unit such as 512KiB, 30ms, 240k/s or 2%%",
               diag_shown(parser->diag, text));
    return NULL;
}

static const struct term *read_sum(struct parser *parser);

static const struct term *read_factor(struct parser *parser)
{
    skip_spaces(parser);
    const char c = *parser->at;
    if (isdigit((unsigned char)c))
        return read_number(parser);
    if (isalpha((unsigned char)c))
        return read_parameter(parser);
    if (c != '(')
        return expected(parser, "a parameter or a number");
    if (++parser->depth > DEPTH_MAX)
        return expected(parser, "fewer parentheses");
    parser->at++;
    const struct term *const term = read_sum(parser);
    if (term == NULL)
        return NULL;
    skip_spaces(parser);
    if (*parser->at != ')')
        return expected(parser, "a closing parenthesis");
    parser->at++;
    parser->depth--;
    return term;
}

static const struct term *join(struct parser *parser, char operation, const struct term *left,
                               const struct term *right)
{
    struct term *const term = new_term(parser, operation);
    const int sign = operation == '*' ? 1 : -1;
    term->left = left;
    term->right = right;
    term->dimension = (struct dimension){
        .bytes = left->dimension.bytes + sign * right->dimension.bytes,
        .time = left->dimension.time + sign * right->dimension.time,
        .bare = left->dimension.bare && right->dimension.bare,
    };
    return term;
}

static const struct term *read_product(struct parser *parser)
{
    const struct term *left = read_factor(parser);
    while (left != NULL) {
        skip_spaces(parser);
        const char c = *parser->at;
        if (c != '*' && c != '/')
            return left;
        parser->at++;
        const struct term *const right = read_factor(parser);
        left = right == NULL ? NULL : join(parser, c, left, right);
    }
    return NULL;
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
static bool agree(struct parser *parser, const char *at, const struct term *left,
                  const struct term *right, struct dimension *dimension)
{
    const struct dimension a = left->dimension, b = right->dimension;
    *dimension = is_pure(a) ? b : a;
    dimension->bare = a.bare && b.bare;
    if ((a.bytes == b.bytes && a.time == b.time) || (is_pure(a) && b.bare) ||
        (is_pure(b) && a.bare))
        return true;
    diag_error(parser->diag, place_of(parser, at), "where: %s against %s; give both the same unit",
               what_counts(parser, a), what_counts(parser, b));
    return false;
}

static const struct term *read_sum(struct parser *parser)
{
    const struct term *left = read_product(parser);
    while (left != NULL) {
        skip_spaces(parser);
        const char *const at = parser->at;
        if (*at != '+' && *at != '-')
            return left;
        parser->at++;
        const struct term *const right = read_product(parser);
        struct dimension dimension;
        if (right == NULL || !agree(parser, at, left, right, &dimension))
            return NULL;
        struct term *const term = new_term(parser, *at);
        term->left = left;
        term->right = right;
        term->dimension = dimension;
        left = term;
    }
    return NULL;
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
    struct dimension dimension;
    condition->left = read_sum(&parser);
    if (condition->left == NULL)
        return NULL;
    const char *const at = parser.at;
    if (!read_comparison(&parser, &condition->comparison))
        return NULL;
    condition->right = read_sum(&parser);
    if (condition->right == NULL ||
        !agree(&parser, at, condition->left, condition->right, &dimension))
        return NULL;
    skip_spaces(&parser);
    if (*parser.at == '\0')
        return condition;
    expected(&parser, "the end of the comparison (several conditions are a list)");
    return NULL;
}

static double evaluate(const struct term *term, const void *params)
{
    double figure = 0;
    switch (term->operation) {
    case 'n':
        return term->number;
    case 'p':
        param_figure(term->row, params, &figure);
        return term->number * figure;
    case '+':
        return evaluate(term->left, params) + evaluate(term->right, params);
    case '-':
        return evaluate(term->left, params) - evaluate(term->right, params);
    case '*':
        return evaluate(term->left, params) * evaluate(term->right, params);
    default:
        return evaluate(term->left, params) / evaluate(term->right, params);
    }
}

bool condition_holds(const struct condition *condition, const void *params)
{
    const double left = evaluate(condition->left, params);
    const double right = evaluate(condition->right, params);
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
