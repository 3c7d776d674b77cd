# shellcheck shell=sh
# Linking, answers and decisions by hand killed at any moment, and on a full disk: the last good state is there, a decision is there whole
# or not at all, and the next command works. A twin, to which the same is done in peace, ends as the same customers.
. "$TOP/tests/support/e2e.sh"
cd "$WORK" || exit 1
sh "$TOP/tests/support/make_people.sh" killed 60
echo 'link: {auto: 0.9995, review: 0.01}' >>killed/identity.yaml
echo 'purposes: {ads: 0.5, letters: exact}' >>killed/identity.yaml
cp -r killed calm

owners() { # project: the shop's customers and their callers, each with the customer
    for who in $(awk -F, 'FNR > 1 { print $1 }' "$1/members.csv" "$1/callers.csv"); do
        "$PORTRAIT" show "$who" --project "$1" --json 2>/dev/null | figures customer | head -1 | tr -d '"' | sed "s/^/$who /"
    done
}
decided() { # project: kinds of all rows that were decided
    "$PORTRAIT" identity list --project "$1" --json | figures kind | wc -l | tr -d ' '
}
kill_after() { # seconds, arguments
    moment=$1
    shift
    "$PORTRAIT" "$@" --project killed >/dev/null 2>&1 &
    pid=$!
    sleep "$moment"
    kill -9 "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
}

claim "the people build" "$PORTRAIT" build --project killed
claim "and their twins" "$PORTRAIT" build --project calm
want=$(owners killed)
same "both alike" "$(owners calm)" "$want"
"$PORTRAIT" link review --out questions.csv --project killed >/dev/null 2>&1
awk -F, 'NR == FNR { person[$1] = $2; next }
    FNR == 1 { print "a,b,same"; next }
    { a = $1; b = $2; sub(/.*:/, "", a); sub(/.*:/, "", b); print $1 "," $2 "," (person[a] == person[b] ? "yes" : "no") }' \
    killed/truth.csv questions.csv >answers.csv
claim "there are pairs to ask about" test "$(wc -l <answers.csv)" -gt 3

# What shows or writes pairs leaves the store alone, and a file of pairs is whole or absent.
"$PORTRAIT" link --out whole.csv --project calm >/dev/null 2>&1
broken=
for moment in 0.01 0.03 0.06 0.1 0.2 0.4; do
    rm -f pairs.csv
    kill_after $moment link --out "$PWD/pairs.csv"
    [ ! -e pairs.csv ] || cmp -s pairs.csv whole.csv || broken="$broken $moment"
    kill_after $moment link evaluate --labels killed/truth.csv
    kill_after $moment link shadow --auto 0.9
done
if [ -z "$broken" ]; then ok "a file of pairs is whole or absent"; else fail "a file of pairs is whole or absent" "after$broken s"; fi
same "customers are as they were" "$(owners killed)" "$want"

# A build that finds likenesses, killed: what was published is there; the next one publishes.
broken=
for moment in 0.02 0.05 0.1 0.15 0.25 0.4 0.7; do
    echo "M9${moment#0.},Nora Nobody,1990-01-0${#moment},,n$moment@example.org,Graz,Hill Street ${moment#0.}" |
        tee -a killed/members.csv >>calm/members.csv
    kill_after $moment build --threads 2
    "$PORTRAIT" show M0001 --project killed >/dev/null 2>&1 || broken="$broken $moment"
done
if [ -z "$broken" ]; then ok "customers are there after every kill"; else fail "customers are there after every kill" "not after$broken s"; fi
claim "a build after the kills works" "$PORTRAIT" build --project killed
claim "that of the twin, too" "$PORTRAIT" build --project calm
same "with the same customers" "$(owners killed)" "$(owners calm)"

