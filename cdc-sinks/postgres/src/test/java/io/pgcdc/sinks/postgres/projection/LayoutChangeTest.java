package io.pgcdc.sinks.postgres.projection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pgcdc.model.TableName;
import io.pgcdc.sinks.postgres.projection.KnownLayout.KnownColumn;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What two layouts of one table say of the time between. A column is written number:name:type:stamp, then D for a value that old rows have, F for
 * one that was filled; number 0 is not known. A line before a column list is rewrites/last attnum.
 */
class LayoutChangeTest {

    private static final TableName T = new TableName("public", "t");

    @ParameterizedTest(name = "{0} -> {1}: {2}")
    @CsvSource(nullValues = "-", textBlock = """
            0/2 1:id:1:1 2:v:2:1 , 0/2 1:id:1:1 2:v:2:1                     , ''
            0/2 1:id:1:1 2:v:2:1 , 0/2 2:v:2:1 1:id:1:1                     , ''
            0/2 1:id:1:1 2:v:2:1 , 0/2 1:id:1:1 2:v:2:9                     , ''
            0/2 1:id:1:1 2:v:2:1 , 1/2 1:id:1:1 2:v:2:1                     , ''
            0/2 1:id:1:1 2:v:2:1 , 1/2 1:id:1:1 2:v:2:9                     , 'REWRITTEN v'
            0/2 1:id:1:1 2:v:2:1D, 1/2 1:id:1:1 2:v:2:9                     , 'PERHAPS_REWRITTEN v'
            0/2 1:id:1:1 2:v:2:1 , 0/2 1:id:1:1 2:v:3:9                     , 'WIDENED v 2 -1'
            0/2 1:id:1:1 2:v:2:1 , 1/2 1:id:1:1 2:v:3:9                     , 'RETYPED v'
            0/2 1:id:1:1 2:v:2:1 , 0/2 1:id:1:1 2:w:2:9                     , 'RENAMED w v'
            0/2 1:id:1:1 2:v:2:1 , 0/2 1:v:1:9 2:id:2:9                     , 'RENAMED v id, RENAMED id v'
            0/2 1:id:1:1 2:v:2:1 , 1/2 1:id:1:1 2:w:2:9                     , 'RENAMED w v, REWRITTEN w'
            0/2 1:id:1:1 2:v:2:1 , 0/2 1:id:1:1                             , 'GONE v'
            0/2 1:id:1:1 2:v:2:1 , 0/3 1:id:1:1 2:v:2:1 3:w:1:9             , 'ADDED w'
            0/2 1:id:1:1 2:v:2:1 , 0/3 1:id:1:1 2:v:2:1 3:w:1:9F            , 'ADDED w'
            0/2 1:id:1:1 2:v:2:1 , 0/3 1:id:1:1 2:v:2:1 3:w:1:9D            , 'ADDED w D'
            0/2 1:id:1:1 2:v:2:1 , 1/3 1:id:1:1 2:v:2:1 3:w:1:9D            , 'ADDED w D'
            0/2 1:id:1:1 2:v:2:1 , 1/3 1:id:1:1 2:v:2:1 3:w:1:9             , 'ADDED_PERHAPS_FILLED w'
            0/2 1:id:1:1 2:v:2:1 , 1/3 1:id:1:1 2:v:2:1 3:w:1:9F            , 'FILLED w'
            0/2 1:id:1:1 2:v:2:1 , 0/3 1:id:1:1 3:v:2:9                     , 'ADDED v, GONE v'
            0/3 1:id:1:1 2:v:2:1 , 0/3 1:id:1:1 2:v:2:1 3:w:1:9             , 'FILLED w'
            0/3 1:id:1:1 2:v:2:1 , 0/3 1:id:1:1 2:v:2:1 3:w:1:9D            , 'FILLED w'
            0/2 1:id:1:1 2:v:2:1 , 0/0 0:id:1:0 0:v:2:0                     , ''
            0/2 1:id:1:1 2:v:2:1 , 0/0 1:id:1:1 0:v:2:0                     , ''
            0/2 1:id:1:1 2:v:2:1 , 0/0 1:id:1:1 0:w:2:0                     , 'UNKNOWN w, GONE v'
            0/2 1:id:1:1 2:v:2:1 , 0/0 1:id:1:1 0:v:3:0                     , 'RETYPED v'
            0/0 0:id:1:0 0:v:2:0 , 0/2 1:id:1:1 2:v:2:1                     , ''
            0/0 0:id:1:0 0:v:2:0 , 0/3 1:id:1:1 2:v:2:1 3:w:1:1             , 'UNKNOWN w'
            """)
    void between(String before, String now, String changes) {
        assertEquals(changes, between(layout(before), layout(now)));
    }

