package io.pgcdc.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.pgcdc.model.Column;
import io.pgcdc.model.Membership;
import io.pgcdc.model.PgType;
import io.pgcdc.model.Relation;
import io.pgcdc.model.ReplicaIdentity;
import io.pgcdc.model.TableFacts;
import io.pgcdc.model.TableFacts.ColumnFacts;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table {@code shop.users (tenant int4, id int4, email text, age int4)}, keyed by {@code (id, tenant)}. */
class ColumnViewTest {

    private static final PgType INT4 = PgType.base(23, "int4");
    private static final PgType TEXT = PgType.base(25, "text");

    private static final Relation USERS = new Relation(
            7,
            16_385,
            "shop",
            "users",
            ReplicaIdentity.DEFAULT,
            List.of(
                    new Column("tenant", INT4, -1, true),
                    new Column("id", INT4, -1, true),
                    new Column("email", TEXT, -1, false),
                    new Column("age", INT4, 5, false)),
            List.of(1, 0),
            List.of(new Membership("p", true, true, true, true, null, null, false)));

    private static ColumnView view(Relation whole, String excluded, String masked) {
        return new ColumnView(
                whole,
                names(excluded),
                names(masked).stream()
                        .map(name -> MaskedColumn.parse("shop.users." + name + "=fixed:x"))
                        .toList(),
                null);
    }

    private static List<String> names(@Nullable String words) {
        return words == null ? List.of() : List.of(words.split(" "));
    }

    /** Each column as name:source, with an asterisk if it is masked; then the key's indexes. */
    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            -           , -      , tenant:0 id:1 email:2 age:3   , 1 0
            email       , -      , tenant:0 id:1 age:3           , 1 0
            email age   , -      , tenant:0 id:1                 , 1 0
            tenant      , -      , id:1 email:2 age:3            , -
            id          , -      , tenant:0 email:2 age:3        , -
            gone        , other  , tenant:0 id:1 email:2 age:3   , 1 0
            -           , email  , tenant:0 id:1 email:2* age:3  , 1 0
            -           , id     , tenant:0 id:1* email:2 age:3  , 1 0
            email       , age id , tenant:0 id:1* age:3*         , 1 0
            email       , email  , tenant:0 id:1 age:3           , 1 0
            """)
    void aKeyIsSeenWholeOrNotAtAll(
            @Nullable String excluded, @Nullable String masked, String expected, @Nullable String key) {
        ColumnView view = view(USERS, excluded, masked);
        List<Column> columns = view.relation().columns();
        @Nullable MaskedCell[] cells = view.cells();
        StringBuilder seen = new StringBuilder();
        for (int i = 0; i < columns.size(); i++) {
            seen.append(i == 0 ? "" : " ")
                    .append(columns.get(i).name())
                    .append(':')
                    .append(view.source(i));
            seen.append(cells[i] == null ? "" : "*");
        }
        assertEquals(expected, seen.toString());
        List<Integer> recordId = view.relation().recordIdColumns();
        assertEquals(
                key,
                recordId == null ? null : recordId.stream().map(String::valueOf).collect(Collectors.joining(" ")));
    }

    @Test
    void aMaskedColumnIsTextAndStaysInTheReplicaIdentity() {
        List<Column> columns = view(USERS, null, "id age").relation().columns();
        assertEquals(
                List.of(
                        new Column("tenant", INT4, -1, true),
                        new Column("id", TEXT, -1, true),
                        new Column("email", TEXT, -1, false),
                        new Column("age", TEXT, -1, false)),
                columns);
    }

    @Test
    void whatTheTableIsStays() {
        Relation seen = view(USERS, "age", "email").relation();
        assertEquals(USERS.version(), seen.version());
        assertEquals(USERS.oid(), seen.oid());
        assertEquals(USERS.qualifiedName(), seen.qualifiedName());
        assertEquals(USERS.identity(), seen.identity());
        assertEquals(USERS.publications(), seen.publications());
        assertNull(seen.facts());
    }

    /** The value that old rows have of a column is a value, too. */
    @Test
    void factsGoWithTheirColumnsUnlessTheyHoldAValueThatIsMasked() {
        ColumnFacts plain = new ColumnFacts(1, 0, true, null);
        ColumnFacts filled = new ColumnFacts(2, 0, true, "18");
        TableFacts facts = new TableFacts(9, 2, 5, false, null, Arrays.asList(plain, plain, null, filled), false);
        Relation whole = USERS.withFacts(facts);

        assertEquals(
                facts.withColumns(Arrays.asList(plain, plain, filled)),
                view(whole, "email", null).relation().facts());
        assertEquals(
                Arrays.asList(plain, plain, null, null),
                Objects.requireNonNull(view(whole, null, "id age").relation().facts())
                        .columns());
    }
}
