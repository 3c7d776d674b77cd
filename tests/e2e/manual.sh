# shellcheck shell=sh disable=SC2016,SC2154 # programs in quotes expand inside
# Man pages: one a command, in two languages, without a warning of the formatter. Completion: what the program offers, and
# bash with it.
. "$TOP/tests/support/e2e.sh"
cd "$WORK" || exit 1

# ---- man pages

claim "man pages are written" "$TOP/tools/man.sh" "$PORTRAIT" "$WORK/man"
commands=$("$PORTRAIT" --complete '' | cut -f 1 | grep -v '^help$')
for command in $commands; do
    [ -s "man/man1/portrait-$command.1" ] && [ -s "man/zh_CN/man1/portrait-$command.1" ] || missing="$missing $command"
done
claim "one a command, in both languages" test -z "${missing-}"
claim "every command of the help has one" sh -c '
    "$PORTRAIT" help --lang en | sed -n "/^Commands$/,/^$/p" | sed "1d;/^$/d" | awk "{ print \$1 }" | sort >want
    ls man/man1 | sed -n "s/^portrait-\(.*\)\.1$/\1/p" | sort | diff want -'
claim "every function of the header is in libportrait(3)" sh -c '
    sed -n "s/^ *\(portrait_[a-z_]*\);$/\1/p" "$TOP/src/lib/portrait.map" | while read -r name; do
        sed "s/\\\\-/-/g" man/man3/libportrait.3 | grep -q "$name(" || { echo "$name"; exit 1; }
    done'
if command -v man >/dev/null && command -v groff >/dev/null; then
    warnings=$(for page in man/man?/* man/zh_CN/man?/*; do
        LC_ALL=C.UTF-8 man --warnings -E UTF-8 -l -Tutf8 -Z "$page" 2>&1 >/dev/null | sed "s,^,$page: ,"
    done)
    claim "they are formatted without a warning" sh -c '[ -z "$1" ] || { echo "$1"; exit 1; }' - "$warnings"
    says "as text" "the language of messages" sh -c 'man -l man/man1/portrait.1 | cat'
    says "also in Chinese" "环境变量" env LC_ALL=C.UTF-8 sh -c 'man -E UTF-8 -l man/zh_CN/man1/portrait.1 | cat'
else
    echo "skip $test_name: man and groff are not installed"
fi
# Pages have no date: the same source gives the same page.
if command -v mandoc >/dev/null; then
    lint=$(mandoc -T lint -W warning man/man?/* man/zh_CN/man?/* | grep -v 'missing date')
    claim "mandoc has nothing to say" sh -c '[ -z "$1" ] || { echo "$1"; exit 1; }' - "$lint"
else
    echo "skip $test_name: mandoc is not installed"
fi

# ---- what the program offers

offers() { # claim, candidate, words...
    offers_text=$1 offers_want=$2
    shift 2
    case "
$("$PORTRAIT" --complete "$@" | cut -f 1)
" in
    *"
$offers_want
"*) ok "$offers_text" ;;
    *) fail "$offers_text" "'$offers_want' is not in: $("$PORTRAIT" --complete "$@" | tr '\n\t' ', ')" ;;
    esac
}

shop shop 20
cd shop || exit 1
offers "commands" build b
offers "commands after an option" tags --lang zh ta
offers "options of the command" --as-of build --a
offers "and of all" --json build --
offers "choices" zh --lang ''
offers "choices joined by =" --lang=zh --lang=z
offers "as bash takes them apart" zh tags --lang = z
offers "tags" life_cycle tags life
offers "tags of another project" life_cycle --project "$PWD" explain life
offers "tags in a list" spend,city eval --tags spend,ci
offers "groups" person tags --group p
offers "sources" orders quality o
offers "columns" orders.amount lineage orders.a
offers "templates of projects" retail init --template r
offers "templates of tags" spend_90d add spend
offers "folders are the shell's business" :dir init ''
offers "commands to have help of" explain help e
claim "nothing where nothing can be said" sh -c '[ -z "$("$PORTRAIT" --complete show --as-of "")" ]'
says "with what they are" "生命周期" "$PORTRAIT" --complete tags --lang zh life
claim "outside of a project nothing fails" env -C / "$PORTRAIT" --complete tags ''

# ---- bash

if command -v bash >/dev/null; then
    claim "the script is bash" bash -n "$TOP/tools/completion/portrait.bash"
    # As bash calls it: COMP_WORDS and COMP_CWORD in, COMPREPLY out.
    cat >complete.bash <<'BASH'
compopt() { :; } # outside of a completion there is nothing to set
. "$TOP/tools/completion/portrait.bash"
COMP_WORDS=("$PORTRAIT" "$@")
COMP_CWORD=$#
_portrait
printf '%s\n' "${COMPREPLY[@]}"
BASH
    says "bash completes a command" "build" bash complete.bash b
    says "a tag" "life_cycle" bash complete.bash explain life
    says "an option's value" "zh" bash complete.bash --lang = z
    says "a folder" "sources" bash complete.bash init s
    says "it is registered" "_portrait" bash -c '. "$TOP/tools/completion/portrait.bash"; complete -p portrait'
else
    echo "skip $test_name: bash is not installed"
fi
! command -v zsh >/dev/null || claim "the script is zsh" zsh -n "$TOP/tools/completion/_portrait"
! command -v fish >/dev/null || claim "the script is fish" fish -n "$TOP/tools/completion/portrait.fish"
