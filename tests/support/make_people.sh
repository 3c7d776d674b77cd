#!/bin/sh
# A project of invented persons who appear in two sources of records, with the truth: make_people.sh DIR [PERSONS].
# Of a person the shop has one record, the phone centre none to two: with typing errors, masked phones, missing values, married names.
# Every 20th person lives with the one before: same phone, address and family name. truth.csv says who is who.
set -eu
dir=$1 persons=${2:-200}
mkdir -p "$dir/sources" "$dir/tags"
cat >"$dir/portrait.yaml" <<'END'
name: people
time_zone: Asia/Shanghai
currency: CNY
END
cat >"$dir/identity.yaml" <<'END'
types:
  member: {priority: 1}
  caller: {priority: 2}
END
cat >"$dir/sources/members.yaml" <<'END'
members:
  from: members.csv
  kind: record
  customer: {member: id}
  columns: {name: text, birthday: text, phone: text, email: text, city: text, address: text}
END
cat >"$dir/sources/callers.yaml" <<'END'
callers:
  from: callers.csv
  kind: record
  customer: {caller: id}
  columns: {name: text, birthday: text, phone: text, email: text, city: text, address: text}
END
cat >"$dir/tags/tags.yaml" <<'END'
city: {value: last(members.city), label: {zh: 城市, en: City}}
END
awk -v persons="$persons" -v dir="$dir" '
# Lehmer (1951): the same on every awk.
function random(n) { seed = seed * 48271 % 2147483647; return int(seed / 2147483647 * n) }
function pick(list, n, parts) { n = split(list, parts, " "); return parts[random(n) + 1] }
function typo(text, at) {
    at = random(length(text) - 1) + 1
    return substr(text, 1, at - 1) substr(text, at + 1, 1) substr(text, at, 1) substr(text, at + 2)
}
function row(file, id, person) {
    print id "," name "," birthday "," phone "," email "," city "," address >file
    print id "," person >truth
}
BEGIN {
    seed = 20261122
    members = dir "/members.csv"; callers = dir "/callers.csv"; truth = dir "/truth.csv"
    head = "id,name,birthday,phone,email,city,address"
    print head >members; print head >callers; print "record,person" >truth
    families = "Anders Becker Clarke Dumont Eriksen Fischer Garcia Hansen Ivanov Jansen Keller Larsen Moreau Novak Olsen Petit Rossi Silva Tanaka Weber"
    givens = "Alice Bruno Clara David Elena Felix Greta Hugo Irene Jonas Karla Lukas Maria Nils Olivia Pavel Rosa Stefan Tessa Viktor Wanda Yuri Zoe Marta Emil"
    streets = "Mill Garden Station Church Castle River Forest Market Bridge Harbour"
    cities = "Bremen Lyon Porto Gent Turin Malmo Graz Brno Split Cork"
    for (p = 1; p <= persons; p++) {
        given = pick(givens)
        if (p % 20) {
            family = pick(families)
            phone = sprintf("0%d%07d", 151 + random(9), random(10000000))
            city = pick(cities)
            address = pick(streets) " Street " (random(180) + 1)
        }
        birthday = sprintf("%d-%02d-%02d", 1945 + random(60), random(12) + 1, random(28) + 1)
        email = tolower(substr(given, 1, 1) "." family) random(90) "@example.org"
        name = given " " family
        row(members, sprintf("M%04d", p), "P" p)
        own = phone
        for (k = random(3); k > 0; k--) {
            if (random(3) == 0) name = typo(given " " family)
            if (random(4) == 0) birthday = ""
            if (random(4) == 0) email = ""
            if (random(3) == 0) phone = substr(own, 1, 4) "****" substr(own, 9)
            if (random(5) == 0) address = ""
            row(callers, sprintf("C%04d", ++calls), "P" p)
            name = given " " family
        }
        phone = own
    }
}' </dev/null
