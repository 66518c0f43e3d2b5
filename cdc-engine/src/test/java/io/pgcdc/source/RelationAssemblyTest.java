package io.pgcdc.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.catalog.RelationFacts;
import io.pgcdc.catalog.TableHistory;
import io.pgcdc.catalog.TableHistory.CatalogColumn;
import io.pgcdc.decode.MessageBytes;
import io.pgcdc.decode.MessageHandler;
import io.pgcdc.decode.PgOutput;
import io.pgcdc.decode.PgOutputDecoder;
import io.pgcdc.decode.RelationMessage;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.life.Clock;
import io.pgcdc.model.Column;
import io.pgcdc.model.Membership;
import io.pgcdc.model.PgType;
import io.pgcdc.model.Relation;
import io.pgcdc.model.ReplicaIdentity;
import io.pgcdc.model.SeenTransactions;
import io.pgcdc.model.TableFacts;
import io.pgcdc.model.TableFacts.ColumnFacts;
import io.pgcdc.model.TableName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Relation messages of {@code shop.t} joined with what a catalog knows. */
class RelationAssemblyTest {

    private static final int OID = 16_385;
    private static final int XID = 771;
    private static final int TEXT = 25;
    private static final int MOOD = 16_400;

    /** Answers as it is told. */
    private static final class Catalog implements TableQuestions {

        final Map<Integer, PgType> types = new HashMap<>(Map.of(TEXT, PgType.base(TEXT, "text")));
        final List<List<Integer>> typesAsked = new ArrayList<>();
        RelationFacts facts = new RelationFacts(null, null, List.of());
        Optional<TableHistory> history = Optional.empty();
        boolean partitionsSendKeys;
        /** Of these looks at it, the transaction is seen by the one that follows. */
        int looksWithout;

        int looks;
        boolean synchronous;

        @Override
        public SeenTransactions seen() {
            return SeenTransactions.parse(++looks > looksWithout ? "772:772:" : "771:771:");
        }

        @Override
        public boolean commitsWaitForStream() {
            return synchronous;
        }

        @Override
        public Map<Integer, PgType> types(String table, List<Integer> oids) {
            typesAsked.add(oids);
            Map<Integer, PgType> found = new HashMap<>(types);
            found.keySet().retainAll(oids);
            return found;
        }

        @Override
        public RelationFacts facts(String table, int oid) {
            return facts;
        }

        @Override
        public boolean partitionsSendKeys(String table, int oid) {
            return partitionsSendKeys;
        }

        @Override
        public Optional<TableHistory> history(String table, int oid) {
            return history;
        }

        @Override
        public String where() {
            return "db:5432/shop as cdc";
        }
    }

    /** Passes only while somebody waits. */
    private static final class Waits implements Clock {

        private final List<Long> waits = new ArrayList<>();

        @Override
        public long nanos() {
            return total() * 1_000_000;
        }

        long total() {
            return waits.stream().mapToLong(Long::longValue).sum();
        }

        @Override
        public void await(CountDownLatch latch, long milliseconds) {
            waits.add(milliseconds);
        }

        @Override
        public long jitter(long milliseconds) {
            return milliseconds;
        }
    }

    private final Catalog catalog = new Catalog();
    private final Waits clock = new Waits();
    private final RelationAssembly assembly = new RelationAssembly(catalog, TableAliases.NONE, clock);

    /** @param columns each a name, a colon and a type's oid, with an asterisk if the message flags it */
    private static RelationMessage message(char identity, String columns) {
        String[] words = columns.split(" ");
        MessageBytes bytes = MessageBytes.of('R')
                .int32(OID)
                .string("shop")
                .string("t")
                .int8(identity)
                .int16(words.length);
        for (String word : words) {
            String[] parts = word.replace("*", "").split(":");
            bytes.int8(word.endsWith("*") ? 1 : 0)
                    .string(parts[0])
                    .int32(parts.length > 1 ? Integer.parseInt(parts[1]) : TEXT)
                    .int32(-1);
        }
        RelationMessage[] read = new RelationMessage[1];
        byte[] message = bytes.bytes();
        new PgOutputDecoder(PgOutput.VERSION).decode(message, 0, message.length, 0, new MessageHandler() {
            @Override
            public void relation(RelationMessage relation) {
                read[0] = relation;
            }
        });
        return read[0];
    }

