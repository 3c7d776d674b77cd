#!/bin/sh
# Writes the pages that come from the program itself; `make docs` calls it.
#
#   tools/docs.sh BUILD [PAGE]     PAGE is docs/commands.md when not given
#
# docs/commands.md is the help of every command. A test compares it with the program, so a change of help is a change of
# the page.
set -eu
cd "$(dirname "$0")/.."
portrait=${1:?usage: tools/docs.sh BUILD [PAGE]}/portrait
page=${2:-docs/commands.md}
unset COLUMNS

help() {
    "$portrait" help "$@" --lang en --no-color
}

{
    echo "# Commands"
    echo
    echo "Made by \`make docs\` from the program's own help. \`portrait help COMMAND --lang zh\` says the same in Chinese."
    echo
    echo '```'
    help
    echo '```'
    # The commands are the first words of the lines under "Commands".
    help | sed -n '/^Commands$/,/^$/p' | sed '1d;/^$/d' | awk '{ print $1 }' | while read -r command; do
        echo
        echo "## portrait $command"
        echo
        echo '```'
        help "$command" | sed '/^Options of every command$/,/^$/d'
        echo '```'
    done
} >"$page"
