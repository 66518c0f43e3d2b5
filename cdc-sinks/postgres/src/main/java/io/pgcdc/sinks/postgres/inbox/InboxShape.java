package io.pgcdc.sinks.postgres.inbox;

/**
 * The form of an inbox table.
 *
 * @param dataMayBeNull true if event_data can be null
 * @param timed true if the sink writes occurred_at
 */
record InboxShape(boolean dataMayBeNull, boolean timed) {}
