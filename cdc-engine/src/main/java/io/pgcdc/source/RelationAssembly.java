package io.pgcdc.source;

import io.pgcdc.catalog.CatalogConnection;
import io.pgcdc.catalog.RelationFacts;
import io.pgcdc.catalog.TableHistory;
import io.pgcdc.decode.RelationMessage;
import io.pgcdc.decode.RelationMessage.ColumnLayout;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.life.Clock;
import io.pgcdc.model.Column;
import io.pgcdc.model.PgType;
import io.pgcdc.model.Relation;
import io.pgcdc.model.ReplicaIdentity;
import io.pgcdc.model.TableFacts;
import io.pgcdc.model.TableName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Combines what the stream says of a table with the catalog's facts. Capture thread.
 *
 * <p>Gives the layout the name of {@link TableAliases}, so the queue holds that name, and a change has the same name each time that
 * it is read: again after a crash, or in a replay, even if the setting was changed in between. A run after such a change gets new
 * Relation messages, so the table gets a new version of its layout, with the new name. Questions and messages to the server have
 * the name that the server knows.
 */
public final class RelationAssembly implements LayoutSource {

    private static final Logger LOG = LoggerFactory.getLogger(RelationAssembly.class);

    /** Objects of a new server have smaller oids (PostgreSQL's access/transam.h, FirstNormalObjectId). */
    private static final int FIRST_NORMAL_OID = 16_384;

    /** Longest wait of one call: shorter than any server waits for a status. */
    private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long FIRST_PAUSE_MS = 1;
    private static final long LONGEST_PAUSE_MS = 50;

    private final TableQuestions catalog;
    private final TableAliases aliases;
    private final Clock clock;

    /** Types that cannot be altered, each read once. */
    private final Map<Integer, PgType> builtIn = new HashMap<>();

    /**
     * Creates it; sends no query yet.
     *
     * @param slot the slot of the stream
     */
    public RelationAssembly(CatalogConnection catalog, String slot, List<String> publications, TableAliases aliases) {
        this(new CatalogQuestions(catalog, slot, publications), aliases, Clock.SYSTEM);
    }

    RelationAssembly(TableQuestions catalog, TableAliases aliases, Clock clock) {
        this.catalog = catalog;
        this.aliases = aliases;
        this.clock = clock;
    }

    /**
     * Waits until the transaction is visible in the catalog, then reads it. The server sends a transaction before others can see
     * it: while it waits for a synchronous standby, and for a moment after each commit. If the commit waits for this very stream,
     * this does not wait.
     *
     * @throws SourceException SOURCE_NOT_VISIBLE_YET if that takes long; the stream then restarts at this transaction
     */
    @Override
    public Relation layout(RelationMessage message, int xid) {
        awaitVisible(message.namespace() + "." + message.name(), xid);
        return assemble(message);
    }

    private void awaitVisible(String table, int xid) {
        long firstAnswer = 0;
        long pause = FIRST_PAUSE_MS;
        for (long asked = clock.nanos(); !catalog.seen().sees(xid); asked = clock.nanos()) {
            if (pause == FIRST_PAUSE_MS) {
                firstAnswer = clock.nanos();
            }
            if (pause >= LONGEST_PAUSE_MS && catalog.commitsWaitForStream()) {
                LOG.warn(
                        "commits wait for this stream as a synchronous standby, so the catalog is read before {} is visible"
                                + " in it. What that transaction did to its types, keys and publications may be missed. Remove the"
                                + " stream from synchronous_standby_names.",
                        table);
                return;
            }
            // a slow answer shows the state when it was asked for: only an answer to a later question may end the wait
            if (asked - firstAnswer > LONGEST_WAIT_NANOS
                    || Thread.currentThread().isInterrupted()) {
                throw new SourceException(
                        ErrorCode.SOURCE_NOT_VISIBLE_YET,
                        "transaction " + Integer.toUnsignedString(xid) + " is the first that changes " + table
                                + " since that table was altered or the stream began, and is not visible on the server yet; "
                                + catalog.where()
                                + ". pgcdc tries again, and no change is lost. SELECT application_name, sync_state FROM"
                                + " pg_stat_replication there shows whether the standbys of synchronous_standby_names are"
                                + " connected.");
            }
            pause(pause);
            pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
        }
    }

