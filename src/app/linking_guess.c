/* What columns of people hold, told by their names and labels, in English and Chinese. */
#include "app/linking_int.h"

/* Names in lower case, without what stands between words; a name may carry the word for whose it is in front (customer_phone), and a
 * number behind (phone2). */
static const struct {
    linking_guess guess;
    const char *names;
} known[] = {
    {{PT_LINK_PERSON, 0},
     "name fullname realname personname contactname receivername recipient consignee legalname namefull 姓名 名字 "
     "真实姓名 全名 "
     "联系人 收货人 收件人 姓名全称"},
    {{PT_LINK_GIVEN, 0}, "given givenname givennames firstname forename fname namefirst firstnames 名"},
    {{PT_LINK_FAMILY, 0}, "family familyname surname lastname lname namelast 姓 姓氏"},
    {{PT_LINK_BIRTH, 0},
     "birth birthday birthdate dateofbirth dob bday bornon borndate 生日 出生日期 出生年月日 出生年月 出生 出生日"},
    {{PT_LINK_GENDER, 0}, "gender sex 性别"},
    {{PT_LINK_PHONE, 0},
     "phone phoneno phonenumber mobile mobileno mobilenumber mobilephone tel telno telephone telephonenumber cell "
     "cellphone "
     "msisdn homephone workphone contactphone phonenum 手机 手机号 手机号码 电话 电话号码 联系电话 联系方式 移动电话 "
     "固定电话 "
     "座机"},
    {{PT_LINK_EMAIL, 0}, "email mail emailaddress mailaddress emailaddr 邮箱 电子邮箱 电子邮件 邮件 邮箱地址 邮件地址"},
    {{PT_LINK_NUMBERED, 0},
     "ssn socsecid socialsecurity socialsecurityno socialsecuritynumber nationalid idcard idcardno idcardnumber "
     "idnumber idno "
     "identitycard identityno passport passportno passportnumber taxid taxno driverslicense driverlicense licenseno "
     "nhsnumber "
     "memberno membernumber memberid cardno openid unionid 身份证 身份证号 身份证号码 证件号 证件号码 护照 护照号 "
     "护照号码 "
     "会员号 会员编号 会员卡号 社保号 社会保障号 驾驶证号"},
    {{PT_LINK_ADDRESS, 0},
     "address addr address1 addressline1 addr1 street streetaddress streetname homeaddress mailingaddress "
     "postaladdress "
     "shippingaddress deliveryaddress fulladdress residence 地址 住址 家庭住址 家庭地址 详细地址 收货地址 通讯地址 "
     "联系地址 "
     "居住地址 街道地址"},
    {{PT_LINK_PLACE, 1}, "province prov 省 省份 省市"},
    {{PT_LINK_PLACE, 2}, "city town municipality cityname 市 城市 地市"},
    {{PT_LINK_PLACE, 3}, "district county suburb locality neighborhood neighbourhood borough 区 区县 县 行政区 县区"},
    {{PT_LINK_PLACE, 4}, "region area 地区 区域 所在地"},
    {{PT_LINK_POSTCODE, 0}, "postcode postalcode postal zip zipcode zipcd pincode 邮编 邮政编码"},
    {{PT_LINK_CATEGORY, 1}, "state"},
    {{PT_LINK_CATEGORY, 2}, "streetnumber streetno housenumber houseno 门牌号"},
    {{PT_LINK_CATEGORY, 3}, "nationality ethnicity nation 民族 国籍"},
    {{PT_LINK_LATITUDE, 0}, "latitude lat gpslat gpslatitude 纬度"},
    {{PT_LINK_LONGITUDE, 0}, "longitude lon lng long gpslon gpslng gpslongitude 经度"},
    {{PT_LINK_WORDS, 1}, "address2 addressline2 addr2"},
    {{PT_LINK_WORDS, 2}, "company employer organization organisation companyname 公司 单位 工作单位 公司名称"},
};

/* What would be taken for a name without its first word. */
static const char not_people[] = "username userid customerid 用户名 昵称 nickname loginname";
static const char owners[] =
    "customer cust client user member contact person patient buyer owner guest applicant consumer "
    "subscriber receiver 客户 会员 用户 联系人 顾客 买家 收货人 收件人 患者 乘客";

static bool guess_word(linking_guess *out, const char *folded)
{
    for (size_t i = 0; i < PT_COUNT(known); i++)
        if (pt_column_word(folded, known[i].names)) {
            *out = known[i].guess;
            return true;
        }
    return false;
}

static const char *without_owner(const char *folded)
{
    for (const char *word = owners; *word;) {
        size_t len = strcspn(word, " ");
        if (strncmp(folded, word, len) == 0 && folded[len])
            return folded + len;
        word += len + (word[len] == ' ');
    }
    return folded;
}

static bool guess_name(linking_guess *out, const char *name)
{
    char folded[PT_COLUMN_FOLDED];
    size_t n = pt_column_fold(folded, name);

    if (pt_column_word(folded, not_people))
        return false;
    if (guess_word(out, folded) || guess_word(out, without_owner(folded)))
        return true;
    while (n && pt_is_digit(folded[n - 1]))
        folded[--n] = '\0';
    return guess_word(out, folded) || guess_word(out, without_owner(folded));
}

/* Whether a column of this type can hold it. */
static bool fits(pt_link_kind kind, pt_type type)
{
    switch (type) {
    case PT_TYPE_TEXT:
    case PT_TYPE_CATEGORY: return true;
    case PT_TYPE_DATE:
    case PT_TYPE_INSTANT: return kind == PT_LINK_BIRTH;
    case PT_TYPE_NUMBER:
        return kind == PT_LINK_PHONE || kind == PT_LINK_NUMBERED || kind == PT_LINK_POSTCODE ||
               kind == PT_LINK_LATITUDE || kind == PT_LINK_LONGITUDE;
    default: return false;
    }
}

bool linking_guess_column(linking_guess *out, const pt_source_column *c)
{
    const char *names[] = {c->name, c->label.zh, c->label.en, c->computed ? NULL : c->from};

    for (size_t i = 0; i < PT_COUNT(names); i++)
        if (names[i] && guess_name(out, names[i]) && fits(out->kind, c->type))
            return true;
    return false;
}

bool linking_guess_type(linking_guess *out, const pt_identifier_type *type)
{
    const char *names[] = {type->name, type->label.zh, type->label.en};

    if (strcmp(type->normalize, "email") == 0 || strcmp(type->normalize, "phone_cn") == 0) {
        *out = (linking_guess){type->normalize[0] == 'e' ? PT_LINK_EMAIL : PT_LINK_PHONE, 0};
        return true;
    }
    for (size_t i = 0; i < PT_COUNT(names); i++)
        if (names[i] && guess_name(out, names[i]))
            return true;
    return false;
}
