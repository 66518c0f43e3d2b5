package io.pgcdc.decode;

/**
 * Constants of the pgoutput stream, protocol version 1 (PostgreSQL documentation, "Logical Replication Message Formats").
 */
public final class PgOutput {

    public static final int VERSION = 1;

    public static final byte BEGIN = 'B';
    public static final byte COMMIT = 'C';
    public static final byte ORIGIN = 'O';
    public static final byte RELATION = 'R';
    public static final byte TYPE = 'Y';
    public static final byte INSERT = 'I';
    public static final byte UPDATE = 'U';
    public static final byte DELETE = 'D';
    public static final byte TRUNCATE = 'T';
    public static final byte MESSAGE = 'M';

    /** Microseconds from 1970-01-01, our epoch, to 2000-01-01, PostgreSQL's epoch. */
    private static final long EPOCH_MICROS = 946_684_800_000_000L;

    private PgOutput() {}

    static long toUnixMicros(long postgresMicros) {
        return postgresMicros + EPOCH_MICROS;
    }
}