    /** An interrupt ends it, and stays for the one who asks next. */
    private void pause(long milliseconds) {
        try {
            clock.await(new CountDownLatch(1), milliseconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Returns the relation, without its version. Everything that was committed must be visible. Under publish_via_partition_root the message has the
     * replica identity of the root, and rows are sent by that of their partition. If one sends less than FULL, the relation has the identity
     * DEFAULT, so a null of an old row counts as not sent, except in the primary key.
     */
    public Relation assemble(RelationMessage message) {
        String table = message.namespace() + "." + message.name();
        Map<Integer, PgType> types = types(message, table);
        RelationFacts facts = catalog.facts(table, message.oid());
        boolean keysOnly =
                message.identity() == ReplicaIdentity.FULL && catalog.partitionsSendKeys(table, message.oid());
        if (keysOnly) {
            LOG.warn(
                    "{} has REPLICA IDENTITY FULL, but not each of its partitions, which do not inherit it: old rows hold the key alone."
                            + " On each partition: ALTER TABLE ... REPLICA IDENTITY FULL",
                    table);
        }
        Optional<TableHistory> history = catalog.history(table, message.oid());
        List<Column> columns = new ArrayList<>();
        for (ColumnLayout layout : message.columns()) {
            PgType type = types.getOrDefault(layout.typeOid(), PgType.unresolved(layout.typeOid()));
            if (type.kind() == PgType.Kind.UNRESOLVED) {
                LOG.warn(
                        "type of column {}.{} no longer exists in the catalog: its values are passed on as text",
                        table,
                        layout.name());
            }
            boolean identity = keysOnly ? isOf(facts.primaryKey(), layout.name()) : layout.identity();
            columns.add(new Column(layout.name(), type, layout.typmod(), identity));
        }
        TableName real = new TableName(message.namespace(), message.name());
        TableName name = aliases.nameOf(real);
        return new Relation(
                0,
                message.oid(),
                name.schema(),
                name.name(),
                keysOnly ? ReplicaIdentity.DEFAULT : message.identity(),
                columns,
                recordId(message, facts),
                facts.memberships(),
                history.map(found -> renamed(LayoutMatch.facts(message.columns(), found, facts.memberships())))
                        .orElse(null),
                aliases.isShared(name) ? real : null);
    }

    /** Sinks compare the root's name with the names that they take. */
    private TableFacts renamed(TableFacts facts) {
        TableFacts.Root root = facts.root();
        if (root == null) {
            return facts;
        }
        TableName name = aliases.nameOf(new TableName(root.schema(), root.name()));
        return facts.withRoot(new TableFacts.Root(root.oid(), name.schema(), name.name()));
    }

    private static boolean isOf(@Nullable List<String> key, String column) {
        return key != null && key.contains(column);
    }

    private Map<Integer, PgType> types(RelationMessage message, String table) {
        Map<Integer, PgType> types = new HashMap<>(builtIn);
        List<Integer> unknown = message.columns().stream()
                .map(ColumnLayout::typeOid)
                .filter(oid -> !builtIn.containsKey(oid))
                .toList();
        if (!unknown.isEmpty()) {
            types.putAll(catalog.types(table, unknown));
        }
        types.forEach((oid, type) -> {
            if (Integer.compareUnsigned(oid, FIRST_NORMAL_OID) < 0 && type.kind() != PgType.Kind.UNRESOLVED) {
                builtIn.put(oid, type);
            }
        });
        return types;
    }

    /**
     * Returns the columns of the record_id. Under FULL the message flags every column, so the key comes from the catalog. Otherwise
     * the row has the flagged columns. The catalog gives the key's order, and tells if a key column is never sent.
     */
    private static @Nullable List<Integer> recordId(RelationMessage message, RelationFacts facts) {
        List<String> columns =
                message.columns().stream().map(ColumnLayout::name).toList();
        List<String> key = message.identity() == ReplicaIdentity.INDEX ? facts.identityIndex() : facts.primaryKey();
        if (message.identity() == ReplicaIdentity.FULL || message.identity() == ReplicaIdentity.NOTHING) {
            return key == null ? null : indexes(columns, key);
        }
        List<String> flagged = message.columns().stream()
                .filter(ColumnLayout::identity)
                .map(ColumnLayout::name)
                .toList();
        if (key != null && key.containsAll(flagged)) {
            // the catalog's key has columns that are not flagged: they are never sent, so the key is incomplete
            return new TreeSet<>(flagged).equals(new TreeSet<>(key)) ? indexes(columns, key) : null;
        }
        return flagged.isEmpty() ? null : indexes(columns, flagged);
    }

    private static @Nullable List<Integer> indexes(List<String> columns, List<String> names) {
        List<Integer> indexes = new ArrayList<>();
        for (String name : names) {
            int index = columns.indexOf(name);
            if (index < 0) {
                return null;
            }
            indexes.add(index);
        }
        return indexes;
    }
}
