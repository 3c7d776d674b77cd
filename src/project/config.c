/* portrait.yaml */
#include "base/io.h"
#include "project/load.h"

static const char *const known_keys[] = {"name",  "label", "time_zone", "locale", "currency", "data_dir",
                                         "as_of", "card",  "groups",    "roles",  "privacy"};

static void read_name(const pt_fields *f, pt_project *p)
{
    const pt_yaml *value = pt_field_required(f, "name");
    const char *name;

    if (!pt_yaml_as_text(f->loader, &name, value, "name"))
        return;
    for (const char *c = name; *c; c++) {
        bool joins = *c == '-' && c > name;
        if (!joins && *c != '_' && (unsigned char)*c < 0x80 && !(*c >= '0' && *c <= '9') &&
            !((*c | 32) >= 'a' && (*c | 32) <= 'z')) {
            pt_diag *d =
                pt_load_error(f->loader, PT_E_BAD_NAME, value->place, "'%s' cannot be the name of a project", name);
            pt_diag_hint(f->loader->diags, d, "letters, digits, _ and -; what people read goes into 'label'");
            return;
        }
    }
    p->name = name;
}

static void read_currency(const pt_fields *f, pt_project *p)
{
    const pt_yaml *value = pt_field(f, "currency");
    const char *code;

    if (!pt_yaml_as_text(f->loader, &code, value, "currency"))
        return;
    size_t capitals = 0;
    while (code[capitals] >= 'A' && code[capitals] <= 'Z')
        capitals++;
    if (capitals == 3 && code[3] == '\0') {
        p->currency = code;
        return;
    }
    pt_diag *d = pt_load_error(f->loader, PT_E_BAD_VALUE, value->place, "'%s' is no currency", code);
    pt_diag_hint(f->loader->diags, d, "the three letters of ISO 4217: CNY, USD, EUR");
}

/* The zone must outlive the project: it is closed with the arena. */
static void close_zone(void *zone)
{
    pt_zone_free(zone);
}

static void open_zone(pt_loader *l)
{
    pt_zone *zone = NULL;

    if (pt_zone_open(&zone, l->project->zone_name, NULL) != PT_OK) {
        l->nomem = true; /* the name was checked: nothing else is left */
        return;
    }
    if (!pt_arena_defer(l->arena, close_zone, zone)) {
        pt_zone_free(zone);
        l->nomem = true;
        return;
    }
    l->project->zone = zone;
}

static void read_as_of(const pt_fields *f, pt_project *p)
{
    const pt_yaml *value = pt_field(f, "as_of");
    const char *text;
    int32_t date;

    if (!pt_yaml_as_text(f->loader, &text, value, "as_of"))
        return;
    if (strcmp(text, "now") == 0 || strcmp(text, "last_event") == 0) {
        p->as_of_default = text[0] == 'n' ? PT_AS_OF_NOW : PT_AS_OF_LAST_EVENT;
        return;
    }
    p->as_of_default = PT_AS_OF_FIXED;
    if (pt_date_parse(&date, value->text)) {
        p->as_of = pt_zone_midnight(p->zone, date);
        return;
    }
    if (pt_instant_parse(&p->as_of, value->text, p->zone))
        return;
    p->as_of_default = PT_AS_OF_NOW;
    pt_diag *d = pt_load_error(f->loader, PT_E_BAD_VALUE, value->place, "'%s' is no value of 'as_of'", text);
    pt_diag_hint(f->loader->diags, d, "now, last_event, a date (2018-01-01) or an instant (2018-01-01T08:00:00+08:00)");
}

static void read_data_dir(const pt_fields *f, pt_project *p)
{
    const char *dir = "portrait-data";
    const pt_yaml *value = pt_field(f, "data_dir");

    pt_field_text(f, &dir, "data_dir");
    if (dir[0] == '\0') {
        pt_load_error(f->loader, PT_E_BAD_VALUE, value->place, "'data_dir' is empty");
        return;
    }
    p->data_dir = pt_path_join(f->loader->arena, p->root, dir);
    f->loader->nomem |= !p->data_dir;
}

static void read_locale(const pt_fields *f, pt_project *p)
{
    static const char *const locales[] = {"zh", "en"};
    int choice;

    if (pt_field_choice(f, &choice, "locale", locales, PT_COUNT(locales)))
        p->locale = locales[choice];
}

static void read_privacy(const pt_fields *f, pt_project *p)
{
    static const char *const known[] = {"min_group"};
    const pt_yaml *value = pt_field(f, "privacy");
    int64_t least;

    if (!value || !pt_load_is_map(f->loader, value, "'privacy'"))
        return;
    pt_fields inner = {.loader = f->loader, .map = value, .owner = value->place, .what = "'privacy'"};
    pt_fields_known(&inner, known, PT_COUNT(known));
    if (pt_field_int(&inner, &least, "min_group", PT_MIN_GROUP_LEAST, PT_MIN_GROUP_MOST))
        p->min_group = (uint32_t)least;
}

void pt_load_config(pt_loader *l)
{
    pt_project *p = l->project;
    const pt_yaml *root = l->config.root;
    pt_fields f = {.loader = l, .what = "portrait.yaml"};

    p->name = "project";
    p->zone_name = "UTC";
    p->locale = "en";
    p->currency = "USD";
    p->as_of_default = PT_AS_OF_NOW;
    p->min_group = PT_MIN_GROUP_DEFAULT;
    if (root && pt_load_is_map(l, root, "portrait.yaml"))
        f.map = root;
    if (f.map) {
        f.owner = root->place;
        pt_fields_known(&f, known_keys, PT_COUNT(known_keys));
        read_name(&f, p);
    }
    pt_field_label(&f, &p->label, "label");
    pt_field_zone(&f, &p->zone_name, "time_zone");
    open_zone(l);
    read_locale(&f, p);
    read_currency(&f, p);
    read_data_dir(&f, p);
    if (p->zone)
        read_as_of(&f, p);
    pt_field_texts(&f, &p->card, &p->n_card, "card");
    read_privacy(&f, p);
}
