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
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** The bytes of the largest record that is shown whole. */
    private static final int LARGE = 32 * 1024;

    private final Subscription subscription;
    private final List<TablePattern> tables;
    private final byte[] contains;
    private final NativeFormat format = new NativeFormat();
    private JsonBuffer lines = new JsonBuffer();
    private int shown;
    private long skipped;

    /**
     * Reads nothing yet.
     *
     * @param tables only their changes; empty: all
     * @param contains only records with this text; empty: all
     */
    TailStream(Subscription subscription, List<TablePattern> tables, String contains) {
        this.subscription = subscription;
        this.tables = tables;
        this.contains = contains.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void run(Answer.Output to) throws IOException, InterruptedException {
        long heard = 0;
        while (!subscription.isOver()) {
            turn();
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

    /** Reads what there is. */
    private void turn() throws InterruptedException {
        lines.clear();
        shown = 0;
        skipped = 0;
        try {
            boolean read = subscription.read(this::take);
            while (read && subscription.hasMore()) {
                read = subscription.read(this::take);
            }
            if (skipped > 0) {
                lines.appendAscii("{\"skipped\":").appendLong(skipped).appendAscii("}\n");
            }
        } catch (CdcException e) {
            say("{\"error\":" + FeedAnswers.problem(e, null) + "}\n");
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
        int start = lines.length();
        lines.appendAscii("{\"change\":");
        format.append(change, lines);
        if (contains.length > 0 && !has(lines, start)) {
            lines.truncate(start);
            return true;
        }
        if (lines.length() - start > LARGE) {
            int bytes = lines.length() - start;
            lines.truncate(start);
            JsonBuffer small = new JsonBuffer();
            lines = small.append(lines.array(), 0, start);
            large(change, bytes);
        } else {
            lines.appendAscii("}\n");
        }
        shown++;
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

    private boolean has(JsonBuffer buffer, int from) {
        byte[] bytes = buffer.array();
        for (int at = from; at <= buffer.length() - contains.length; at++) {
            if (Arrays.equals(bytes, at, at + contains.length, contains, 0, contains.length)) {
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
