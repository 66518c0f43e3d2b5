package io.pgcdc.model;

/** The part of an old row that the server sends (pg_class.relreplident). */
public enum ReplicaIdentity {
    DEFAULT('d'),
    NOTHING('n'),
    FULL('f'),
    INDEX('i');

    private final char code;

    ReplicaIdentity(char code) {
        this.code = code;
    }

    public char code() {
        return code;
    }

    /** @throws IllegalArgumentException for a letter that the catalog does not use */
    public static ReplicaIdentity of(char code) {
        for (ReplicaIdentity identity : values()) {
            if (identity.code == code) {
                return identity;
            }
        }
        throw new IllegalArgumentException("not a replica identity: " + code);
    }
}
