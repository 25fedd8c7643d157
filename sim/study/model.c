/*
 * model.c - a model that has forgotten something is found out before its first run.
 */
#include "sim/study/model.h"

#include "sim/core/check.h"

static void check_command(const struct command *command)
{
    CHECK(command->name != NULL && command->help != NULL && command->obey != NULL);
    CHECK(command->options != NULL);
    CHECK((command->argument == NULL) == (command->most == 0));
    CHECK(command->least <= command->most);
    for (size_t i = 0; i < sizeof command->examples / sizeof *command->examples; i++)
        CHECK(command->examples[i].arguments != NULL && command->examples[i].what != NULL);
}

void model_check(const struct model *model)
{
    CHECK(model->name != NULL && model->version != NULL && model->results_version != NULL);
    CHECK(model->params != NULL && model->params_bytes > 0);
    CHECK(model->columns != NULL && model->column_count > 0);
    CHECK(model->span != NULL);
    CHECK(model->build != NULL && model->advance != NULL);
    CHECK(model->forget != NULL && model->observe != NULL);
    CHECK((model->watched == NULL) == (model->watch == NULL));
    CHECK((model->log_names == NULL) == (model->write_log == NULL));
    CHECK((model->series_header == NULL) == (model->write_series == NULL));
    CHECK((model->commands == NULL) == (model->command_count == 0));
    CHECK(model->words == NULL || (model->words->scenario != NULL && model->words->set != NULL &&
                                   model->words->sweep != NULL));
    CHECK(model->manual == NULL || (model->manual->date != NULL && model->manual->summary != NULL &&
                                    model->manual->about != NULL));
    CHECK((model->options == NULL) == (model->option_count == 0));
    for (size_t i = 0; i < model->command_count; i++)
        check_command(&model->commands[i]);
    for (size_t i = 0; i < model->option_count; i++)
        CHECK(model->options[i].name != NULL && model->options[i].help != NULL);
    for (size_t i = 0; i < model->column_count; i++) {
        CHECK(model->columns[i].name != NULL);
        CHECK(model->columns[i].unit != NULL && model->columns[i].help != NULL);
    }
}
