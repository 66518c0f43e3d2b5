package io.pgcdc.catalog;

import org.jspecify.annotations.Nullable;

/**
 * The process that uses a slot, as far as the role may see it.
 *
 * @param application its application_name, role and address; null if hidden
 * @param lastReply time of its client's last answer; null if hidden, or if it is no walsender
 * @param timeoutMs the server's wal_sender_timeout, after which it disconnects a silent client; 0: never
 */
public record SlotUser(
        int pid, @Nullable String application, @Nullable String lastReply, long timeoutMs) {

    public String describe() {
        return "process " + pid + (application == null ? "" : " (" + application + ")");
    }
}
