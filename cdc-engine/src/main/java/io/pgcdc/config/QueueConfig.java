package io.pgcdc.config;

import java.nio.file.Path;

/**
 * The local queue.
 *
 * @param dir absolute
 */
public record QueueConfig(Path dir, ConfirmPolicy confirm, long segmentBytes, long fileBytes, long flushIntervalMs) {}
