package io.pgcdc.queue;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Identifies the stream that a queue holds: the content of its {@code identity} file.
 *
 * @param systemIdentifier of the server's cluster, an unsigned number as IDENTIFY_SYSTEM prints it
 * @param databaseOid pg_database.oid, unsigned
 * @param timeline the last one received from; a failover changes it, and the queue stays the same
 */
public record QueueIdentity(
        String systemIdentifier,
        String databaseName,
        int databaseOid,
        String slotName,
        int timeline,
        Instant createdAt) {

    /** Format of the whole directory: segments, relations, checkpoints. */
    public static final int FORMAT = 1;

    /** Returns true if cluster, database and slot are the same. The database's name and the timeline may differ. */
    public boolean sameSource(QueueIdentity other) {
        return systemIdentifier.equals(other.systemIdentifier)
                && databaseOid == other.databaseOid
                && slotName.equals(other.slotName);
    }

    public QueueIdentity withTimeline(int newTimeline) {
        return new QueueIdentity(systemIdentifier, databaseName, databaseOid, slotName, newTimeline, createdAt);
    }

    /** Returns slot, database and system in words, for messages. */
    public String describe() {
        return "slot \"" + slotName + "\" of database \"" + databaseName + "\" (oid "
                + Integer.toUnsignedString(databaseOid) + ") on system " + systemIdentifier;
    }

    /** Returns lines of {@code key=value}. The last one is the CRC of the lines before it. */
    public byte[] encode() {
        String text = "format=" + FORMAT + "\nsystem_identifier=" + escape(systemIdentifier) + "\ndatabase_name="
                + escape(databaseName) + "\ndatabase_oid=" + Integer.toUnsignedString(databaseOid) + "\nslot_name="
                + escape(slotName) + "\ntimeline=" + timeline + "\ncreated_at=" + createdAt + "\n";
        return (text + "crc32c=" + crc(text) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads the lines of {@link #encode}.
     *
     * @param file named in errors
     * @throws QueueException QUEUE_DAMAGED, QUEUE_FORMAT
     */
    public static QueueIdentity decode(byte[] content, Path file) {
        String text = new String(content, StandardCharsets.UTF_8);
        Map<String, String> values = new HashMap<>();
        for (String line : text.split("\n", -1)) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                values.put(line.substring(0, equals), unescape(line.substring(equals + 1)));
            }
        }
        int crcLine = text.lastIndexOf("crc32c=");
        try {
            // before the CRC: a newer format may compute it differently
            if (Integer.parseInt(value(values, "format", file)) > FORMAT) {
                throw new QueueException(
                        ErrorCode.QUEUE_FORMAT,
                        "queue has format " + values.get("format") + ", this version reads up to " + FORMAT + "; "
                                + file + ". Run the version of pgcdc that wrote it, or a later one.");
            }
            if (crcLine < 0 || !crc(text.substring(0, crcLine)).equals(values.get("crc32c"))) {
                throw damaged(file, "its CRC does not match", null);
            }
            return new QueueIdentity(
                    value(values, "system_identifier", file),
                    value(values, "database_name", file),
                    Integer.parseUnsignedInt(value(values, "database_oid", file)),
                    value(values, "slot_name", file),
                    Integer.parseInt(value(values, "timeline", file)),
                    Instant.parse(value(values, "created_at", file)));
        } catch (NumberFormatException | DateTimeParseException e) {
            throw damaged(file, e.getMessage(), e);
        }
    }

    private static String value(Map<String, String> values, String key, Path file) {
        String value = values.get(key);
        if (value == null) {
            throw damaged(file, key + " is missing", null);
        }
        return value;
    }

    private static QueueException damaged(Path file, @Nullable String what, @Nullable Throwable cause) {
        return new QueueException(
                ErrorCode.QUEUE_DAMAGED,
                "the queue's identity cannot be read: " + what + "; " + file + BeginAnew.REMEDY,
                cause);
    }

    private static String crc(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return String.format(java.util.Locale.ROOT, "%08x", crc.getValue());
    }

    private static String escape(String value) {
        return value.replace("\\", "\\\\").replace("\n", "\\n");
    }

    private static String unescape(String value) {
        StringBuilder plain = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\' && i + 1 < value.length()) {
                i++;
                plain.append(value.charAt(i) == 'n' ? '\n' : value.charAt(i));
            } else {
                plain.append(c);
            }
        }
        return plain.toString();
    }
}
