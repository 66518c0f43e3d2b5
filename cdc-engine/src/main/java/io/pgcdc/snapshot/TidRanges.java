package io.pgcdc.snapshot;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A set of places in a table's file, as ranges. Ranges that touch are merged. One thread at a time. */
final class TidRanges {

    /** The end of each range by its beginning. */
    private final TreeMap<Long, Long> ranges = new TreeMap<>();

    /** Adds a range. */
    void add(TidRange range) {
        long from = range.from();
        long to = range.to();
        for (Map.Entry<Long, Long> near = ranges.floorEntry(to);
                near != null && near.getValue() >= from;
                near = ranges.floorEntry(to)) {
            from = Math.min(from, near.getKey());
            to = Math.max(to, near.getValue());
            ranges.remove(near.getKey());
        }
        ranges.put(from, to);
    }

    /** Returns the places from the first one on that are not in the set, in order. */
    List<TidRange> missing() {
        List<TidRange> missing = new ArrayList<>();
        long from = 0;
        for (Map.Entry<Long, Long> range : ranges.entrySet()) {
            if (range.getKey() > from) {
                missing.add(new TidRange(from, range.getKey()));
            }
            from = range.getValue();
        }
        if (from != TidRange.END) {
            missing.add(new TidRange(from, TidRange.END));
        }
        return missing;
    }

    /**
     * Returns how many of a file's blocks are in the set.
     *
     * @param size of the file in blocks
     */
    long blocks(long size) {
        long count = 0;
        for (Map.Entry<Long, Long> range : ranges.entrySet()) {
            long from = Math.min(size, TidRange.block(range.getKey()));
            count += Math.min(size, TidRange.block(range.getValue())) - from;
        }
        return count;
    }

    /** Returns true if no place is missing. */
    boolean isWhole() {
        Long end = ranges.get(0L);
        return end != null && end == TidRange.END;
    }

    /** Prints the ranges with commas between them. */
    @Override
    public String toString() {
        return ranges.entrySet().stream()
                .map(e -> new TidRange(e.getKey(), e.getValue()).toString())
                .collect(Collectors.joining(","));
    }

    /** @throws IllegalArgumentException unless {@link #toString} can print this text */
    static TidRanges parse(String text) {
        TidRanges ranges = new TidRanges();
        if (!text.isEmpty()) {
            for (String range : text.split(",", -1)) {
                ranges.add(TidRange.parse(range));
            }
        }
        return ranges;
    }
}
