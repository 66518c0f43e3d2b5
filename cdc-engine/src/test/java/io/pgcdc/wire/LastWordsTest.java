package io.pgcdc.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LastWordsTest {

    private static final byte[] READY = {'Z', 0, 0, 0, 5, 'I'};
    private static final byte[] DATA = message('d', "w: a row that holds E\0\0\0 as a text");
    private static final byte[] FATAL =
            message('E', "SFATAL\0VFATAL\0C57P01\0Mterminating connection\0Fpostgres.c\0\0");

    private static byte[] message(char type, String body) {
        byte[] text = body.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(text.length + 5)
                .put((byte) type)
                .putInt(text.length + 4)
                .put(text)
                .array();
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** What arrives by reads of so many bytes, from a connection that ends in order, or breaks. */
    private static byte[] read(byte[] sent, int chunk, @Nullable IOException end) throws IOException {
        try (LastWords words = new LastWords(new Socketlike(sent, chunk, end))) {
            ByteArrayOutputStream got = new ByteArrayOutputStream();
            byte[] buffer = new byte[8_192];
            for (int count = words.read(buffer, 0, 8_192); count >= 0; count = words.read(buffer, 0, 8_192)) {
                got.write(buffer, 0, count);
            }
            return got.toByteArray();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 64, 8_192})
    void anErrorAtTheEndIsFollowedByAReadyForQuery(int chunk) throws IOException {
        for (byte[] sent : new byte[][] {FATAL, joined(DATA, FATAL), joined(new byte[100_000], DATA, FATAL)}) {
            assertArrayEquals(joined(sent, READY), read(sent, chunk, null));
            assertArrayEquals(joined(sent, READY), read(sent, chunk, new SocketException("Connection reset")));
        }
    }

    @Test
    void anythingElseAtTheEndStaysAsItIs() throws IOException {
        byte[] noFields = message('E', "FATAL");
        byte[] otherType = message('N', "SWARNING\0\0");
        byte[] more = joined(FATAL, DATA);
        byte[] half = Arrays.copyOf(FATAL, FATAL.length - 1);
        for (byte[] sent : new byte[][] {{}, {0}, DATA, noFields, otherType, more, half}) {
            assertArrayEquals(sent, read(sent, 8_192, null));
            SocketException reset = new SocketException("Connection reset");
            assertEquals(reset, assertThrows(SocketException.class, () -> read(sent, 8_192, reset)));
        }
    }

    /** A read that found nothing in time is no end. */
    @Test
    void aTimeoutIsPassedOn() {
        SocketTimeoutException timeout = new SocketTimeoutException();
        assertEquals(timeout, assertThrows(SocketTimeoutException.class, () -> read(FATAL, 8_192, timeout)));
    }

    private static final class Socketlike extends InputStream {

        private final ByteBuffer sent;
        private final int chunk;
        private final @Nullable IOException end;

        Socketlike(byte[] sent, int chunk, @Nullable IOException end) {
            this.sent = ByteBuffer.wrap(sent);
            this.chunk = chunk;
            this.end = end;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (!sent.hasRemaining()) {
                if (end != null) {
                    throw end;
                }
                return -1;
            }
            int count = Math.min(Math.min(length, chunk), sent.remaining());
            sent.get(target, offset, count);
            return count;
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException();
        }
    }
}
