package io.pgcdc.cli.feed;

import io.pgcdc.progress.Meter;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the clients of a pipeline's feeds. Any thread. */
public final class FeedClients {

    private final Map<String, Counts> byFeed = new ConcurrentHashMap<>();

    /** The clients of one feed. */
    public static final class Counts {

        private final AtomicInteger clients = new AtomicInteger();
        private final Meter changes = new Meter();

        /** Returns how many read now. */
        public int clients() {
            return clients.get();
        }

        /** Returns how many changes all clients together got in this run. */
        public long changes() {
            return changes.total();
        }

        /** Returns how many they got a second, over ten seconds. */
        public double changesPerSecond() {
            return changes.perSecond();
        }

        void come() {
            clients.incrementAndGet();
        }

        void gone() {
            clients.decrementAndGet();
        }

        void sent(long count) {
            changes.add(count);
        }
    }

    /** Returns the counts of a feed. */
    public Counts of(String feed) {
        return byFeed.computeIfAbsent(feed, name -> new Counts());
    }
}