    private static @Nullable List<String> names(@Nullable String words) {
        return words == null ? null : List.of(words.split(" "));
    }

    /** Replica identity; columns, flagged with an asterisk; primary key and identity index of the catalog; the record_id. */
    @ParameterizedTest(name = "{0}, {1}, primary key {2}, index {3}: {4}")
    @CsvSource(nullValues = "-", textBlock = """
            d , a* b   , a     , -   , a
            d , a* b*  , b a   , -   , b a
            # the catalog no longer knows a key, or has another: the flags are what the row carries
            d , a* b   , -     , -   , a
            d , a* b   , b     , -   , a
            # a column of the key is never sent: the key is not whole
            d , a*     , a b   , -   , -
            d , a b    , -     , -   , -
            d , a b    , a     , -   , -
            # every column is flagged, or none: the catalog alone knows
            f , a* b*  , b     , -   , b
            f , a* b*  , -     , -   , -
            f , a* b*  , c     , -   , -
            f , a* b*  , b c   , -   , -
            n , a b    , a     , -   , a
            n , a b    , -     , -   , -
            # of an index the primary key says nothing
            i , a b*   , a     , b   , b
            i , a b*   , a     , -   , b
            i , a* b*  , a     , b a , b a
            i , b*     , a     , b c , -
            """)
    void theRecordIdIsTheWholeKeyOrNone(
            char identity, String columns, @Nullable String primaryKey, @Nullable String index, @Nullable String key) {
        catalog.facts = new RelationFacts(names(primaryKey), names(index), List.of());
        Relation relation = assembly.assemble(message(identity, columns));
        List<Integer> recordId = relation.recordIdColumns();
        assertEquals(
                key,
                recordId == null
                        ? null
                        : recordId.stream()
                                .map(i -> relation.columns().get(i).name())
                                .collect(Collectors.joining(" ")));
    }

    @Test
    void theMessageSaysWhatTheTableIsAndTheCatalogWhereItIsPublished() {
        Membership membership = new Membership("p", true, true, true, true, null, null, false);
        catalog.facts = new RelationFacts(List.of("a"), null, List.of(membership));
        Relation relation = assembly.layout(message('f', "a* b*"), XID);
        PgType text = PgType.base(TEXT, "text");
        assertEquals(
                new Relation(
                        0,
                        OID,
                        "shop",
                        "t",
                        ReplicaIdentity.FULL,
                        List.of(new Column("a", text, -1, true), new Column("b", text, -1, true)),
                        List.of(0),
                        List.of(membership)),
                relation);
    }

    /** The root of a partitioned table has FULL, and a partition has not: the server sends the partition's rows by its own identity. */
    @Test
    void oldRowsOfPartitionsAreKeysUnlessAllAreFull() {
        catalog.facts = new RelationFacts(List.of("a"), null, List.of());
        catalog.partitionsSendKeys = true;
        Relation relation = assembly.layout(message('f', "a* b*"), XID);
        assertEquals(ReplicaIdentity.DEFAULT, relation.identity());
        assertEquals(
                List.of(true, false),
                relation.columns().stream().map(Column::identity).toList());
        assertEquals(List.of(0), relation.recordIdColumns());
    }

    @Test
    void aTableWithAnAliasKeepsItsRealNameBesideIt() {
        catalog.history = Optional.of(new TableHistory(
                new TableFacts(9, 0, 1, false, new TableFacts.Root(7, "shop", "root"), List.of()), List.of()));
        Relation relation = aliased(Map.of("shop.(t|root)", "public.all")).assemble(message('d', "a"));
        assertEquals("public.all", relation.qualifiedName());
        assertEquals(new TableName("shop", "t"), relation.atSource());
        assertTrue(relation.sharesName());
        assertEquals(
                new TableFacts.Root(7, "public", "all"),
                Objects.requireNonNull(relation.facts()).root());
    }