# A decision is there whole or not at all; made again it is refused or made.
split_of=$(owners killed | awk '/^C/ && ++n[$2] == 2 { print $2; exit }')
leaves=$(owners killed | awk -v of="$split_of" '$2 == of && /^C/ { who = $1 } END { print who }')
claim "there is somebody to split" test -n "$leaves"
torn=
each() { # rows that it has, arguments
    grown=$1
    shift
    before=$(decided killed)
    for moment in 0.01 0.02 0.03 0.05 0.08; do
        [ "$(decided killed)" -eq "$before" ] || break
        kill_after $moment "$@"
    done
    got=$(decided killed)
    [ "$got" -eq "$before" ] || [ "$got" -eq $((before + grown)) ] || torn="$torn $* ($before, then $got)"
    [ "$got" -ne "$before" ] || "$PORTRAIT" "$@" --project killed >/dev/null 2>&1 || torn="$torn $*"
}
rows_of() { # arguments: does it to the twin and tells how many rows it has
    was=$(decided calm)
    "$PORTRAIT" "$@" --project calm >/dev/null 2>&1 || echo "failed: $*"
    echo $(($(decided calm) - was))
}
each "$(rows_of identity merge M0002 M0005 --why married --by Ada)" identity merge M0002 M0005 --why married --by Ada
each "$(rows_of identity split "$split_of" "$leaves" --why other --by Ada)" \
    identity split "$split_of" "$leaves" --why other --by Ada
each "$(rows_of identity pin M0011 --by Ada)" identity pin M0011 --by Ada
each "$(rows_of link review --answers answers.csv --by Ada)" link review --answers answers.csv --by Ada
each "$(rows_of identity undo 1 --by Ada)" identity undo 1 --by Ada
if [ -z "$torn" ]; then ok "decisions are there whole or not at all"; else fail "decisions are there whole or not at all" "$torn"; fi
claim "with them it builds" "$PORTRAIT" build --project killed
claim "the twin, too" "$PORTRAIT" build --project calm
same "to the same customers" "$(owners killed)" "$(owners calm)"
exits "doctor finds every file whole" 0 "$PORTRAIT" doctor --project killed

# No room. Each command says so and leaves what was there; with room it works.
if [ "$(id -u)" != 0 ] || ! unshare -m true 2>/dev/null; then
    echo "skip $test_name: a full disk needs root"
    exit 0
fi
# shellcheck disable=SC2016 # expanded inside
out=$(unshare -m sh -c '
    mkdir -p small && mount -t tmpfs -o size=64m none small || exit 77
    cp -R killed/. small || exit 78
    want=$("$PORTRAIT" show M0001 --json --project small)
    echo "M9999,Nora Nobody,1990-01-01,,nn@example.org,Graz,Hill Street 9" >>small/members.csv
    dd if=/dev/zero of=small/filler bs=4k 2>/dev/null
    tried() { # exit code, arguments
        code=$1
        shift
        "$PORTRAIT" "$@" --project small >said 2>&1
        got=$?
        [ "$got" = "$code" ] || echo "$*: exit code $got: $(cat said)"
        [ "$("$PORTRAIT" show M0001 --json --project small)" = "$want" ] || echo "$*: the last good state is gone"
    }
    tried 5 build
    tried 5 identity merge M0003 M0007 --why "no room"
    tried 5 identity undo 2
    tried 5 link --out small/pairs.csv
    [ ! -e small/pairs.csv ] || echo "half a file of pairs is left"
    tried 5 link explain M0003 M0007 --out small/pair.html
    [ ! -e small/pair.html ] || echo "half a page is left"
    tried 0 link
    rm small/filler
    "$PORTRAIT" build --project small >said 2>&1 || echo "the build after it fails: $(cat said)"
    "$PORTRAIT" show M9999 --project small >said 2>&1 || echo "the build after it has no M9999: $(cat said)"
    "$PORTRAIT" doctor --project small >said 2>&1 || cat said
    ' 2>&1)
case $?$out in
0) ok "on a full disk every command says so, and nothing is lost" ;;
77* | 78*) echo "skip $test_name: no small disk to fill" ;;
*) fail "on a full disk every command says so, and nothing is lost" "$out" ;;
esac
