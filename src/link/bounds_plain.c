#define KERNEL_TARGET
#include "link/bounds_body.h"

link_weigh_fn *link_weigh_plain(void)
{
    return weigh;
}
