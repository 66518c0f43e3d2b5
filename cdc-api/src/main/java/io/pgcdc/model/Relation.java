package io.pgcdc.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One version of a table's layout: the content of the stream's Relation message, plus facts that only the catalog has.
 *
 * @param version identity of this layout in the queue, from 1; a later layout of the same table has a higher one
 * @param oid pg_class.oid
 * @param recordIdColumns indexes into {@code columns} of the columns that make the record_id, in key order; null if the relation
 *     has none
 * @param publications its memberships in the slot's publications
 * @param facts the catalog's facts of the table; null if the catalog did not know the table, or an older version of pgcdc stored
 *     this
 * @param real the table's name at the source, if several tables of the source may have the name {@code schema.name} here, because
 *     the setting {@code table_aliases} gives it to them; else null
 */
public record Relation(
        int version,
        int oid,
        String schema,
        String name,
        ReplicaIdentity identity,
        List<Column> columns,
        @Nullable List<Integer> recordIdColumns,
        List<Membership> publications,
        @Nullable TableFacts facts,
        @Nullable TableName real) {

    public Relation {
        columns = List.copyOf(columns);
        recordIdColumns = recordIdColumns == null ? null : List.copyOf(recordIdColumns);
        publications = List.copyOf(publications);
    }

    /** Creates a layout without facts. */
    public Relation(
            int version,
            int oid,
            String schema,
            String name,
            ReplicaIdentity identity,
            List<Column> columns,
            @Nullable List<Integer> recordIdColumns,
            List<Membership> publications) {
        this(version, oid, schema, name, identity, columns, recordIdColumns, publications, null);
    }

    /** Creates a layout of a table that has its own name. */
    public Relation(
            int version,
            int oid,
            String schema,
            String name,
            ReplicaIdentity identity,
            List<Column> columns,
            @Nullable List<Integer> recordIdColumns,
            List<Membership> publications,
            @Nullable TableFacts facts) {
        this(version, oid, schema, name, identity, columns, recordIdColumns, publications, facts, null);
    }

    /**
     * Returns true if other tables of the source may have the name {@code schema.name}, too: shards of one logical table. Then a
     * TRUNCATE, or a snapshot of this table, does not say which rows of that name exist.
     */
    public boolean sharesName() {
        return real != null;
    }

    /** Returns the table's name at the source, for statements that the source runs. */
    public TableName atSource() {
        return real == null ? new TableName(schema, name) : real;
    }

    /**
     * Returns {@code schema.name}. If one of the two contains a dot, both are in double quotes, so that different tables have different
     * texts.
     */
    public String qualifiedName() {
        boolean dotted = schema.indexOf('.') >= 0 || name.indexOf('.') >= 0;
        return dotted ? new TableName(schema, name).sql() : schema + "." + name;
    }

    /** Returns whether layout and facts are equal. Ignores the version and the file that holds the rows. */
    public boolean sameAs(Relation other) {
        return layoutOnly().equals(other.layoutOnly());
    }

    private Relation layoutOnly() {
        return withVersion(0).withFacts(facts == null ? null : facts.layoutOnly());
    }

    /** Returns whether the other layout is of the same table, or of an earlier table of the same name at the source. */
    public boolean isSameTable(Relation other) {
        if (real != null || other.real != null) {
            return oid == other.oid || atSource().equals(other.atSource());
        }
        return oid == other.oid || (name.equals(other.name) && schema.equals(other.schema));
    }

    public Relation withVersion(int newVersion) {
        return new Relation(
                newVersion, oid, schema, name, identity, columns, recordIdColumns, publications, facts, real);
    }

    public Relation withFacts(@Nullable TableFacts others) {
        return new Relation(version, oid, schema, name, identity, columns, recordIdColumns, publications, others, real);
    }
}
