# shellcheck shell=sh disable=SC2016,SC2154 # programs in quotes expand inside
# README.md and README.zh-CN.md tell the truth: links lead somewhere, commands exist, and the tour prints what it says, on the
# demo's data. In a ```console block "$ ..." is a command and what follows its output; a line "..." stands for any lines.
. "$TOP/tests/support/e2e.sh"
cd "$WORK" || exit 1


# Whether each line of the first file is in the second, in this order and side by side where no "..." is between.
cat >compare.awk <<'AWK'
NR == FNR { want[++n] = $0; next }
{ got[++m] = $0 }
END {
    free = 0
    at = 0
    for (i = 1; i <= n; i++) {
        if (want[i] ~ /^ *\.\.\. *$/) { free = 1; continue }
        at++
        while (free && at <= m && got[at] != want[i]) at++
        if (at > m || got[at] != want[i]) { print "not in the output: " want[i]; exit 1 }
        free = 0
    }
}
AWK

# ---- each page alone

for page in README.md README.zh-CN.md; do
    claim "$page: links lead somewhere" sh -c '
        grep -oE "\]\([^)#]+" "$TOP/$1" | cut -c 3- | grep -v "^http" | sort -u | while read -r link; do
            [ -e "$TOP/$link" ] || { echo "$link"; exit 1; }
        done' - "$page"
    claim "$page: its commands exist" sh -c '
        "$PORTRAIT" --complete "" | cut -f 1 >commands
        sed "s/\`\`\`.*//" "$TOP/$1" | grep -oE "(^|[\`/]|&& )portrait [a-z]+" | sed "s/.*portrait //" | sort -u | while read -r name; do
            grep -qx "$name" commands || { echo "portrait $name"; exit 1; }
        done' - "$page"
done
claim "both show the same commands" sh -c '
    commands() { sed -n "/^\`\`\`console/,/^\`\`\`\$/p" "$TOP/$1" | grep "^\\$ " | sed "s/ --lang [a-z]*//"; }
    commands README.md >en && commands README.zh-CN.md >zh && diff en zh'

# ---- the tour

data=$DEPS/data/completejourney
if [ ! -r "$data/transactions.parquet" ] || [ -n "$UNDER" ]; then
    echo "skip $test_name: the tour needs the demo's data (deps/install demo) and a plain build"
    exit 0
fi
mkdir build
ln -s "$PORTRAIT" build/portrait
"$PORTRAIT" init --template retail build/demo >/dev/null
ln -s "$data" build/demo/data
claim "the demo's project builds" "$PORTRAIT" build --project build/demo
for page in README.md README.zh-CN.md; do
    rm -rf "tour.$page"
    mkdir "tour.$page"
    awk -v folder="tour.$page" '
        /^```console/ { inside = 1; next }
        /^```/ { inside = 0 }
        inside && /^\$ / { name = sprintf("%s/%02d", folder, ++n); print substr($0, 3) > (name ".command"); printf "" > (name ".want"); next }
        inside && NF { print > (name ".want") }' "$TOP/$page"
    claim "$page: has a tour" test -e "tour.$page/03.command"
    for command in "tour.$page"/*.command; do
        (cd build/demo && LC_ALL=C sh "$WORK/$command") 2>/dev/null | grep -v '^$' >got
        claim "$page: $(cat "$command")" awk -f compare.awk "${command%.command}.want" got
    done
done