    /** One of the two first is not known by numbers: what the other knows counts from then on. */
    @ParameterizedTest(name = "{0}, {1} -> {2}: {3}")
    @CsvSource(nullValues = "-", textBlock = """
            0/0 0:id:1:0 0:v:2:0, 0/2 1:id:1:1 2:v:2:1, 0/2 1:id:1:1 2:w:2:9 , 'RENAMED w v'
            0/0 0:id:1:0 0:v:2:0, 3/2 1:id:1:1 2:v:2:1, 3/2 1:id:1:1 2:v:2:9 , ''
            0/0 0:id:1:0 0:v:2:0, 3/2 1:id:1:1 2:v:2:1, 4/2 1:id:1:1 2:v:2:9 , 'REWRITTEN v'
            0/0 0:id:1:0 0:v:2:0, 0/3 1:id:1:1 2:v:2:1, 0/3 1:id:1:1 3:v:2:1 , 'FILLED v, GONE v'
            0/2 1:id:1:1 2:v:2:1, 0/0 0:id:1:0 0:v:2:0, 0/2 1:id:1:1 2:w:2:9 , 'RENAMED w v'
            2/2 1:id:1:1 2:v:2:1, 0/0 0:id:1:0 0:v:2:0, 3/2 1:id:1:1 2:v:2:9 , 'REWRITTEN v'
            0/2 1:id:1:1 0:v:2:0, 0/2 1:id:1:1 2:v:2:1, 0/2 1:id:1:1 2:w:2:9 , 'RENAMED w v'
            0/2 1:id:1:1 0:v:2:0, 0/0 0:id:1:0 2:v:2:1, 0/2 1:id:1:1 2:w:2:9 , 'RENAMED w v'
            0/0 0:id:1:0 0:v:2:0, 0/0 0:id:1:0 0:v:2:0, 0/2 1:id:1:1 2:w:2:9 , 'UNKNOWN w, GONE v'
            """)
    void historyIsTakenFromWhatIsKnown(String before, String now, String later, String changes) {
        assertEquals(changes, between(layout(now).withHistoryOf(layout(before)), layout(later)));
    }

    private static String between(KnownLayout before, KnownLayout now) {
        return LayoutChange.between(before, now).stream()
                .map(c -> c.kind() + " " + c.column() + (c.detail() == null ? "" : " " + c.detail()))
                .collect(Collectors.joining(", "));
    }

    private static KnownLayout layout(String text) {
        String[] parts = text.split(" ");
        String[] counts = parts[0].split("/");
        List<KnownColumn> columns =
                Arrays.stream(parts).skip(1).map(LayoutChangeTest::column).toList();
        return new KnownLayout(1, T, T, Integer.parseInt(counts[0]), Integer.parseInt(counts[1]), false, 0, columns);
    }

    private static KnownColumn column(String text) {
        String[] parts = text.replaceAll("[DF]", "").split(":");
        return new KnownColumn(
                parts[1],
                Integer.parseInt(parts[0]),
                Integer.parseInt(parts[3]),
                Integer.parseInt(parts[2]),
                -1,
                text.contains("F"),
                text.contains("D") ? "D" : null);
    }
}
