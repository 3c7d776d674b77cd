# shellcheck shell=sh
# Linking of records that nobody would send in good faith: each is linked or told about, and never ends the program otherwise.
. "$TOP/tests/support/e2e.sh"
cd "$WORK" || exit 1
mkdir -p sources tags
echo 'name: hostile' >portrait.yaml
echo 'link: auto' >identity.yaml
cat >sources/people.yaml <<'YAML'
people:
  from: people.csv
  kind: record
  customer: {member: id}
  columns: {name: text, surname: text, birthday: text, phone: text, email: text, address: text}
YAML
echo 'names: {value: last(people.name)}' >tags/names.yaml

head='id,name,surname,birthday,phone,email,address'
some() { # two of one person, and thirty others, so that there is something to learn
    echo 'a1,Nora Nilsson,Nilsson,1990-01-02,01511234567,nora.nilsson@example.org,Mill Street 7'
    echo 'a2,Nora Nilson,Nilson,1990-01-02,01511234567,nora.nilsson@example.org,Mill Street 7'
    awk 'BEGIN { for (i = 10; i < 40; i++) printf "x%d,Given%c Family%c,Family%c,19%d-03-1%d,0160%07d,g%d@example.com,River Street %d\n",
        i, 65 + i % 26, 65 + i * 7 % 26, 65 + i * 7 % 26, i + 40, i % 9, i * 92821, i, i }'
}
taken() { # claim, expected codes of link and build
    code=0
    "$PORTRAIT" build >build.log 2>&1 || code=$?
    "$PORTRAIT" link --lang en >link.log 2>&1
    linked=$?
    if [ "$code" = "$3" ] && [ "$linked" = "$2" ]; then
        ok "$1"
    else
        fail "$1" "build: $code, link: $linked; $(cut -c 1-300 build.log link.log)"
    fi
}
one() { # claim: a1 and a2 are one customer
    same "$1" "$("$PORTRAIT" show a1 --json | figures customer | head -1)" "$("$PORTRAIT" show a2 --json | figures customer | head -1)"
}
two() { # claim, identifier, identifier: two customers
    if [ "$("$PORTRAIT" show "$2" --json | figures customer | head -1)" != "$("$PORTRAIT" show "$3" --json | figures customer | head -1)" ]; then
        ok "$1"
    else
        fail "$1" "both are one"
    fi
}

# --- few records
echo "$head" >people.csv
taken "no record: a build goes on, link says so" 2 0
says "in words" "fewer than two" cat link.log
{ echo "$head" && some | head -1; } >people.csv
taken "one record" 2 0
{ echo "$head" && some | head -2; } >people.csv
taken "two records" 0 0
{ echo "$head" && some | head -1 && some | head -1 | sed 's/^a1/a2/'; } >people.csv
taken "two records that are equal in everything have nothing to compare" 2 0

# --- values
{ echo "$head" && some && awk 'BEGIN { for (i = 0; i < 6; i++) printf "n%d,,,,,,\n", i }'; } >people.csv
taken "records without any value" 0 0
one "and who is one stays one"
two "who has no value is nobody else" n1 n2
{
    echo "$head"
    some
    for i in 1 2 3; do
        printf 'h%d,' $i
        awk -v i=$i 'BEGIN { srand(i); for (k = 0; k < 100000; k++) printf "%cbcdefghi ", 97 + k % 7; print i ",", "," }' | tr -d '\n'
        echo ',,,Hill Street 1'
    done
} >people.csv
taken "names of a million letters" 0 0
one "beside them, too"
says "are explained" "bits" "$PORTRAIT" link explain h1 h2 --lang en
{
    echo "$head"
    some
    printf 'u1,\377\376\200,\303\050,1990-\377,\355\240\200,a\377@b,\360\220\n'
    printf 'u2,\377\376\200,\303\050,1990-\377,\355\240\200,a\377@b,\360\220\n'
    printf 'u3,\342\200\256\342\200\253,\357\273\277,0000-00-00,99999999999999999999,@@@,\000\000\n'
    printf 'u4,A\000B,C\000D,1990\000-01-01,\0001,\000@\000,\000\n'
    printf 'u5,=cmd|x,-1+1,9999-99-99,+,a@b@c,%%n%%s%%x\n'
} >people.csv
"$PORTRAIT" build >build.log 2>&1
case $? in 0 | 2) ok "bytes that are no text are taken or told" ;; *) fail "bytes that are no text are taken or told" "$(cat build.log)" ;; esac
"$PORTRAIT" link >link.log 2>&1
case $? in 0 | 2) ok "and link, too" ;; *) fail "and link, too" "$(cat link.log)" ;; esac

# --- everything equal
giant() { # records, columns as printf has them
    echo "$head"
    some
    awk -v n="$1" -v row="$2" 'BEGIN { for (i = 0; i < n; i++) printf row "\n", i, i }'
}
giant 100000 'g%d,Wei Wang,Wang,,,,' >people.csv
taken "a hundred thousand of one name and nothing else" 0 0
one "hide nobody"
two "are not one person" g1 g2
giant 20000 'g%d,Wei Wang,Wang,1990-01-01,01710000000,w@example.org,Hill Street 1' >people.csv
taken "twenty thousand equal in everything" 0 0
one "hide nobody either"
giant 100000 'g%d,G%d Wang,Wang,,,,Hill Street 1' >people.csv
taken "a hundred thousand of one family name at one address" 0 0
one "hide nobody, too"
two "are not one person" g1 g2
says "and link says what it left out" "left out" "$PORTRAIT" link blocks --lang en

# --- nothing to link by
sed 's/columns:.*/columns: {amount: number, note: text}/' sources/people.yaml >people.yaml && mv people.yaml sources/people.yaml
echo 'names: {value: last(people.note)}' >tags/names.yaml
printf 'id,amount,note\na1,1,x\na2,2,y\n' >people.csv
taken "a source without columns of people" 2 0
says "link says what it needs" "a name" "$PORTRAIT" link --lang en
says "check warns of it" "finds nothing to compare" "$PORTRAIT" check --lang en
