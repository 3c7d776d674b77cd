# shellcheck shell=sh disable=SC2016 # programs in quotes expand inside
# What is typed wrongly gets an exit code and a hint; help is complete.
. "$TOP/tests/support/e2e.sh"
cd "$WORK" || exit 1

exits "no command" 2 "$PORTRAIT"
exits "an unknown command" 2 "$PORTRAIT" biuld
says "is put right" "did you mean 'build'" "$PORTRAIT" biuld
says "an unknown option is put right" "did you mean --as-of" "$PORTRAIT" build --asof 2017-01-01
exits "an option without its value" 2 "$PORTRAIT" build --as-of
exits "a value for a switch" 2 "$PORTRAIT" check --json=yes
exits "a missing argument" 2 "$PORTRAIT" show
exits "one argument too many" 2 "$PORTRAIT" show a b
exits "no project" 3 "$PORTRAIT" check
says "says how to make one" "portrait init" "$PORTRAIT" check
exits "--version" 0 "$PORTRAIT" --version
says "with what it was built with" "compiler" "$PORTRAIT" --version
says "and the library it found" '"duckdb":"1.' "$PORTRAIT" --version --json
exits "--help" 0 "$PORTRAIT" --help
for command in init check build show tags explain eval doctor; do
    says "help of $command has an example" "portrait $command" "$PORTRAIT" "$command" --help
    says "and in Chinese" "示例" "$PORTRAIT" help "$command" --lang zh
done
says "a language of the environment" "用法" env LC_ALL=zh_CN.UTF-8 "$PORTRAIT" --help
says "an error code of every part" "a file that is not there" "$PORTRAIT" explain E0401
says "an unknown error code" "no error code" "$PORTRAIT" explain E9999

shop shop 20
cd shop || exit 1
exits "a time that is none" 2 "$PORTRAIT" build --as-of yesterday
exits "threads that are none" 2 "$PORTRAIT" build --threads 0
exits "memory that is none" 2 "$PORTRAIT" build --memory lots
exits "a stage that is none" 2 "$PORTRAIT" explain spend --stage tree
exits "a format that is none" 2 "$PORTRAIT" eval --format xml
says "an error as JSON" '"error":"invalid"' "$PORTRAIT" build --as-of yesterday --json
echo 'broken: count(' >tags/broken.yaml
echo 'worse: no_such + 1' >>tags/broken.yaml
exits "check finds problems" 1 "$PORTRAIT" check
says "all of them" "tags/broken.yaml:2" "$PORTRAIT" check
says "with a code to ask about" "E03" "$PORTRAIT" check
exits "a build of a broken project does not begin" 2 "$PORTRAIT" build
if [ -e portrait-data ]; then fail "nor touch the data directory"; else ok "nor touch the data directory"; fi
out=$("$PORTRAIT" check --no-color 2>&1)
case $out in *"$(printf '\033')"*) fail "no colours when not on a terminal" ;; *) ok "no colours when not on a terminal" ;; esac
claim "docs/commands.md is what the program says (make docs)" sh -c '
    "$TOP/tools/docs.sh" "$(dirname "$PORTRAIT")" "$WORK/commands.md" && cmp "$WORK/commands.md" "$TOP/docs/commands.md"'
