package io.pgcdc.queue;

import java.nio.file.Path;

/**
 * The local queue.
 *
 * @param dir absolute
 * @param gatherMs how long many small transactions wait for each other; 0: not at all
 * @param maxBytes 0: no quota
 * @param retainBytes of what every sink has
 */
public record QueueConfig(
        Path dir,
        ConfirmPolicy confirm,
        long segmentBytes,
        long segmentChanges,
        long gatherMs,
        long fileBytes,
        long flushIntervalMs,
        long flushBytes,
        long minFreeBytes,
        long maxBytes,
        long retainBytes,
        FullPolicy whenFull,
        boolean allowNetworkFs) {}
