package io.pgcdc.sinks.postgres.inbox;

/** The values of {@code identity}: what tells an event from others of its service. */
enum EventIdentity {
    /** The event's own id. */
    ID,
    /** The position of its change. */
    POSITION
}
