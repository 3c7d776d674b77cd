# For tests/e2e/*.sh, which tests/run.sh starts with PORTRAIT (the program), TOP (this repository), WORK (an empty folder),
# UNDER (asan, tsan or nothing) and FULL. Each claim prints "ok NAME" or "FAIL NAME".
# shellcheck shell=sh
test_name=$(basename "$0" .sh)

ok() {
    echo "ok $test_name: $1"
}

fail() { # claim, what happened
    echo "FAIL $test_name: $1"
    [ $# -lt 2 ] || printf '%s\n' "$2" | head -n 20
}

claim() { # claim, command...: the command succeeds
    claim_text=$1
    shift
    if claim_out=$("$@" 2>&1); then ok "$claim_text"; else fail "$claim_text" "$claim_out"; fi
}

exits() { # claim, exit code, command...
    exits_text=$1 exits_code=$2
    shift 2
    exits_out=$("$@" 2>&1 </dev/null)
    exits_got=$?
    if [ "$exits_got" -eq "$exits_code" ]; then
        ok "$exits_text"
    else
        fail "$exits_text" "exit code $exits_got, not $exits_code: $exits_out"
    fi
}

says() { # claim, text that the output (both streams) must hold, command...
    says_text=$1 says_want=$2
    shift 2
    says_out=$("$@" 2>&1 </dev/null)
    case $says_out in
    *"$says_want"*) ok "$says_text" ;;
    *) fail "$says_text" "'$says_want' is not in: $says_out" ;;
    esac
}

shop() { # DIR [CUSTOMERS]: a small project with data
    sh "$TOP/tests/support/make_shop.sh" "$@"
}

figures() { # key; JSON on standard input
    tr ',{}[]' '\n' | sed -n "s/^\"$1\"://p"
}

same() { # claim, one text, another; neither is empty
    if [ "$2" = "$3" ] && [ -n "$2" ]; then ok "$1"; else fail "$1" "$2, not $3"; fi
}

members() { # condition, options of count
    "$PORTRAIT" count "$@" --json | figures members
}
