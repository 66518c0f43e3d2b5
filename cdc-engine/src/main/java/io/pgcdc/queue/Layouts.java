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
 * Keeps every layout that a relation of the queue ever had. Segments refer to a layout by its version number.
 *
 * <p>Threads: only capture calls {@link #intern}; any thread reads. A version is durable in the log before {@code intern} returns it. So
 * a sink that reads its number in a durable segment finds it.
 */
public final class Layouts implements AutoCloseable {

    private final LayoutLog log;
    private final Map<Integer, Relation> byVersion = new ConcurrentHashMap<>();
    // capture's own
    private final Map<Integer, Relation> latestByOid = new HashMap<>();

    /**
     * By table: the file (relfilenode) of its rows under its latest layout, if known. A new file alone does not store an equal layout
     * again.
     */
    private final Map<Integer, Integer> storageByOid = new HashMap<>();

    /** By table: the file of its rows when the catalog was last read. A later layout may have been in force then. */
    private final Map<Integer, Integer> seenByOid = new HashMap<>();

    private int lastVersion;

    private Layouts(LayoutLog log) {
        this.log = log;
    }

    /**
     * Reads the log. Closes it when this is closed, or if it cannot be read.
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
     * Returns the stored version of this layout: the table's latest one if it is equal, else a new one. It is durable when this returns.
     *
     * @param layout its version is ignored
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
     * Returns true if the table's rows are in another file than under its latest layout. If that file is not known, they count as rewritten
     * in two cases: they moved since the catalog was last read, or a new column may hold a different value in each old row, which takes a
     * rewrite.
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
            storageByOid.remove(layout.oid()); // after a crash this file may be older than that of the version before
        }
    }

    /** Notes the file of a layout read from the log. A layout stored without a file was outdated. */
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

    /** Returns all stored layouts. */
    public Collection<Relation> all() {
        return List.copyOf(byVersion.values());
    }

    /**
     * Returns the layout with that version.
     *
     * @throws QueueException QUEUE_DAMAGED: there is no such version
     */
    public Relation byVersion(int version) {
        Relation relation = byVersion.get(version);
        if (relation == null) {
            throw log.missing(version);
        }
        return relation;
    }

    /** Returns the table's previous layout, or null if none is known. */
    public @Nullable Relation before(Relation layout) {
        for (int version = layout.version() - 1; version > 0; version--) {
            Relation earlier = byVersion.get(version);
            if (earlier != null && earlier.oid() == layout.oid()) {
                return earlier;
            }
        }
        return null;
    }

    /** Returns true if a layout of that table was ever stored. */
    public boolean knew(TableName table) {
        return layouts(table).findAny().isPresent();
    }

    /** Returns true if a stored layout of the table has that column. */
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
