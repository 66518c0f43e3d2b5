package io.pgcdc.cli.feed;

import io.pgcdc.cli.http.Answer;
import io.pgcdc.error.CdcException;
import io.pgcdc.feed.Subscription;
import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.json.record.NativeFormat;
import io.pgcdc.model.Change;
import io.pgcdc.model.TablePattern;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Sends so many changes as a person can follow, and the number of the others. One thread. */
final class TailStream implements Answer.Stream {

    /** Changes in a turn. */
    private static final int SHOWN = 6;

    private static final long TURN_MS = 300;

    /** The longest reading in a turn. A search must not keep signs of life back. */
    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** The bytes of the largest record that is shown whole. */
    private static final int LARGE = 32 * 1024;

    private final Subscription subscription;
    private final List<TablePattern> tables;
    private final byte[] contains;
    private final NativeFormat format = new NativeFormat();
    private final JsonBuffer lines = new JsonBuffer();
    private JsonBuffer record = new JsonBuffer();
    private long turnEndsNanos;
    private int shown;
    private long skipped;

    /**
     * Reads nothing yet.
     *
     * @param tables only their changes; empty: all
     * @param contains only records with this text, whatever the case of its ASCII letters; empty: all
     */
    TailStream(Subscription subscription, List<TablePattern> tables, String contains) {
        this.subscription = subscription;
        this.tables = tables;
        this.contains = asInRecords(contains);
    }

    @Override
    public void run(Answer.Output to) throws IOException, InterruptedException {
        long heard = 0;
        boolean works = true;
        while (works && !subscription.isOver()) {
            works = turn();
            if (lines.length() == 0 && System.nanoTime() - heard > SILENCE_NANOS) {
                lines.appendByte('\n');
            }
            if (lines.length() > 0) {
                to.write(lines.array(), 0, lines.length());
                heard = System.nanoTime();
            }
            Thread.sleep(TURN_MS);
            subscription.await(TURN_MS);
        }
    }

    /** Reads what there is. Returns false if the stream cannot go on. */
    private boolean turn() throws InterruptedException {
        lines.clear();
        shown = 0;
        skipped = 0;
        try {
            turnEndsNanos = System.nanoTime() + TURN_NANOS;
            boolean read = subscription.read(this::take);
            while (read && subscription.hasMore() && System.nanoTime() - turnEndsNanos < 0) {
                read = subscription.read(this::take);
            }
            if (skipped > 0) {
                lines.appendAscii("{\"skipped\":").appendLong(skipped).appendAscii("}\n");
            }
            return true;
        } catch (CdcException e) {
            say("{\"error\":" + FeedAnswers.problem(e, null) + "}\n");
            return false;
        }
    }

    private boolean take(Change change) {
        if (!Encoded.isWanted(change.relation(), tables)) {
            return true;
        }
        if (shown == SHOWN) {
            skipped++;
            return true;
        }
        if (System.nanoTime() - turnEndsNanos > 0) {
            return false;
        }
        record.clear();
        format.append(change, record);
        if (contains.length == 0 || has(record)) {
            shown++;
            if (record.length() > LARGE) {
                large(change, record.length());
            } else {
                lines.appendAscii("{\"change\":")
                        .append(record.array(), 0, record.length())
                        .appendAscii("}\n");
            }
        }
        if (record.array().length > 2 * LARGE) {
            record = new JsonBuffer();
        }
        return true;
    }

    private void large(Change change, int bytes) {
        lines.appendAscii("{\"large\":{\"bytes\":").appendLong(bytes).appendAscii(",\"position\":\"");
        lines.appendAscii(change.position().toString()).appendAscii("\",\"change_type\":\"");
        lines.appendAscii(change.kind().name()).appendAscii("\"");
        if (change.relation() != null) {
            lines.appendAscii(",\"schema_name\":")
                    .appendString(change.relation().schema());
            lines.appendAscii(",\"table_name\":").appendString(change.relation().name());
        }
        lines.appendAscii("}}\n");
    }

    /** Returns the text as it stands in a record: a quote is escaped there. */
    private static byte[] asInRecords(String text) {
        JsonBuffer quoted = new JsonBuffer().appendString(text);
        byte[] bytes = Arrays.copyOfRange(quoted.array(), 1, quoted.length() - 1);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = lower(bytes[i]);
        }
        return bytes;
    }

    private static byte lower(byte b) {
        return b >= 'A' && b <= 'Z' ? (byte) (b + 'a' - 'A') : b;
    }

    private boolean has(JsonBuffer text) {
        byte[] bytes = text.array();
        for (int at = 0; at <= text.length() - contains.length; at++) {
            int same = 0;
            while (same < contains.length && lower(bytes[at + same]) == contains[same]) {
                same++;
            }
            if (same == contains.length) {
                return true;
            }
        }
        return false;
    }

    private void say(String text) {
        lines.append(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        subscription.close();
    }
}
