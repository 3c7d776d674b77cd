/* What columns and files seem to be. */
#include <strings.h>

#include "app/column_words.h"
#include "app/starter_int.h"

/* Whether a word stands in the name: as a whole word in names of letters, anywhere in Chinese. */
bool starter_is_called(const char *name, const char *words)
{
    while (*words) {
        size_t len = strcspn(words, " ");
        bool ascii = (unsigned char)*words < 0x80;
        for (const char *at = name; strlen(at) >= len; at++) {
            bool starts = at == name || at[-1] == '_' || at[-1] == ' ' || at[-1] == '-' ||
                          ((*at >= 'A' && *at <= 'Z') && at[-1] >= 'a' && at[-1] <= 'z');
            bool ends =
                !at[len] || at[len] == '_' || at[len] == ' ' || at[len] == '-' || (at[len] >= 'A' && at[len] <= 'Z');
            if (strncasecmp(at, words, len) == 0 && (!ascii || (starts && ends)))
                return true;
        }
        words += len + (words[len] == ' ');
    }
    return false;
}

/* --- columns ------------------------------------------------------------------------------------------------------------ */

/* The strongest first. */
static const char customer_words[] = "customerid custid customerno customernumber customer_code userid uid memberid "
                                     "memberno householdid clientid clientno "
                                     "accountid accountno buyerid patientid subscriberid studentid 客户号 客户id "
                                     "客户编号 用户id 用户编号 用户号 会员号 会员id 会员编号 "
                                     "openid unionid cookieid visitorid deviceid";

static const char id_words[] =
    "id no code key number num sku invoice barcode upc ean zip postcode 号 编号 编码 单号 邮编 代码";
static const char money_words[] =
    "amount price cost fee balance payment payments revenue income sales value spend spent purchases "
    "discount disc total tax salary limit budget Mnt advance 金额 价格 单价 总价 费用 余额 收入 支付 优惠 工资";

static bool holds(const starter_column *c, double share, const char *words)
{
    return share >= 0.6 || (share >= 0.3 && starter_is_called(c->file_name, words));
}

/* "CustomerID" and "customer_id" identify by the same type: customer_id. */
static const char *identifier_name(const char *name, pt_arena *arena)
{
    pt_str out = {0};

    for (const char *at = name; *at; at++) {
        bool upper = *at >= 'A' && *at <= 'Z', after_lower = at > name && at[-1] >= 'a' && at[-1] <= 'z';
        if (upper && after_lower)
            pt_str_addc(&out, '_');
        pt_str_addc(&out, upper ? (char)(*at + 32) : *at);
    }
    const char *copy = pt_arena_strdup(arena, pt_str_cstr(&out));
    pt_str_free(&out);
    return copy ? copy : name;
}

static void guess_personal(starter_column *c)
{
    c->sensitive =
        c->guess.id_cards >= 0.6 ||
        starter_is_called(c->file_name, "id_card idcard passport salary income religion health 身份证 护照 收入 病");
    c->personal =
        c->sensitive || c->identifier ||
        starter_is_called(c->file_name,
                          "name first_name last_name surname full_name nickname address street birthday "
                          "birth_date birth dob phone mobile email 姓名 名字 昵称 地址 生日 出生 手机 电话 邮箱");
    /* a product has a name too */
    if (c->personal && !c->sensitive && !c->identifier &&
        starter_is_called(c->file_name, "product item brand store shop file 商品 产品 店"))
        c->personal = false;
}

static void guess_identifier(starter_column *c, pt_arena *arena)
{
    if (holds(c, c->guess.phones, "phone mobile tel 手机 电话"))
        c->identifier = "phone";
    else if (holds(c, c->guess.emails, "email mail 邮箱"))
        c->identifier = "email";
    else if (pt_column_word(c->file_name, customer_words))
        c->identifier = identifier_name(c->name, arena);
}

/* Numbers that only name something are text, and few different texts are a category. */
static void guess_type(starter_column *c)
{
    const pt_guessed *g = &c->guess;
    bool many = g->filled && g->distinct == g->filled && g->filled >= 20;

    c->unique = many && g->filled == g->rows;
    c->type = g->type;
    if (c->identifier || (g->type == PT_TYPE_NUMBER && g->whole && starter_is_called(c->file_name, id_words)))
        c->type = PT_TYPE_TEXT;
    else if (g->type == PT_TYPE_NUMBER && starter_is_called(c->file_name, money_words))
        c->type = PT_TYPE_MONEY;
    if (c->type == PT_TYPE_TEXT && !c->identifier && g->distinct <= 300 && g->distinct * 3 <= g->filled)
        c->type = PT_TYPE_CATEGORY;
}

