package io.pgcdc.sinks.postgres.projection;

import io.pgcdc.model.Column;
import io.pgcdc.model.Relation;
import io.pgcdc.session.Quoted;
import io.pgcdc.sinks.postgres.projection.TablePlan.Field;
import io.pgcdc.sinks.postgres.transaction.ReplicationRole;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warns once of each table of the target that takes rows, but not as they were at the source. For one thread. */
final class TargetWarnings {

    private static final Logger LOG = LoggerFactory.getLogger(TargetWarnings.class);

    private static final String TRIGGERS = """
            SELECT string_agg(quote_ident(tgname), ', ' ORDER BY tgname) FROM pg_trigger
            WHERE tgrelid = to_regclass(?) AND NOT tgisinternal AND tgenabled IN ('O', 'A')""";

    private final String sink;
    private final boolean triggersRun;
    private final Set<String> said = new HashSet<>();

    TargetWarnings(String sink, ReplicationRole role) {
        this.sink = sink;
        this.triggersRun = role == ReplicationRole.ORIGIN;
    }

    void check(Connection connection, Relation relation, TargetTable target, List<Field> fields) throws SQLException {
        for (Field field : fields) {
            if (field.kind() == MappedColumn.Kind.COLUMN) {
                checkColumn(relation, target, field);
            }
        }
        if (triggersRun && said.add(target.name().sql())) {
            checkTriggers(connection, target);
        }
    }

    private void checkColumn(Relation relation, TargetTable target, Field field) {
        Column source = relation.columns().get(field.source());
        TargetTable.TargetColumn there = target.column(field.column());
        if (Narrowing.rounds(source.type(), source.typmod(), there)
                && said.add(target.name().sql() + "." + field.column())) {
            LOG.warn(
                    "sink {}: column {} of {} in the target has type {}, which rounds or cuts values of column {} of {} without an error."
                            + " To keep them whole, give it the source's type there: ALTER TABLE {} ALTER COLUMN {} TYPE …;",
                    sink,
                    field.column(),
                    target.name(),
                    there.fullType(),
                    source.name(),
                    relation.qualifiedName(),
                    target.name().sql(),
                    Quoted.identifier(field.column()));
        }
    }

    private void checkTriggers(Connection connection, TargetTable target) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(TRIGGERS)) {
            statement.setString(1, target.name().sql());
            try (ResultSet row = statement.executeQuery()) {
                String names = row.next() ? row.getString(1) : null;
                if (names != null) {
                    LOG.warn(
                            "sink {}: triggers of {} in the target run for the rows that the sink writes: {}. What triggers of the source"
                                    + " wrote is there twice if these write it again. To switch one off: ALTER TABLE {} DISABLE TRIGGER name;"
                                    + " To switch all off for the sink: session_replication_role: replica.",
                            sink,
                            target.name(),
                            names,
                            target.name().sql());
                }
            }
        }
    }
}
