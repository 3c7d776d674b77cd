# shellcheck shell=sh disable=SC2016,SC1111 # programs in quotes expand inside; Chinese quotes
# Everything a person reads is in Chinese when it is asked for: no English words among labels, reasons and errors.
. "$TOP/tests/support/e2e.sh"
cd "$WORK" || exit 1

zh() {
    "$PORTRAIT" "$@" --lang zh
}

# Words that may stand in Chinese text: names, commands, files, SQL, units.
english() { # claim, words that are not to be there, command...
    english_claim=$1 english_words=$2
    shift 2
    english_out=$("$@" 2>&1 </dev/null)
    if english_found=$(printf '%s\n' "$english_out" | grep -nwE "$english_words"); then
        fail "$english_claim" "$english_found"
    else
        ok "$english_claim"
    fi
}

says "usage errors" "未知命令" zh bild
says "also before the language is read" "未知选项 --thraeds" "$PORTRAIT" build --thraeds --lang zh
says "and from the environment" "未知命令" env LC_ALL=zh_CN.UTF-8 "$PORTRAIT" bild
says "no project" "没有 portrait.yaml" zh check
says "the system's part" "文件或目录不存在" zh check --project /nonexistent

shop shop 60
cd shop || exit 1
cat >>portrait.yaml <<'YAML'
groups:
  person: {zh: 基本属性, en: Basic attributes}
YAML
says "stages" "读取：" zh build
says "why rows were set aside" "price：不是金额" zh build
english "a build has no English words" "read|resolve|timelines|tags|publish|missing|not|built|rows" zh build
says "types" "类型：金额" zh tags spend
says "origins" "来源：统计" zh tags spend
english "the catalogue has no English types" "number|money|text|category|bool|instant|list|weighted" zh tags
says "groups by their label" "基本属性" zh show user_id:7
says "in the other language too" "Basic attributes" "$PORTRAIT" show user_id:7 --lang en
says "a group by its label" "city" zh tags --group 基本属性
says "a group by its path" "city" zh tags --group person
exits "a group that is none" 3 zh tags --group nosuch
says "long dates" "年" zh tags first_order
says "amounts" " 元" zh tags spend
says "durations" "小时" zh tags since_last
# Of values that as many customers have, 北京 (bei) stands before 上海 (shang), and a number before a larger one.
mkdir -p pinyin/sources pinyin/tags pinyin/raw
printf 'name: pinyin\nas_of: 2020-01-01\n' >pinyin/portrait.yaml
printf 'people: {from: raw/people.csv, kind: record, customer: {id: id}, columns: {id: text, city: category}}\n' \
    >pinyin/sources/people.yaml
printf 'city: people.city\n' >pinyin/tags/person.yaml
printf 'zone: {value: people.city, group: 重要}\narea: {value: people.city, group: 安全}\n' >pinyin/tags/more.yaml
printf 'id,city\n1,上海\n2,北京\n3,第10组\n4,第2组\n' >pinyin/raw/people.csv
zh build --project pinyin >/dev/null 2>&1
order=$(zh tags city --project pinyin | awk '/25.0%/ { print $1 }' | tr '\n' ' ')
claim "values in the order of pinyin" test "$order" = "北京 第2组 第10组 上海 "
order=$(zh tags --project pinyin | grep -E '^[^ ]+$' | tr '\n' ' ')
claim "and groups" test "$order" = "安全 重要 person "
says "JSON keeps the path" '"group":"person"' zh tags --json
says "doctor" "正常" zh doctor
says "expressions" "未知函数“summ”" zh explain 'summ(orders.amount)'
cat >tags/broken.yaml <<'YAML'
a1: b1 + 1
b1: a1 + 1
c1: nosuch
d1: {value: sum(orders.channel), lable: x}
YAML
says "problems" "标签依赖自身" zh check
says "and their hints" "是否想写“label”" zh check
says "and their number" "5 个错误" zh check
english "check has no English words" "error|errors|unknown|tag|does|take" zh check

# The project's language counts where none is asked for, also for what needs no project.
sed -i 's/^locale: en/locale: zh/' portrait.yaml
says "error codes in a Chinese project" "未知的标签或列" env LC_ALL=C "$PORTRAIT" explain E0301
says "usage errors in it" "未知命令" env LC_ALL=C "$PORTRAIT" bild
says "from outside of it" "未知选项" env -C / LC_ALL=C "$PORTRAIT" build --thraeds --project "$PWD"
says "--lang goes before it" "unknown tag" env LC_ALL=zh_CN.UTF-8 "$PORTRAIT" explain E0301 --lang en
sed -i 's/^locale: zh/locale: en/' portrait.yaml
says "and it before the environment" "unknown tag" env LC_ALL=zh_CN.UTF-8 "$PORTRAIT" explain E0301

# What was typed may not command the terminal.
case $("$PORTRAIT" "$(printf 'a\033[31m')" 2>&1) in
*"$(printf '\033')"*) fail "control characters of arguments are not repeated" ;;
*) ok "control characters of arguments are not repeated" ;;
esac
