package io.pgcdc.decode;

/**
 * Origin: the transaction was first committed on another server and replayed here. Comes right after Begin.
 *
 * <pre>
 *  0        1                 9
 *  +--------+-----------------+----------------+
 *  | 'O'    | origin's LSN    | name, zero-terminated
 *  +--------+-----------------+----------------+
 * </pre>
 */
public final class OriginMessage {

    private long originLsn;
    private String name = "";

    OriginMessage read(MessageReader reader) {
        originLsn = reader.readLong();
        name = reader.readString();
        reader.requireEnd();
        return this;
    }

    /** Returns the LSN of the commit on the origin's server. */
    public long originLsn() {
        return originLsn;
    }

    public String name() {
        return name;
    }
}
