-- The trace that a notification belongs to: its deliveries belong to it, too, however much later they are attempted.
-- No row is written anew. A service of the version before neither writes nor reads the column: what it records has none.
-- A notification without a trace takes no more room, one with a trace 56 bytes.
-- depends: 0006_notification_indexes

ALTER TABLE notifications
    -- W3C's header of this name, of an alert whose trace is recorded.
    ADD COLUMN traceparent text;
