/*
 * mm1_main.c - the queue as a program.
 */
#include "sim/example/mm1.h"
#include "sim/study/cli.h"

int main(int argc, char **argv)
{
    return cli_main(&mm1_model, argc, argv);
}