    /** The coordinator of a sharded database has a table with the logical name, which is empty. */
    @Test
    void aTableThatHasTheNameOfAnAliasSharesIt() {
        Relation relation = aliased(Map.of("shop.t_[0-9]+", "shop.t")).assemble(message('d', "a"));
        assertEquals("shop.t", relation.qualifiedName());
        assertTrue(relation.sharesName());
        assertFalse(assembly.assemble(message('d', "a")).sharesName());
    }

    private RelationAssembly aliased(Map<String, String> aliases) {
        return new RelationAssembly(catalog, TableAliases.of(aliases), clock);
    }

    @Test
    void factsAreNullWhenTheTableIsGone() {
        assertNull(assembly.assemble(message('d', "a")).facts());
        ColumnFacts column = new ColumnFacts(1, 7, false, null);
        catalog.history = Optional.of(new TableHistory(
                new TableFacts(9, 0, 1, false, null, List.of()),
                List.of(new CatalogColumn("a", TEXT, -1, false, column))));
        assertEquals(
                new TableFacts(9, 0, 1, false, null, Arrays.asList(column)),
                assembly.assemble(message('d', "a")).facts());
    }

    @Test
    void aTypeOfTheServersIsAskedForOnceAndAUsersEachTime() {
        catalog.types.put(MOOD, PgType.base(MOOD, "mood"));
        RelationMessage message = message('d', "a:" + TEXT + " b:" + MOOD);
        assembly.assemble(message);
        PgType altered = PgType.base(MOOD, "temper");
        catalog.types.put(MOOD, altered);
        assertSame(altered, assembly.assemble(message).columns().get(1).type());
        assertEquals(List.of(List.of(TEXT, MOOD), List.of(MOOD)), catalog.typesAsked);
    }

    @Test
    void aTypeThatIsGoneIsUnresolvedUntilTheCatalogKnowsIt() {
        catalog.types.clear();
        RelationMessage message = message('d', "a");
        assertEquals(
                PgType.Kind.UNRESOLVED,
                assembly.assemble(message).columns().get(0).type().kind());
        PgType text = PgType.base(TEXT, "text");
        catalog.types.put(TEXT, text);
        assertSame(text, assembly.assemble(message).columns().get(0).type());
    }

    @Test
    void aTransactionThatIsSeenIsNotWaitedFor() {
        assembly.layout(message('d', "a"), XID);
        assertEquals(List.of(), clock.waits);
    }

    @Test
    void aTransactionThatIsNotSeenYetIsWaitedForWithLongerPauses() {
        catalog.looksWithout = 8;
        assembly.layout(message('d', "a"), XID);
        assertEquals(List.of(1L, 2L, 4L, 8L, 16L, 32L, 50L, 50L), clock.waits);
    }

    @Test
    void theStreamBeginsAgainWhenTheTransactionIsNotSeenInASecond() {
        catalog.looksWithout = Integer.MAX_VALUE;
        RelationMessage message = message('d', "a");
        SourceException e = assertThrows(SourceException.class, () -> assembly.layout(message, XID));
        assertEquals(ErrorCode.SOURCE_NOT_VISIBLE_YET, e.code());
        assertTrue(e.getMessage().startsWith("transaction 771 is the first that changes shop.t"), e.getMessage());
        assertTrue(clock.total() > 1_000 && clock.total() <= 1_050, clock.waits.toString());
    }

    /** The commit waits for what would be waited for here. */
    @Test
    void aServerThatWaitsForThisStreamIsNotWaitedFor() {
        catalog.looksWithout = Integer.MAX_VALUE;
        catalog.synchronous = true;
        assertEquals("shop.t", assembly.layout(message('d', "a"), XID).qualifiedName());
        assertEquals(List.of(1L, 2L, 4L, 8L, 16L, 32L), clock.waits);
    }

    @Test
    void anInterruptEndsTheWaitAndStays() {
        catalog.looksWithout = Integer.MAX_VALUE;
        RelationMessage message = message('d', "a");
        Thread.currentThread().interrupt();
        assertThrows(SourceException.class, () -> assembly.layout(message, XID));
        assertTrue(Thread.interrupted());
        assertEquals(List.of(), clock.waits);
    }
}
