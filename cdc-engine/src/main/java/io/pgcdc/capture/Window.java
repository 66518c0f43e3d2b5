package io.pgcdc.capture;

import io.pgcdc.model.SeenTransactions;

/**
 * A chunk that was read while changes were streamed. It goes into the queue when its watermark arrives in the stream.
 *
 * @param seen which transactions its rows show
 * @param takenMicros when the rows were as they are shown, in microseconds since 1970 UTC
 */
public record Window(Chunk chunk, SeenTransactions seen, long takenMicros) {}
