package io.pgcdc.sinks.postgres.transaction;

import io.pgcdc.model.PerLayout;
import io.pgcdc.model.Relation;
import io.pgcdc.model.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells which tables pgcdc itself writes, if the target is the source. A sink must not apply its own changes, nor those of another
 * sink that depends on it. For one thread.
 */
public final class OwnTables {

    private static final Logger LOG = LoggerFactory.getLogger(OwnTables.class);

    private final String sink;
    private final SinkPositions positions;
    private final TableName layouts;
    private final Applier applier;

    /** Results for each layout. Valid while the applier has {@link #count} tables. */
    private final PerLayout<Boolean> known = new PerLayout<>();

    private int count;

    OwnTables(String sink, SinkPositions positions, Applier applier) {
        this.sink = sink;
        this.positions = positions;
        this.layouts = layouts(positions.table());
        this.applier = applier;
    }

    /** Returns the table in which projections store layouts. It is in the schema of the table of positions. */
    public static TableName layouts(TableName positionTable) {
        return new TableName(positionTable.schema(), positionTable.name() + "_layouts");
    }

    /** Returns how the names of tables begin in which projections keep keys. They are in the schema of the table of positions. */
    public static String seenPrefix(TableName positionTable) {
        return positionTable.name() + "_seen_";
    }

    private boolean isSeen(Relation relation) {
        TableName table = positions.table();
        return relation.schema().equals(table.schema()) && relation.name().startsWith(seenPrefix(table));
    }

    private static boolean is(Relation relation, TableName table) {
        return relation.name().equals(table.name()) && relation.schema().equals(table.schema());
    }

    void forget() {
        known.clear();
    }

    /** Returns true if pgcdc writes the table of the target, but not this sink. */
    boolean isOfAnotherSink(Connection connection, TableName table) throws SQLException {
        return !applier.tables().contains(table) && positions.isWritten(connection, table);
    }

    /** Returns true if pgcdc writes the table. May first send the changes that the applier took: no query can run during a COPY. */
    boolean contain(@Nullable Relation relation, TargetSession session) throws SQLException {
        if (relation == null) {
            return false;
        }
        if (is(relation, positions.table()) || is(relation, layouts) || isSeen(relation)) {
            // no user data: the rows belong to another database's sinks, or to this sink, which must not overwrite its
            // own
            return true;
        }
        if (!session.onSource()) {
            return false;
        }
        if (applier.tables().size() != count) {
            known.clear();
            count = applier.tables().size();
        }
        Boolean own = known.find(relation);
        if (own == null) {
            TableName table = new TableName(relation.schema(), relation.name());
            applier.send();
            own = applier.tables().contains(table) || positions.isWritten(session.connection(), table);
            if (own) {
                LOG.info("sink {}: changes of {} are skipped, because pgcdc itself writes that table", sink, table);
            }
            known.put(relation, own);
        }
        return own;
    }
}
