package io.pgcdc.sinks.kafka.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.model.Relation;
import io.pgcdc.model.ReplicaIdentity;
import io.pgcdc.model.TableName;
import io.pgcdc.setting.SettingValues;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which topics of public.users may have records of others. */
class SharedTopicsTest {

    private static final Relation USERS =
            new Relation(1, 1, "public", "users", ReplicaIdentity.DEFAULT, List.of(), null, List.of());

    @ParameterizedTest
    @CsvSource({
        "${prefix}.${schema}.${table},                              , false",
        "all,                                                       , true",
        "${prefix}.${table},                                        , true",
        "${prefix}.${schema}.${table}, public.users=users           , false",
        "${prefix}.${schema}.${table}, public.users=shop.users      , false",
        "${prefix}.${schema}.${table}, public.users=shop.users.x    , true",
        "${prefix}.${schema}.${table}, public.*=users               , true",
        "${prefix}.${schema}.${table}, public.orders=shop.public.users, true",
        "${prefix}.${schema}.${table}, public.orders=shop.orders    , false",
        "all,                          public.users=users;public.orders=users, true",
        "all,                          public.users=users;public.*=log-${schema}, false",
        "${prefix}.${schema}.${table}, public.users=shop.message    , true",
    })
    void recordsOfOthersMayBeInATopic(String topic, String rules, boolean shared) {
        List<TopicRule> parsed = rules == null
                ? List.of()
                : Arrays.stream(rules.split(";")).map(TopicRule::parse).toList();
        SettingValues settings = new SettingValues(Map.of(
                "prefix",
                "shop",
                "topic",
                TopicTemplate.parse(topic),
                "topic_rules",
                parsed,
                "message_topic",
                "shop.message"));
        assertEquals(shared, new TopicNames("bus", settings).isShared(USERS));
    }

    @ParameterizedTest
    @CsvSource({
        "a.b, c,     a, b.c,   p.a.b.c",
        "a,   foo$x, a, foo@x, p.a.foo_x",
    })
    void twoTablesDoNotShareATopicUnnoticed(String schema, String table, String schema2, String table2, String topic) {
        TopicNames names = new TopicNames("bus", new SettingValues(Map.of("prefix", "p")));
        Relation one = table(schema, table);
        assertEquals(topic, names.of(one));
        SinkException e = assertThrows(SinkException.class, () -> names.of(table(schema2, table2)));
        assertEquals(ErrorCode.TARGET_MISFIT, e.code());
        String message = String.valueOf(e.getMessage());
        String other = new TableName(schema, table).toString();
        assertTrue(message.contains("and " + other + " would both go to topic \"" + topic + "\""), message);
        assertTrue(message.contains("topic_rules"), message);
        assertEquals(topic, names.of(one), "the first table keeps its topic");
    }

    private static Relation table(String schema, String name) {
        return new Relation(1, 1, schema, name, ReplicaIdentity.DEFAULT, List.of(), null, List.of());
    }
}
