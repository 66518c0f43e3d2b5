package io.pgcdc.connect.task;

import io.pgcdc.connect.offset.SourceState;
import io.pgcdc.connect.offset.StreamOffset;
import org.jspecify.annotations.Nullable;

/**
 * The offsets of a source, read.
 *
 * @param from how far the stream was; null: there is no offset yet
 */
record Opened(
        SourceState state,
        Outbox outbox,
        KeptPosition kept,
        @Nullable StreamOffset from) {}
