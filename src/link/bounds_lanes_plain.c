#define KERNEL_LANES 2
#define KERNEL_TARGET
#include "link/bounds_lanes_body.h"

link_weigh_lanes_fn *link_weigh_lanes_plain(void)
{
    return weigh_lanes;
}
