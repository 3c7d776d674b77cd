# Benchmark programs: our own, and the peers in processes of their own (each has its allocator and signal handlers).
add_executable(peer_duckdb EXCLUDE_FROM_ALL bench/peers/duckdb.c bench/peers/script.c)
target_include_directories(peer_duckdb SYSTEM PRIVATE "${PORTRAIT_DEPS}/duckdb/include")
target_link_libraries(peer_duckdb PRIVATE "${PORTRAIT_DEPS}/duckdb/lib/libduckdb.so")
add_executable(peer_chdb EXCLUDE_FROM_ALL bench/peers/chdb.c bench/peers/script.c)
target_compile_definitions(peer_chdb PRIVATE CHDB_LIBRARY="${PORTRAIT_DEPS}/chdb/lib/libchdb.so")
target_link_libraries(peer_chdb PRIVATE ${CMAKE_DL_LIBS})
# Peers in Python: bench/peers/*.py, in what deps/install bench makes.
target_sources(bench PRIVATE bench/peers/python.c)
target_include_directories(bench PRIVATE bench)
target_compile_definitions(bench PRIVATE PEERS_PYTHON="${PORTRAIT_DEPS}/peers/bin/python")
# oneDNN's layers beside ours: what tests hold them to.
target_sources(bench PRIVATE tests/support/onednn.c)
# The sets that linking is tested on.
target_sources(bench PRIVATE tests/support/link_people.c tests/support/link_sets.c)
target_compile_definitions(bench PRIVATE DEPS_DATA="${PORTRAIT_DEPS}/data")
# Persons to link, as tests make them up.
target_sources(bench PRIVATE tests/support/invented.c tests/support/invented_names.c tests/support/invented_chinese.c
                             tests/support/invented_errors.c)
target_include_directories(bench PRIVATE tests)
