/*
 * claims_list.c - the table.
 */
#include "models/advice/claims.h"
#include "models/report/columns.h"

#define COLUMN_NONE COLUMN_COUNT

#define CLAIM(id_, text_, verdict_)                                                                \
    {.kind = CLAIM_SAID, .id = (id_), .text = (text_), .verdict = (verdict_)},
#define FIGURE(kind_, text_, scenario_, sets_, base_, column_, per_, scale_, decimals_, low_,      \
               high_)                                                                              \
    {.kind = CLAIM_##kind_,                                                                        \
     .text = (text_),                                                                              \
     .scenario = (scenario_),                                                                      \
     .sets = (sets_),                                                                              \
     .base = (base_),                                                                              \
     .column = COLUMN_##column_,                                                                   \
     .per = COLUMN_##per_,                                                                         \
     .scale = (scale_),                                                                            \
     .decimals = (decimals_),                                                                      \
     .low = (low_),                                                                                \
     .high = (high_)},
#define PLAIN(text, scenario, sets, column, per, scale, decimals, low, high)                       \
    FIGURE(PLAIN, text, scenario, sets, NULL, column, per, scale, decimals, low, high)
#define OVER(text, scenario, sets, base, column, per, scale, decimals, low, high)                  \
    FIGURE(OVER, text, scenario, sets, base, column, per, scale, decimals, low, high)
#define ABOVE(text, scenario, sets, base, column, per, scale, decimals, low, high)                 \
    FIGURE(ABOVE, text, scenario, sets, base, column, per, scale, decimals, low, high)
#define LOSS(text, scenario, sets, base, column, per, scale, decimals, low, high)                  \
    FIGURE(LOSS, text, scenario, sets, base, column, per, scale, decimals, low, high)
#define TOLD(text_, where) {.kind = CLAIM_TOLD, .text = (text_), .scenario = (where)},

const struct claim claims_list[] = {
#include "models/advice/claims.def"
};
const size_t claims_count = sizeof claims_list / sizeof *claims_list;
