/*
 * statefun_costs.h - for tests: the costs of the machine that StateFun 3.3.0 was measured on, those
 * of `preset: typical` and what was fitted to it by hand.
 */
#ifndef TESTS_STATEFUN_COSTS_H
#define TESTS_STATEFUN_COSTS_H

#define STATEFUN_COSTS                                                                             \
    "costs:\n"                                                                                     \
    "  preset: typical\n"                                                                          \
    "  function: 2us\n"                                                                            \
    "  mailbox:\n"                                                                                 \
    "    wakeup: {mixture: [{weight: 85%, value: 3us},\n"                                          \
    "                       {weight: 15%, exponential: {mean: 1200us}}]}\n"                        \
    "  sender:\n"                                                                                  \
    "    wakeup: {gamma: {mean: 40us, cv: 0.6}}\n"                                                 \
    "    completion: {batch: {gamma: {mean: 4us, cv: 0.5}},\n"                                     \
    "                 hand-over: {gamma: {mean: 30us, cv: 0.4}}}\n"                                \
    "  network: {request: 0ns, byte: 0ns}\n"

#endif
