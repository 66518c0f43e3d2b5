package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

/** What {@code cdc top} prints. */
class TopViewTest {

    private static final String TABLES = """
            {"pipeline":"shop","seconds":119.6,"tables":[
             {"table":"a_schema_with_a_long_name.a_table_with_a_long_name","changes":0,"changes_per_second":0.0,"bytes":0,
              "bytes_per_second":0.0,"old_row_share":null,"unread_columns":[],"unread_share":null,"sql":null,"why_no_sql":null},
             {"table":"public.users","changes":12345,"changes_per_second":45.6,"bytes":1234567,"bytes_per_second":2345.6,
              "old_row_share":0.0,"unread_columns":["photo","note"],"unread_share":0.62,
              "sql":"BEGIN;\\nALTER PUBLICATION \\"p\\" DROP TABLE \\"public\\".\\"users\\";\\nCOMMIT;","why_no_sql":null},
             {"table":"public.orders","changes":7,"changes_per_second":0.7,"bytes":700,"bytes_per_second":9999.0,
              "old_row_share":0.415,"unread_columns":["v"],"unread_share":0.1,"sql":null,"why_no_sql":"Do this first."}]}
            """;

    @Test
    void theMostExpensiveTableIsFirstAndNoLineIsTooLong() throws Exception {
        assertEquals("""
                shop: 3 tables with changes, in 2 min

                TABLE                       CHANGES/S CHANGES  BYTES/S    BYTES OLD ROWS  UNREAD
                public.orders                     0.7       7  10.0 kB    700 B      42%     10%
                public.users                       46  12.3 k   2.3 kB   1.2 MB       0%     62%
                a_schema_with_a_long_name.~         0       0      0 B      0 B        -

                No sink reads these columns of public.orders: v (10% of its bytes). Do this
                first.

                No sink reads these columns of public.users: photo, note (62% of its bytes). The
                server stops sending them, to every reader of the publication, with:
                  BEGIN;
                  ALTER PUBLICATION "p" DROP TABLE "public"."users";
                  COMMIT;
                """, String.join("\n", TopView.lines(new ObjectMapper().readTree(TABLES), 80)) + "\n");
    }

    @Test
    void withoutChangesItSaysSo() throws Exception {
        assertEquals(
                "shop: no change of any table yet, in 3 s",
                String.join(
                        "\n",
                        TopView.lines(
                                new ObjectMapper().readTree("{\"pipeline\":\"shop\",\"seconds\":3,\"tables\":[]}"),
                                80)));
    }
}
