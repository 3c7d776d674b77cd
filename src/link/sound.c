#include "link/sound.h"

void link_add_soundex(pt_str *out, pt_sv value)
{
    static const char codes[] = "01230120022455012623010202"; /* a .. z; 0 is silent */
    char last = 0, sound[4];
    size_t n = 0;

    for (size_t i = 0; i < value.len && n < 4; i++) {
        char c = value.ptr[i];
        if (c < 'a' || c > 'z')
            continue;
        char code = codes[c - 'a'];
        if (n == 0)
            sound[n++] = c;
        else if (code != '0' && code != last)
            sound[n++] = code;
        last = c == 'h' || c == 'w' ? last : code;
    }
    if (!n)
        return;
    while (n < 4)
        sound[n++] = '0';
    pt_str_addn(out, sound, 4);
}
