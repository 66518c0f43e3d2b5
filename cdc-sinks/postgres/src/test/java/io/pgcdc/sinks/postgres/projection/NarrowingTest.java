package io.pgcdc.sinks.postgres.projection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pgcdc.model.PgType;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Typmods are those of the catalog: numeric(10,2) is 655366, varchar(3) is 7, interval(3) is 2147418115, interval day is 589823. */
class NarrowingTest {

    @ParameterizedTest(name = "{0} {1} -> {2} {3}")
    @CsvSource(textBlock = """
            numeric    , -1    , numeric    , -1        , false
            numeric    , -1    , numeric    , 655366    , true
            numeric    , 655367, numeric    , 655366    , true
            numeric    , 655366, numeric    , 655367    , false
            numeric    , 655366, numeric    , 655366    , false
            float8     , -1    , numeric    , 655366    , true
            int4       , -1    , numeric    , 655366    , false
            float8     , -1    , float4     , -1        , true
            float4     , -1    , float8     , -1        , false
            numeric    , -1    , float8     , -1        , true
            int4       , -1    , int8       , -1        , false
            int8       , -1    , int4       , -1        , false
            timestamptz, -1    , timestamptz, 0         , true
            timestamptz, 0     , timestamptz, 0         , false
            timestamptz, -1    , timestamptz, 6         , false
            timestamp  , 3     , timestamptz, 2         , true
            timestamp  , -1    , date       , -1        , true
            timestamp  , -1    , time       , -1        , true
            interval   , -1    , interval   , 2147418115, true
            interval   , -1    , interval   , 2147418118, false
            interval   , -1    , interval   , 589823    , true
            interval   , 589823, interval   , 589823    , false
            text       , -1    , name       , -1        , true
            varchar    , 7     , varchar    , 7         , false
            text       , -1    , varchar    , 7         , false
            """)
    void whatTheServerDoesNotRefuseIsFound(String from, int fromTypmod, String to, int toTypmod, boolean rounds) {
        TargetTable.TargetColumn column = new TargetTable.TargetColumn(to, to, to, toTypmod, true, false, false, false);
        assertEquals(rounds, Narrowing.rounds(PgType.base(1, from), fromTypmod, column));
        PgType domain = new PgType(20_000, "own", PgType.Kind.DOMAIN, PgType.base(1, from), ',', List.of(), null);
        boolean bySort = rounds && toTypmod == -1;
        assertEquals(bySort, Narrowing.rounds(domain, -1, column), "a domain's length is not known");
    }
}