/* --- files --------------------------------------------------------------------------------------------------------------- */

static bool is_time(const starter_column *c)
{
    return c->type == PT_TYPE_DATE || c->type == PT_TYPE_INSTANT;
}

/* How much a column looks like the time something happened; 0: not at all. */
static int time_rank(const starter_column *c, bool event)
{
    static const char happened[] =
        "time timestamp datetime date at created ordered invoice transaction event visit redemption "
        "InvoiceDate 时间 日期 下单 创建";
    static const char known[] = "created updated modified recorded timestamp 创建 更新 修改";

    if (!is_time(c) ||
        starter_is_called(c->file_name, "birth birthday dob start end expire 生日 出生 到期 开始 结束") ||
        (double)c->guess.filled < 0.9 * (double)c->guess.rows)
        return 0;
    if (!event)
        return starter_is_called(c->file_name, known);
    return 1 + (c->type == PT_TYPE_INSTANT ? 2 : 0) + (starter_is_called(c->file_name, happened) ? 1 : 0);
}

static int best_time(const starter_file *f, bool event)
{
    int best = -1;

    for (size_t i = 0; i < f->n_columns; i++)
        if (time_rank(&f->columns[i], event) > (best >= 0 ? time_rank(&f->columns[best], event) : 0))
            best = (int)i;
    return best;
}

/* The strongest identifier: by its place in the list, phones and e-mails after those. */
static int best_identifier(const starter_file *f)
{
    int best = -1, best_place = 0;

    for (size_t i = 0; i < f->n_columns; i++) {
        int place = pt_column_word(f->columns[i].file_name, customer_words);
        if (!f->columns[i].identifier)
            continue;
        place = place ? place : 1000;
        if (best < 0 || place < best_place) {
            best = (int)i;
            best_place = place;
        }
    }
    return best;
}

/* A table of people names them; a log of what they did does not. */
static bool describes_people(const starter_file *f)
{
    for (size_t i = 0; i < f->n_columns; i++)
        if (f->columns[i].personal && pt_column_word(f->columns[i].file_name, customer_words) == 0)
            return true;
    return false;
}

static void guess_kind(starter_file *f, bool alone)
{
    int id = best_identifier(f);

    f->time = f->key = -1;
    for (size_t i = 0; i < f->n_columns && f->key < 0; i++)
        if (f->columns[i].unique && !is_time(&f->columns[i]) && f->columns[i].type != PT_TYPE_MONEY)
            f->key = (int)i;
    if (id < 0 && alone) { /* `id` alone may be it, when each row has another */
        for (size_t i = 0; i < f->n_columns && id < 0; i++)
            if (f->columns[i].unique && pt_column_word(f->columns[i].file_name, "id 编号 序号")) {
                f->columns[i].identifier = "id";
                f->columns[i].type = PT_TYPE_TEXT;
                id = (int)i;
            }
        f->row_is_customer = id < 0;
    }
    if (id < 0) {
        f->kind = alone ? PT_SOURCE_RECORD : PT_SOURCE_REFERENCE;
        return;
    }
    const pt_guessed *g = &f->columns[id].guess;
    int when = best_time(f, true);
    bool event = when >= 0 && g->filled > g->distinct + g->distinct / 3 && !describes_people(f);
    f->kind = event ? PT_SOURCE_EVENT : PT_SOURCE_RECORD;
    f->time = event ? when : best_time(f, false);
}

int starter_lookup(const starter_file *f, const starter_file *reference)
{
    if (reference->kind != PT_SOURCE_REFERENCE || reference->key < 0 || f == reference ||
        f->kind == PT_SOURCE_REFERENCE)
        return -1;
    const starter_column *key = &reference->columns[reference->key];
    for (size_t i = 0; i < f->n_columns; i++)
        if (strcasecmp(f->columns[i].file_name, key->file_name) == 0 && !f->columns[i].identifier)
            return (int)i;
    return -1;
}

void starter_guess(starter *s)
{
    for (size_t f = 0; f < s->n_files; f++) {
        starter_file *file = &s->files[f];
        for (size_t i = 0; i < file->n_columns; i++) {
            guess_identifier(&file->columns[i], s->arena);
            guess_personal(&file->columns[i]);
            guess_type(&file->columns[i]);
        }
        guess_kind(file, s->n_files == 1);
    }
    /* without anybody to be a customer, the largest file's rows are */
    size_t people = 0, largest = 0;
    for (size_t f = 0; f < s->n_files; f++) {
        people += s->files[f].kind != PT_SOURCE_REFERENCE;
        largest = s->files[f].rows > s->files[largest].rows ? f : largest;
    }
    if (!people && s->n_files)
        guess_kind(&s->files[largest], true);
}
