package io.pgcdc.sinks.postgres.changelog;

import io.pgcdc.json.record.RecordId;
import io.pgcdc.json.record.RowEncoder;
import io.pgcdc.model.Relation;
import java.nio.charset.StandardCharsets;

/** The names of one layout of a source table, in UTF-8, and the encoders of its rows. For one thread. */
final class LoggedTable {

    final byte[] name;
    final byte[][] columns;
    final RowEncoder rows;
    final RecordId recordId;

    LoggedTable(Relation relation, boolean qualifiedName) {
        name = utf8(qualifiedName ? relation.qualifiedName() : relation.name());
        columns = relation.columns().stream().map(c -> utf8(c.name())).toArray(byte[][]::new);
        rows = new RowEncoder(relation);
        recordId = new RecordId(rows);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
