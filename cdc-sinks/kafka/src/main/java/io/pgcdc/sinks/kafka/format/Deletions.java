package io.pgcdc.sinks.kafka.format;

import io.pgcdc.model.ChangeKind;
import io.pgcdc.setting.SettingValues;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells whether the keys of rows that do not exist may be deleted from a topic. No state. */
final class Deletions {

    /** Each row that exists comes as one of these. */
    private static final Set<ChangeKind> OF_ROWS =
            EnumSet.of(ChangeKind.READ, ChangeKind.INSERT, ChangeKind.UPDATE, ChangeKind.DELETE);

    private Deletions() {}

    /**
     * Returns why keys must not be deleted, for a message; null if they may be.
     *
     * @param shared true if other records may be in the table's topic
     */
    static @Nullable String obstacle(SettingValues settings, TableRecords table, boolean shared) {
        if (!settings.get(FormatSettings.TOMBSTONES)) {
            return "tombstones: false leaves nothing that deletes a key; write tombstones: true";
        }
        if (settings.get(FormatSettings.SKIP).stream().anyMatch(OF_ROWS::contains)) {
            return "skip leaves out changes of rows, so the topic does not show which rows exist; remove read, insert, update"
                    + " and delete from skip";
        }
        if (table.key().length == 0) {
            return "its records have no key; add a primary key to the table, or write key_columns";
        }
        if (shared && !settings.get(FormatSettings.HEADERS)) {
            return "topic " + table.topic().name() + " may have other records too, and records without headers do not"
                    + " tell their table; write headers: true, or give the table its own topic with topic_rules";
        }
        return null;
    }
}
