package io.pgcdc.race;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.copy.CopyDual;
import org.postgresql.replication.LogSequenceNumber;

/** Reads a slot through pgjdbc and only counts: what the driver and a JVM cost with nothing done. */
final class CountingReader {

    private static final int PAYLOAD = 25;

    private long changes;
    private long payloadBytes;
    private boolean beating;

    private CountingReader() {}

    /** Host, port, database, user, slot, publication, and the LSN to end at, or {@code beats}. */
    public static void main(String[] arguments) throws SQLException {
        Properties properties = new Properties();
        PGProperty.USER.set(properties, arguments[3]);
        PGProperty.PASSWORD.set(properties, System.getenv().getOrDefault("PGPASSWORD", ""));
        PGProperty.REPLICATION.set(properties, "database");
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "14");
        PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
        String url = "jdbc:postgresql://" + arguments[0] + ":" + arguments[1] + "/" + arguments[2];
        try (Connection connection = DriverManager.getConnection(url, properties)) {
            CopyDual copy = connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyDual("START_REPLICATION SLOT " + arguments[4]
                            + " LOGICAL 0/0 (proto_version '1', publication_names '" + arguments[5] + "')");
            new CountingReader().read(copy, arguments[6]);
        }
    }

    private void read(CopyDual copy, String until) throws SQLException {
        beating = until.equals("beats");
        long end = beating ? -1 : LogSequenceNumber.valueOf(until).asLong();
        while (true) {
            byte[] message = copy.readFromCopy(true);
            if (message == null) {
                throw new SQLException("the server ended the stream");
            }
            long lsn = message[0] == 'w' ? data(message) : keepalive(message);
            if (Long.compareUnsigned(lsn, end) >= 0) {
                report(copy, lsn);
                System.out.println(changes + " " + payloadBytes);
                return;
            }
            if (message[0] == 'k' && message[17] != 0) {
                report(copy, lsn);
            }
        }
    }

    /** Where the stream stands behind the message. */
    private long data(byte[] message) {
        payloadBytes += message.length - PAYLOAD + 1;
        switch (message[PAYLOAD]) {
            case 'I' -> {
                changes++;
                if (beating) {
                    beat(message);
                }
            }
            case 'U', 'D' -> changes++;
            case 'C' -> {
                return ByteBuffer.wrap(message).getLong(PAYLOAD + 10);
            }
            default -> {
                // begin, relation
            }
        }
        return 0;
    }

    /** The first column: behind type, oid, 'N', count of columns, kind, length. */
    private static void beat(byte[] message) {
        int length = ByteBuffer.wrap(message).getInt(PAYLOAD + 9);
        System.out.println(
                new String(message, PAYLOAD + 13, length, StandardCharsets.US_ASCII) + " " + System.nanoTime());
    }

    private static long keepalive(byte[] message) {
        return ByteBuffer.wrap(message).getLong(1);
    }

    private static void report(CopyDual copy, long lsn) throws SQLException {
        ByteBuffer status = ByteBuffer.allocate(34);
        status.put((byte) 'r').putLong(lsn).putLong(lsn).putLong(lsn).putLong(0).put((byte) 0);
        copy.writeToCopy(status.array(), 0, status.capacity());
        copy.flushCopy();
    }
}
