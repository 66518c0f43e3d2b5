package io.pgcdc.queue;

import io.pgcdc.error.QueueException;
import io.pgcdc.model.ColumnName;
import io.pgcdc.model.Relation;
import io.pgcdc.model.TableFacts;
import io.pgcdc.model.TableName;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Every layout that a relation of the queue ever had, under version numbers that segments refer to.
 *
 * <p>Threads: capture alone calls {@link #intern}; any thread asks. A version is durable in the log before intern returns it, so a sink
 * that meets its number in a durable segment finds it.
 */
public final class Layouts implements AutoCloseable {

    private final LayoutLog log;
    private final Map<Integer, Relation> byVersion = new ConcurrentHashMap<>();
    // capture's own
    private final Map<Integer, Relation> latestByOid = new HashMap<>();

    /** Where each table's rows were while its latest layout stood, if that is known; a layout that is the same is not stored again for it. */
    private final Map<Integer, Integer> storageByOid = new HashMap<>();

    /** Where they were when the catalog was last read, and later layouts may have stood. */
    private final Map<Integer, Integer> seenByOid = new HashMap<>();

    private int lastVersion;

    private Layouts(LayoutLog log) {
        this.log = log;
    }

    /**
     * Reads what the log holds; closes it when this is closed, or when it cannot be read.
     *
     * @throws QueueException QUEUE_DAMAGED, QUEUE_FORMAT, QUEUE_IO
     */
    public static Layouts open(LayoutLog log) {
        Layouts layouts = new Layouts(log);
        try {
            layouts.lastVersion = log.read(stored -> {
                layouts.add(stored);
                layouts.remember(stored);
            });
            return layouts;
        } catch (RuntimeException e) {
            log.close();
            throw e;
        }
    }

    /**
     * The stored version of this layout: the table's latest one when it is the same, else a new one, durable when this returns.
     *
     * @param layout its version is not looked at
     */
    public Relation intern(Relation layout) {
        Relation latest = latestByOid.get(layout.oid());
        boolean same = latest != null && latest.sameAs(layout);
        boolean rewritten = latest != null && perhapsRewritten(latest.facts(), layout);
        see(layout, same);
        if (latest != null && same) {
            return latest;
        }
        Relation stored = countRewrites(layout, latest, rewritten).withVersion(lastVersion + 1);
        log.append(stored);
        add(stored);
        return stored;
    }

    /**
     * Whether the table's rows are in another file than while its latest layout stood. Where that file is not known, they count as rewritten
     * if they moved since the catalog was last read, or if a new column needs a rewrite to have what it may have in old rows.
     */
    private boolean perhapsRewritten(@Nullable TableFacts latest, Relation layout) {
        TableFacts facts = layout.facts();
        if (latest == null || facts == null || facts.storage() == 0) {
            return false;
        }
        Integer before = storageByOid.get(layout.oid());
        if (before != null) {
            return before != facts.storage();
        }
        Integer seen = seenByOid.get(layout.oid());
        return seen == null || seen != facts.storage() || facts.fillsBehind(latest.lastAttnum());
    }

    private void see(Relation layout, boolean same) {
        TableFacts facts = layout.facts();
        if (facts == null || facts.storage() == 0) {
            return;
        }
        seenByOid.put(layout.oid(), facts.storage());
        if (!facts.outdated()) {
            storageByOid.put(layout.oid(), facts.storage());
        } else if (!same) {
            storageByOid.remove(layout.oid()); // after a crash it may be older than the one that was stored before it
        }
    }

    /** What is stored without a file was outdated. */
    private void remember(Relation stored) {
        TableFacts facts = stored.facts();
        if (facts != null && facts.storage() == 0) {
            storageByOid.remove(stored.oid());
            seenByOid.remove(stored.oid());
        }
        see(stored, false);
    }

    private static Relation countRewrites(Relation layout, @Nullable Relation latest, boolean rewritten) {
        TableFacts facts = layout.facts();
        if (facts == null) {
            return layout;
        }
        TableFacts before = latest == null ? null : latest.facts();
        return layout.withFacts(facts.withRewrites((before == null ? 0 : before.rewrites()) + (rewritten ? 1 : 0)));
    }

    /** Every layout that is stored. */
    public Collection<Relation> all() {
        return List.copyOf(byVersion.values());
    }

    /** @throws QueueException QUEUE_DAMAGED when there is no such version */
    public Relation byVersion(int version) {
        Relation relation = byVersion.get(version);
        if (relation == null) {
            throw log.missing(version);
        }
        return relation;
    }

    /** The layout that its table had before this one; null: none that is known. */
    public @Nullable Relation before(Relation layout) {
        for (int version = layout.version() - 1; version > 0; version--) {
            Relation earlier = byVersion.get(version);
            if (earlier != null && earlier.oid() == layout.oid()) {
                return earlier;
            }
        }
        return null;
    }

    /** Whether a layout of that table was ever stored. */
    public boolean knew(TableName table) {
        return layouts(table).findAny().isPresent();
    }

    /** Whether a stored layout has that column. */
    public boolean knew(ColumnName column) {
        return layouts(column.table())
                .anyMatch(r -> r.columns().stream().anyMatch(c -> c.name().equals(column.column())));
    }

    private Stream<Relation> layouts(TableName table) {
        return byVersion.values().stream()
                .filter(r -> r.schema().equals(table.schema()) && r.name().equals(table.name()));
    }

    private void add(Relation relation) {
        byVersion.put(relation.version(), relation);
        latestByOid.put(relation.oid(), relation);
        lastVersion = relation.version();
    }

    @Override
    public void close() {
        log.close();
    }
}
