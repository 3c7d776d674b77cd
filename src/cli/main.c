#include <stdlib.h>

#include "cli/cli.h"

int main(int argc, char **argv)
{
    /* Libraries of models (base/library.c) bring OpenMP, whose threads would else spin while they wait, beside our own. Asked for
     * here, before any thread is: an OpenMP library looks once, when it is loaded. Who has set it knows better. */
    setenv("OMP_WAIT_POLICY", "passive", 0);
    return pt_cli_main(argc, argv);
}
