/* Options that a sanitizer reads from the program itself, so that `build-asan/tests` can be run by hand. Sizes no
 * machine has are asked for on purpose: they must come back as NULL, as from a plain malloc. */
const char *__asan_default_options(void);
const char *__tsan_default_options(void);

const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1:detect_leaks=1";
}

const char *__tsan_default_options(void)
{
    return "allocator_may_return_null=1";
}
