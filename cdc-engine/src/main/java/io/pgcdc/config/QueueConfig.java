package io.pgcdc.config;

import java.nio.file.Path;

/**
 * The local queue.
 *
 * @param dir absolute
 * @param maxBytes 0: no quota
 */
public record QueueConfig(
        Path dir,
        ConfirmPolicy confirm,
        long segmentBytes,
        long fileBytes,
        long flushIntervalMs,
        long minFreeBytes,
        long maxBytes,
        FullPolicy whenFull,
        boolean allowNetworkFs) {}
