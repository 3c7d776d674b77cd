#!/bin/sh
# bench/run.sh BUILD [NAME...]: fetches the peers when absent, builds, runs. `make bench B=eval` comes here.
set -eu
build=$1
shift
deps/install bench
# PyTorch is large: only for what is compared with it.
case " $* " in
"  " | *" gru_"* | *" lstm_"* | *" cnn_"*) deps/install bench-torch ;;
esac
cmake -S . -B "$build" ${DEPS:+-DPORTRAIT_DEPS="$DEPS"} >/dev/null
cmake --build "$build" --target bench portrait peer_duckdb peer_chdb >/dev/null
exec "$build/bench" "$build" "$build/bench-data" bench/peers "$@"
