package io.pgcdc.catalog;

import org.jspecify.annotations.Nullable;

/**
 * The process that uses a slot, as far as the role may see it.
 *
 * @param application its application_name, and where it connects from; null when hidden
 * @param lastReply when its client last answered; null when hidden, or when it is no walsender
 * @param timeoutMs the server's wal_sender_timeout, after which it gives a silent client up; 0: never
 */
public record SlotUser(
        int pid, @Nullable String application, @Nullable String lastReply, long timeoutMs) {

    public String describe() {
        return "process " + pid + (application == null ? "" : " (" + application + ")");
    }
}
