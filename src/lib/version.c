#include "app/version.h"

#include "lib/lib_int.h"

const char *portrait_version(void)
{
    return PORTRAIT_VERSION;
}

const char *portrait_component(size_t i, const char **version)
{
    pt_component c = pt_version_component(i);

    *version = c.version;
    return c.name;
}
