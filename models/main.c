/*
 * main.c - the program: hands the fan-out model to the simulator.
 */
#include <gsl/gsl_errno.h>

#include "models/fanout.h"
#include "sim/command/cli.h"

int main(int argc, char **argv)
{
    gsl_set_error_handler_off();
    return cli_main(&fanout_model, argc, argv);
}
