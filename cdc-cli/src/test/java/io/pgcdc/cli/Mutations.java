package io.pgcdc.cli;

import java.io.ByteArrayOutputStream;
import java.util.Random;

/** Damages texts, as somebody does by mistake or on purpose. */
final class Mutations {

    private static final int MOST = 4;

    private final Random random;

    Mutations(Random random) {
        this.random = random;
    }

    /** Returns the bytes with some of them changed, left out, repeated or added. */
    byte[] of(byte[] whole) {
        byte[] mutated = whole;
        for (int i = 1 + random.nextInt(MOST); i > 0 && mutated.length > 0; i--) {
            mutated = once(mutated);
        }
        return mutated;
    }

    private byte[] once(byte[] whole) {
        int from = random.nextInt(whole.length);
        int to = from + random.nextInt(whole.length - from + 1);
        switch (random.nextInt(5)) {
            case 0 -> {
                byte[] flipped = whole.clone();
                flipped[from] = (byte) random.nextInt(256);
                return flipped;
            }
            case 1 -> {
                return join(whole, 0, from, whole, to, whole.length);
            }
            case 2 -> {
                return join(whole, 0, to, whole, from, whole.length);
            }
            case 3 -> {
                byte[] added = bytes(1 + random.nextInt(20));
                byte[] begun = join(whole, 0, from, added, 0, added.length);
                return join(begun, 0, begun.length, whole, from, whole.length);
            }
            default -> {
                return join(whole, 0, from, whole, 0, 0);
            }
        }
    }

    /** Returns random bytes. */
    byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] join(byte[] first, int from, int to, byte[] second, int secondFrom, int secondTo) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(first, from, to - from);
        all.write(second, secondFrom, secondTo - secondFrom);
        return all.toByteArray();
    }
}
