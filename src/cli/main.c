#include "cli/cli.h"

int main(int argc, char **argv)
{
    return pt_cli_main(argc, argv);
}
