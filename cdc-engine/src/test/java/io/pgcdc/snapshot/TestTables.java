package io.pgcdc.snapshot;

import io.pgcdc.catalog.KeyColumns.KeyColumn;
import io.pgcdc.catalog.PublishedTables.TableFile;
import io.pgcdc.model.Column;
import io.pgcdc.model.Membership;
import io.pgcdc.model.PgType;
import io.pgcdc.model.Relation;
import io.pgcdc.model.ReplicaIdentity;
import io.pgcdc.model.TableName;
import java.util.List;

/** Tables of one file each, without a server. */
final class TestTables {

    private TestTables() {}

    static SnapshotTable table(int oid, String name, long blocks) {
        Relation layout = new Relation(
                0,
                oid,
                "public",
                name,
                ReplicaIdentity.DEFAULT,
                List.of(new Column("id", PgType.base(23, "int4"), -1, true)),
                List.of(0),
                List.of(new Membership("p", true, true, true, true, null, null, false)));
        return table(layout, List.of(new TableFile(oid, new TableName("public", name), oid, blocks)));
    }

    /** Returns a table whose key is of types of pg_catalog. */
    static SnapshotTable table(Relation layout, List<TableFile> files) {
        return new SnapshotTable(
                layout,
                files,
                SnapshotTable.keyNames(layout).stream().map(KeyColumn::plain).toList());
    }
}
