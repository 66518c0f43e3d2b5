package io.pgcdc.sinks.postgres.transaction;

import io.pgcdc.model.PerLayout;
import io.pgcdc.model.Relation;
import io.pgcdc.model.TableName;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the tables that sinks of pgcdc write, where the target is the source: a sink must not feed itself, nor another one that feeds it. One thread. */
public final class OwnTables {

    private static final Logger LOG = LoggerFactory.getLogger(OwnTables.class);

    private final String sink;
    private final SinkPositions positions;
    private final TableName layouts;
    private final Applier applier;

    /** As long as the applier has as many tables as it had. */
    private final PerLayout<Boolean> known = new PerLayout<>();

    private int count;

    OwnTables(String sink, SinkPositions positions, Applier applier) {
        this.sink = sink;
        this.positions = positions;
        this.layouts = layouts(positions.table());
        this.applier = applier;
    }

    /** The table beside a table of positions in which projections keep the layouts that they follow. */
    public static TableName layouts(TableName positionTable) {
        return new TableName(positionTable.schema(), positionTable.name() + "_layouts");
    }

    private static boolean is(Relation relation, TableName table) {
        return relation.name().equals(table.name()) && relation.schema().equals(table.schema());
    }

    void forget() {
        known.clear();
    }

    /** May send what the applier took: nothing can be asked while rows are on their way. */
    boolean contain(@Nullable Relation relation, TargetSession session) throws SQLException {
        if (relation == null) {
            return false;
        }
        if (is(relation, positions.table()) || is(relation, layouts)) {
            return true; // those of another database's sinks are nobody's data, and a replica must not write over its
            // own
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
                LOG.info("sink {}: changes of {} are left out, for pgcdc writes it itself", sink, table);
            }
            known.put(relation, own);
        }
        return own;
    }
}
