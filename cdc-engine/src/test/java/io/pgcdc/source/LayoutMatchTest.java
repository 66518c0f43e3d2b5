package io.pgcdc.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pgcdc.catalog.TableHistory;
import io.pgcdc.catalog.TableHistory.CatalogColumn;
import io.pgcdc.decode.RelationMessage.ColumnLayout;
import io.pgcdc.model.Membership;
import io.pgcdc.model.TableFacts;
import io.pgcdc.model.TableFacts.ColumnFacts;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The catalog is read later than a Relation message was made. Columns are name:type; those of the catalog number:name:type, G if generated. */
class LayoutMatchTest {

    @ParameterizedTest(name = "{0} in {1} of {2}: {3}")
    @CsvSource(nullValues = "-", textBlock = """
            id:1 v:2     , 1:id:1 2:v:2              , -      , 1 2   last 9
            id:1 v:2     , 1:id:1 2:v:2 3:w:1        , -      , 1 2   last 2 outdated
            id:1 v:2     , 1:id:1 4:v:2 7:w:1 8:x:1  , -      , 1 4   last 6 outdated
            id:1 v:2     , 1:id:1 2:g:1G 3:v:2       , -      , 1 3   last 9
            id:1 v:2     , 1:id:1 2:v:2 3:g:1G       , -      , 1 2   last 9
            id:1 g:1 v:2 , 1:id:1 2:g:1G 3:v:2       , -      , 1 2 3 last 9
            id:1 v:2     , 1:id:1 2:w:2              , -      , 1 ?   last 9 outdated
            id:1 v:2     , 1:id:1 3:v:3              , -      , 1 ?   last 9 outdated
            id:1 v:2     , 1:id:1                    , -      , 1 ?   last 9 outdated
            id:1 v:2 w:1 , 1:id:1 3:w:1              , -      , 1 ? ? last 9 outdated
            id:1 v:2     , 1:id:1 2:x:1 3:v:2        , id v   , 1 3   last 9
            id:1 v:2     , 1:id:1 2:x:1 3:v:2        , -      , 1 ?   last 9 outdated
            id:1 v:2     , 1:id:1 2:v:2 3:w:1        , id v   , 1 2   last 9
            id:1 v:2     , 1:id:1 2:v:2 3:w:1        , id v w , 1 2   last 9 outdated
            id:1 v:2     , 1:id:1 2:v:2 3:w:1 4:x:1  , id v x , 1 2   last 9 outdated
            """)
    void columnsAreFoundUnlessTheyWereAlteredSince(
            String message, String catalog, @Nullable String published, String expected) {
        TableFacts facts = LayoutMatch.facts(
                Arrays.stream(message.split(" ")).map(LayoutMatchTest::layout).toList(),
                new TableHistory(
                        new TableFacts(7, 0, 9, false, null, List.of()),
                        Arrays.stream(catalog.split(" "))
                                .map(LayoutMatchTest::column)
                                .toList()),
                published == null
                        ? List.of(publication(null), publication(List.of("id")))
                        : List.of(publication(List.of(published.split(" ")))));
        assertEquals(
                expected.replaceAll(" +", " "),
                facts.columns().stream()
                                .map(column -> column == null ? "?" : String.valueOf(column.attnum()))
                                .collect(Collectors.joining(" "))
                        + " last " + facts.lastAttnum() + (facts.outdated() ? " outdated" : ""));
    }

    private static Membership publication(@Nullable List<String> columns) {
        return new Membership("p", true, true, true, true, null, columns, false);
    }

    private static ColumnLayout layout(String text) {
        String[] parts = text.split(":");
        return new ColumnLayout(parts[0], Integer.parseInt(parts[1]), -1, false);
    }

    private static CatalogColumn column(String text) {
        String[] parts = text.replace("G", "").split(":");
        ColumnFacts facts = new ColumnFacts(Integer.parseInt(parts[0]), 0, false, null);
        return new CatalogColumn(parts[1], Integer.parseInt(parts[2]), -1, text.endsWith("G"), facts);
    }
}
