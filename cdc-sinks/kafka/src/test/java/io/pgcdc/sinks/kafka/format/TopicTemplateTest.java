package io.pgcdc.sinks.kafka.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class TopicTemplateTest {

    private static boolean mayGive(String template, String topic) {
        return TopicTemplate.parse(template).mayGive(topic, "shop");
    }

    @Test
    void saysWhetherValuesGiveAName() {
        assertTrue(mayGive("${prefix}.${schema}.${table}", "shop.public.users"));
        assertTrue(mayGive("${prefix}.${schema}.${table}", "shop.."));
        assertFalse(mayGive("${prefix}.${schema}.${table}", "shop.public"));
        assertFalse(mayGive("${prefix}.${table}", "other.users"));
        assertTrue(mayGive("shop.changes", "shop.changes"));
        assertFalse(mayGive("shop.changes", "shop.changes2"));
        assertFalse(mayGive("a${table}a", "a"), "the parts do not overlap");
    }

    @Test
    void agreesWithARegularExpression() {
        Random random = new Random(1);
        int given = 0;
        for (int i = 0; i < 20_000; i++) {
            String template = text(random, "ab?", 6).replace("?", "${table}");
            String topic = text(random, "ab", 8);
            boolean expected = topic.matches(
                    Pattern.compile("(\\$\\{table})+").matcher(template).replaceAll(".*"));
            assertEquals(expected, mayGive(template, topic), template + " " + topic);
            given += expected ? 1 : 0;
        }
        assertTrue(given > 500, given + " names were given");
    }

    private static String text(Random random, String from, int longest) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(longest); i >= 0; i--) {
            text.append(from.charAt(random.nextInt(from.length())));
        }
        return text.toString();
    }

    @Test
    void manyPlaceholdersTakeNoTime() {
        String template = "${table}a".repeat(60) + "z";
        assertFalse(assertTimeoutPreemptively(Duration.ofSeconds(20), () -> mayGive(template, "a".repeat(249))));
    }
}
