package io.pgcdc.sinks.kafka.readers;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Random values as SQL writes them. */
final class Literals {

    private static final List<String> WORDS =
            List.of("", "a", "it''s", "\"q\" \\\\ /", "ünï 日本 \uD83D\uDC18", "\\n\\t", "null", "{}", "[1]");

    private Literals() {}

    static String smallint(Random random) {
        return "'" + (short) random.nextInt() + "'";
    }

    static String integer(Random random) {
        return "'" + random.nextInt() + "'";
    }

    static String bigint(Random random) {
        return "'" + random.nextLong() + "'";
    }

    static String real(Random random) {
        return "'" + (random.nextInt(1 << 20) / 1024f) + "'";
    }

    static String doublePrecision(Random random) {
        return random.nextInt(6) == 0 ? "'1e-300'" : "'" + random.nextGaussian() * 1e9 + "'";
    }

    /** Of no more digits before the point than {@code digits}. */
    static Function<Random, String> numeric(int digits, int scale) {
        return random -> {
            BigInteger unscaled =
                    new BigInteger(200, random).mod(BigInteger.TEN.pow(1 + random.nextInt(digits + scale)));
            return "'" + new BigDecimal(random.nextBoolean() ? unscaled : unscaled.negate(), scale).toPlainString()
                    + "'";
        };
    }

    /** Of any number of digits behind the point. */
    static String anyNumeric(Random random) {
        return numeric(15, random.nextInt(12)).apply(random);
    }

    static String bool(Random random) {
        return Boolean.toString(random.nextBoolean());
    }

    static String text(Random random) {
        return "E'" + WORDS.get(random.nextInt(WORDS.size())) + "'";
    }

    /** Text that is kept outside of its row, and by chance is not, as it is short. */
    static String large(Random random) {
        return random.nextBoolean() ? text(random) : "repeat('" + random.nextLong() + "é', 400)";
    }

    static String bytes(Random random) {
        byte[] bytes = new byte[random.nextInt(20)];
        random.nextBytes(bytes);
        return "'\\x" + HexFormat.of().formatHex(bytes) + "'";
    }

    static Function<Random, String> bits(int length) {
        return random ->
                "B'" + random.ints(length, 0, 2).mapToObj(Integer::toString).collect(Collectors.joining()) + "'";
    }

    static String date(Random random) {
        return "'%d-%02d-%02d'".formatted(1800 + random.nextInt(400), 1 + random.nextInt(12), 1 + random.nextInt(28));
    }

    static String time(Random random) {
        return "'%02d:%02d:%02d.%06d'"
                .formatted(random.nextInt(24), random.nextInt(60), random.nextInt(60), random.nextInt(1_000_000));
    }

    static String timestamp(Random random) {
        String date = date(random);
        return date.substring(0, date.length() - 1) + " " + time(random).substring(1);
    }

    static String timestamptz(Random random) {
        String timestamp = timestamp(random);
        return timestamp.substring(0, timestamp.length() - 1)
                + List.of("+00'", "+05:30'", "-08'").get(random.nextInt(3));
    }

    static String uuid(Random random) {
        return "'" + new java.util.UUID(random.nextLong(), random.nextLong()) + "'";
    }

    static String json(Random random) {
        return "'{\"a\": %d, \"b\": [true, null, \"é\"], \"c\": 1.50}'".formatted(random.nextInt(1000));
    }

    static Function<Random, String> oneOf(String... texts) {
        return random -> "'" + texts[random.nextInt(texts.length)] + "'";
    }

    static Function<Random, String> array(String type, Function<Random, String> element) {
        return random -> "ARRAY["
                + Stream.generate(() -> element.apply(random))
                        .limit(random.nextInt(4))
                        .collect(Collectors.joining(","))
                + "]::" + type + "[]";
    }
}
