package io.pgcdc.queue;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What the queue stores with a chunk of a snapshot.
 *
 * @param snapshot id of the snapshot, without spaces
 * @param sinks the sinks that get the chunk, by name; empty: all
 * @param range the ledger's text of what the chunk holds
 */
public record ChunkLabel(String snapshot, SortedSet<String> sinks, String range) {

    private static final String ALL = "*";

    public ChunkLabel(String snapshot, Collection<String> sinks, String range) {
        this(snapshot, new TreeSet<>(sinks), range);
    }

    /** Returns true if the sink with that name gets the chunk. */
    public boolean isFor(String sink) {
        return sinks.isEmpty() || sinks.contains(sink);
    }

    byte[] encode() {
        String names = sinks.isEmpty() ? ALL : String.join(",", sinks);
        return (snapshot + " " + names + " " + range).getBytes(StandardCharsets.UTF_8);
    }

    /** @throws IllegalArgumentException unless {@link #encode} can make this text */
    static ChunkLabel decode(String text) {
        String[] words = text.split(" ", 3);
        if (words.length != 3) {
            throw new IllegalArgumentException("not the label of a chunk: " + text);
        }
        return new ChunkLabel(words[0], words[1].equals(ALL) ? List.of() : List.of(words[1].split(",", -1)), words[2]);
    }
}
