/*
 * mm1_main.c - the queue as a program.
 */
#include "sim/command/cli.h"
#include "sim/example/mm1.h"

int main(int argc, char **argv)
{
    return cli_main(&mm1_model, argc, argv);
}
