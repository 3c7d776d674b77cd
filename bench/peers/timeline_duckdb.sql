-- The peer of a timeline: the same rows ordered by customer and time into a table, in memory and on disk. "coded" is the
-- same with ENUMs and integers for texts: not the same rows, shown for comparison.
-- @setup
ATTACH '{dir}/events_{rows}.duckdb' AS d (READ_ONLY);
ATTACH ':memory:' AS m;
-- @before timeline/disk
ATTACH IF NOT EXISTS '{dir}/sorted_{rows}.tmp.duckdb' AS s;
DROP TABLE IF EXISTS s.sorted;
-- @time timeline/disk
CREATE TABLE s.sorted AS SELECT * FROM d.events ORDER BY customer, time;
-- @before timeline/memory
DROP TABLE IF EXISTS m.sorted;
-- @time timeline/memory
CREATE TABLE m.sorted AS SELECT * FROM d.events ORDER BY customer, time;
-- @before coded/memory
DROP TABLE IF EXISTS m.sorted;
-- @once coded/memory
CREATE TABLE m.sorted AS SELECT * FROM d.coded ORDER BY customer, time;
