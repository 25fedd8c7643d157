/*
 * results_version.h - moves whenever a run's figures do, so that parts of a sweep whose figures do
 * not go together are not put together. tests/program/test_fingerprints.sh says when, and moves it.
 */
#ifndef MODELS_REPORT_RESULTS_VERSION_H
#define MODELS_REPORT_RESULTS_VERSION_H

#define RESULTS_VERSION "10"

#endif
