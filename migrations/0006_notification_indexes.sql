-- Notifications are filtered and searched.
-- Each index is made while nobody writes to the table, which takes about half a minute for a million notifications; what
-- comes in the meantime waits in the broker.
-- depends: 0005_search_indexes

-- Plain values beside lists of values. It is trusted: whoever owns the database may create it.
CREATE EXTENSION IF NOT EXISTS btree_gin;

-- What did not arrive. It costs nothing as long as all of it does: the rows of the others are not in it.
CREATE INDEX notifications_undelivered ON notifications (id) WHERE status IN ('PARTIAL', 'FAILED', 'NO_ENDPOINT');

-- One index for whatever is asked for together; it costs the aggregator little, because few values have many rows.
CREATE INDEX notifications_filters ON notifications USING gin (severity, source, name, rule_ids);

-- Parts of words cost more. They are written down when a notification is finished, by the sender, which has the time.
CREATE INDEX notifications_words ON notifications USING gin (source gin_trgm_ops, name gin_trgm_ops)
    WHERE status <> 'RECEIVED';
