# shellcheck shell=sh
# portrait insight, against counts that know nothing of it.
. "$TOP/tests/support/e2e.sh"
cd "$WORK" || exit 1
shop shop 1200
cd shop || exit 1
claim "the shop builds" "$PORTRAIT" build
says "who they are comes first" "Who they are" "$PORTRAIT" insight 'spend >= 300'
says "in Chinese too" "他们是谁" "$PORTRAIT" insight 'spend >= 300' --lang zh
