# shellcheck shell=sh
# The boxes of docs/identity.md and docs/linking-answers.md: what stands under "$ portrait ..." is what the program prints.
# ACCEPT=1 in the environment writes the pages anew.
. "$TOP/tests/support/e2e.sh"
cd "$WORK" || exit 1
sh "$TOP/tests/support/make_people.sh" people 150
cd people || exit 1
echo 'link: {auto: 0.95}' >>identity.yaml
claim "the people build" "$PORTRAIT" build

for page in identity linking-answers; do
    # The page with its boxes filled anew.
    awk -v portrait="$PORTRAIT" '
        /^```console$/ { print; box = 1; next }
        box && /^```$/ { box = 0 }
        box && /^\$ portrait / {
            print
            command = portrait " --lang en" substr($0, 11) " 2>/dev/null"
            while ((command | getline line) > 0) print line
            close(command)
            runs++
            next
        }
        box { next }
        { print }
        END { if (!runs) exit 1 }' "$TOP/docs/$page.md" >"$page.md" || fail "docs/$page.md has boxes"
    [ -z "${ACCEPT:-}" ] || cp "$page.md" "$TOP/docs/$page.md"
    claim "docs/$page.md says what the program says" diff "$TOP/docs/$page.md" "$page.md"
done
