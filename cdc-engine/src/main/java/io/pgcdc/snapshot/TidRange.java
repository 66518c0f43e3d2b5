package io.pgcdc.snapshot;

/**
 * A range of row places in a table's file. A place is a block and an item in it, as in PostgreSQL's tid.
 *
 * @param from the first place, packed by {@link #place}
 * @param to the first place after the range; {@link #END}: there is none
 */
record TidRange(long from, long to) {

    static final long END = Long.MAX_VALUE;

    private static final int ITEM_BITS = 16;
    private static final int ITEM_MASK = (1 << ITEM_BITS) - 1;

    /** A page of 32 KiB, the largest, holds fewer items. */
    private static final int ITEMS = 2_048;

    TidRange {
        if (from < 0 || from >= to) {
            throw new IllegalArgumentException("range " + from + " to " + to);
        }
    }

    /** Packs a place. */
    static long place(long block, int item) {
        return block << ITEM_BITS | item;
    }

    /** Returns the block of a place. */
    static long block(long place) {
        return place >>> ITEM_BITS;
    }

    /** Returns the range of some blocks. */
    static TidRange blocks(long from, long to) {
        return new TidRange(place(from, 0), place(to, 0));
    }

    /** Returns true if the range can be divided: it has more than one item. */
    boolean isDivisible() {
        return to == END || middle() > from;
    }

    /**
     * Returns the place in the middle: between blocks, if there are several, otherwise between items.
     *
     * @throws IllegalStateException the range has no end
     */
    long middle() {
        if (to == END) {
            throw new IllegalStateException("a range without an end has no middle");
        }
        long blocks = block(to) - block(from);
        if (blocks > 1 || (blocks == 1 && item(from) == 0 && item(to) > 0)) {
            return place(block(from) + Math.max(1, blocks / 2), 0);
        }
        int last = blocks == 0 ? item(to) : ITEMS;
        return place(block(from), (item(from) + last) / 2);
    }

    private static int item(long place) {
        return (int) (place & ITEM_MASK);
    }

    /** Returns the condition of a WHERE clause. */
    String condition() {
        String lower = "ctid >= '" + tid(from) + "'::pg_catalog.tid";
        return to == END ? lower : lower + " AND ctid < '" + tid(to) + "'::pg_catalog.tid";
    }

    private static String tid(long place) {
        return "(" + block(place) + "," + item(place) + ")";
    }

    /** Prints {@code 0.0-256.0}; {@code 0.0-} has no end. */
    @Override
    public String toString() {
        return text(from) + "-" + (to == END ? "" : text(to));
    }

    private static String text(long place) {
        return block(place) + "." + item(place);
    }

    /** @throws IllegalArgumentException unless {@link #toString} can print this text */
    static TidRange parse(String text) {
        int dash = text.indexOf('-');
        if (dash < 0) {
            throw new IllegalArgumentException("not a range: " + text);
        }
        String end = text.substring(dash + 1);
        return new TidRange(parsePlace(text.substring(0, dash)), end.isEmpty() ? END : parsePlace(end));
    }

    private static long parsePlace(String text) {
        int dot = text.indexOf('.');
        if (dot < 0) {
            throw new IllegalArgumentException("not a place: " + text);
        }
        return place(Long.parseLong(text.substring(0, dot)), Integer.parseInt(text.substring(dot + 1)));
    }
}
