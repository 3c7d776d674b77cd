-- The peer of ingest: the same CSV into a typed table of a database file, types found out by DuckDB or stated.
-- @before ingest/sniffed
ATTACH IF NOT EXISTS '{dir}/ingest_{rows}.tmp.duckdb' AS s;
DROP TABLE IF EXISTS s.events;
-- @time ingest/sniffed
CREATE TABLE s.events AS FROM read_csv('{dir}/events_{rows}.csv');
-- @before ingest/stated
DROP TABLE IF EXISTS s.events;
-- @time ingest/stated
CREATE TABLE s.events AS FROM read_csv('{dir}/events_{rows}.csv', header = true, columns = {'customer': 'VARCHAR', 'time': 'TIMESTAMP', 'type': 'VARCHAR', 'channel': 'VARCHAR', 'item': 'VARCHAR', 'amount': 'DECIMAL(18,4)'});
