package io.pgcdc.sinks.postgres.projection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pgcdc.model.Column;
import io.pgcdc.model.PgType;
import io.pgcdc.model.Relation;
import io.pgcdc.model.ReplicaIdentity;
import io.pgcdc.model.TableFacts;
import io.pgcdc.model.TableFacts.ColumnFacts;
import io.pgcdc.model.TableName;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The words of each remedy, by what a table is. Its SQL is run by RemedySqlTest and SourceDdlTest. */
class RemedyTest {

    private static final TableName T = new TableName("public", "t");
    private static final String SAY = "SAY;";
    private static final String AGAIN = "On the source, to have all rows sent again: ";
    private static final String FULL = "ALTER TABLE \"public\".\"t\" REPLICA IDENTITY FULL; ";
    private static final String UPDATE = "UPDATE \"public\".\"t\" SET \"v\" = \"v\";";
    private static final String ACCEPTED = "In the target: SAY; Then start again. ";

    /** Column id is the key, if there is one; v is plain, if any is. */
    private static Remedy remedy(ReplicaIdentity identity, boolean key, boolean plain) {
        return new Remedy(relation(identity, key, facts(plain, false)), T, SAY);
    }

    private static TableFacts facts(boolean plain, boolean partitioned) {
        List<@Nullable ColumnFacts> columns =
                List.of(new ColumnFacts(1, 1, true, null), new ColumnFacts(2, 1, !plain, null));
        return new TableFacts(0, 0, 2, partitioned, null, columns);
    }

    private static Relation relation(ReplicaIdentity identity, boolean key, @Nullable TableFacts facts) {
        List<Column> columns = List.of(
                new Column("id", PgType.base(23, "int4"), -1, key),
                new Column("v", PgType.base(25, "text"), -1, false));
        return new Relation(1, 99, "public", "t", identity, columns, key ? List.of(0) : null, List.of(), facts);
    }

    @ParameterizedTest
    @CsvSource({"DEFAULT", "NOTHING"})
    void anIdentityIsGivenBack(ReplicaIdentity identity) {
        assertEquals(
                ACCEPTED + AGAIN + FULL + UPDATE + " ALTER TABLE \"public\".\"t\" REPLICA IDENTITY " + identity + ";",
                remedy(identity, true, true).overwritten(List.of()));
    }

    @Test
    void fullNeedsNoOtherIdentity() {
        assertEquals(
                ACCEPTED + AGAIN + UPDATE,
                remedy(ReplicaIdentity.FULL, true, true).overwritten(List.of()));
    }

    @Test
    void theIndexIsNamedBeforeItIsReplaced() {
        assertEquals(
                ACCEPTED
                        + "Before, SELECT indexrelid::regclass FROM pg_index WHERE indisreplident AND indrelid ="
                        + " '\"public\".\"t\"'::regclass names the index that ALTER TABLE \"public\".\"t\" REPLICA IDENTITY"
                        + " USING INDEX must restore afterwards. " + AGAIN + FULL + UPDATE,
                remedy(ReplicaIdentity.INDEX, true, true).overwritten(List.of()));
    }

    @Test
    void withoutAPlainColumnAnotherOneIsAskedFor() {
        assertEquals(
                ACCEPTED
                        + "If \"v\" is an identity or generated column, name another one in the UPDATE below; if there is"
                        + " none, copy the rows by hand. " + AGAIN + UPDATE,
                remedy(ReplicaIdentity.FULL, true, false).overwritten(List.of()));
    }

    @Test
    void withoutAKeyAnUpdateHelpsOnlyWhereTheTargetHasOne() {
        assertEquals(
                ACCEPTED
                        + "It has no key: if the target's table has none either, the sink cannot apply the UPDATE below; copy"
                        + " the rows by hand instead. " + AGAIN + UPDATE,
                remedy(ReplicaIdentity.FULL, false, true).overwritten(List.of()));
    }

    @Test
    void withoutAKeyAnEmptiedTableIsCopiedByHand() {
        assertEquals(
                "It has no key, so rows that an UPDATE sends again cannot be applied. Make \"public\".\"t\" equal to it by"
                        + " hand (COPY), while no session writes to it. In the target: SAY; Then start again.",
                remedy(ReplicaIdentity.FULL, false, true).emptied(List.of(T), List.of()));
    }

    @Test
    void anEmptiedTableIsEmptiedInOneTransaction() {
        assertEquals(
                "In the target: BEGIN; A; DELETE FROM \"public\".\"t\"; SAY; COMMIT; Then start again. " + AGAIN
                        + UPDATE,
                remedy(ReplicaIdentity.FULL, true, true).emptied(List.of(T), List.of("A")));
    }

    /** Partitions do not get the identity of their root. */
    @Test
    void partitionsGetTheIdentityOneByOne() {
        String each = "DO $$ DECLARE t regclass; BEGIN FOR t IN SELECT relid FROM pg_partition_tree('\"public\".\"t\"')"
                + " LOOP EXECUTE format('ALTER TABLE %%s REPLICA IDENTITY %s', t); END LOOP; END $$;";
        Remedy remedy = new Remedy(relation(ReplicaIdentity.FULL, true, facts(true, true)), T, SAY);
        assertEquals(
                ACCEPTED
                        + "Each partition has its own replica identity: restore those other than DEFAULT afterwards. "
                        + AGAIN + each.formatted("FULL") + " " + UPDATE + " " + each.formatted("DEFAULT"),
                remedy.overwritten(List.of()));
    }
}
