/*
 * model.c - a model that has forgotten something is found out before its first run.
 */
#include "sim/study/model.h"

#include "sim/core/check.h"

void model_check(const struct model *model)
{
    CHECK(model->name != NULL && model->results_version != NULL);
    CHECK(model->params != NULL && model->columns != NULL);
    CHECK(model->span != NULL);
    CHECK(model->build != NULL && model->advance != NULL);
    CHECK(model->forget != NULL && model->observe != NULL);
    CHECK((model->watched == NULL) == (model->watch == NULL));
    CHECK((model->log_names == NULL) == (model->write_log == NULL));
    CHECK((model->series_header == NULL) == (model->write_series == NULL));
    for (size_t i = 0; i < model->column_count; i++) {
        CHECK(model->columns[i].name != NULL);
        CHECK(model->columns[i].unit != NULL && model->columns[i].help != NULL);
    }
}
