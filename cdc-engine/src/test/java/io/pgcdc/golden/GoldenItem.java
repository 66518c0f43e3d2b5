package io.pgcdc.golden;

import io.pgcdc.decode.PgOutput;
import io.pgcdc.model.Relation;

/** One line of a capture. */
public sealed interface GoldenItem {

    /** A pgoutput message as the stream sent it. */
    final class Frame implements GoldenItem {

        private static final int MARKER_AT = 5;
        private static final int MESSAGE_FLAGS_AT = 1;

        private final long lsn;
        private final long sentMicros;
        private final byte[] bytes;

        /**
         * Keeps the bytes, without a copy.
         *
         * @param lsn from the header of the XLogData message that it came in
         * @param sentMicros from there, too; kept only where the change record shows it (a non-transactional message), else 0
         */
        public Frame(long lsn, long sentMicros, byte[] bytes) {
            this.lsn = lsn;
            this.sentMicros = sentMicros;
            this.bytes = bytes;
        }

        public long lsn() {
            return lsn;
        }

        public long sentMicros() {
            return sentMicros;
        }

        public byte[] bytes() {
            return bytes;
        }

        /** The message's first byte. */
        public char type() {
            return (char) bytes[0];
        }

        /** The kind of message more closely: {@code U K}, {@code U O}, {@code U N}, {@code D K}, {@code M transactional}, {@code B} … */
        public String detailedType() {
            return switch (bytes[0]) {
                case PgOutput.UPDATE, PgOutput.DELETE -> type() + " " + (char) bytes[MARKER_AT];
                case PgOutput.MESSAGE -> isTransactional() ? "M transactional" : "M";
                default -> String.valueOf(type());
            };
        }

        boolean isTransactional() {
            return bytes[0] != PgOutput.MESSAGE || bytes[MESSAGE_FLAGS_AT] != 0;
        }
    }

    /** Behind a Relation message: what it became together with the catalog's facts at that moment. Versions count from 1 in a capture. */
    record Layout(Relation relation) implements GoldenItem {}
}
