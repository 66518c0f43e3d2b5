package io.pgcdc.sinks.kafka.readers;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A table, and random inserts, updates, deletes and changes of keys. One thread. */
final class RandomTable {

    private static final int NULL_IN = 8;

    private final String name;
    private final List<String> key;
    private final List<Column> columns;
    private final Random random;
    private final List<Integer> rows = new ArrayList<>();
    private int nextId;

    /** @param key the first column is an int, and each row has another one; the others are texts */
    RandomTable(String name, List<String> key, List<Column> columns, Random random) {
        this.name = name;
        this.key = key;
        this.columns = columns;
        this.random = random;
    }

    String name() {
        return name;
    }

    List<String> key() {
        return key;
    }

    List<Column> columns() {
        return columns;
    }

    String create() {
        return "CREATE TABLE " + name + " ("
                + key.stream().map(k -> k + (isFirst(k) ? " int, " : " text, ")).collect(Collectors.joining())
                + columns.stream().map(c -> c.name() + " " + c.type() + ", ").collect(Collectors.joining())
                + "PRIMARY KEY (" + String.join(", ", key) + "))";
    }

    /** That many changes, in transactions of some, each of which is one SQL text. */
    static List<String> transactions(List<RandomTable> tables, int changes, Random random) {
        List<String> transactions = new ArrayList<>();
        for (int left = changes; left > 0; ) {
            int size = Math.min(left, 1 + random.nextInt(20));
            left -= size;
            transactions.add("BEGIN; "
                    + Stream.generate(() ->
                                    tables.get(random.nextInt(tables.size())).change())
                            .limit(size)
                            .collect(Collectors.joining("; "))
                    + "; COMMIT");
        }
        return transactions;
    }

    /** Some change, an insert when there are few rows. */
    private String change() {
        int choice = random.nextInt(10);
        if (rows.size() < 3 || choice < 4) {
            return insert();
        }
        int at = random.nextInt(rows.size());
        int id = rows.get(at);
        if (choice < 7) {
            return update(id);
        }
        if (choice < 8) {
            rows.remove(at);
            return "DELETE FROM " + name + " WHERE " + where(id);
        }
        rows.set(at, nextId++);
        return "UPDATE " + name + " SET (" + String.join(", ", key) + ") = ROW(" + key(rows.get(at)) + ") WHERE "
                + where(id);
    }

    String insert() {
        rows.add(nextId);
        return "INSERT INTO " + name + " VALUES (" + key(nextId++)
                + columns.stream().map(c -> ", " + value(c)).collect(Collectors.joining()) + ")";
    }

    /** Of the row that was made last. */
    int lastId() {
        return nextId - 1;
    }

    private String update(int id) {
        String changed = columns.stream()
                .filter(c -> random.nextBoolean())
                .map(c -> ", " + c.name() + " = " + value(c))
                .collect(Collectors.joining());
        // one column at least, which may stay what it is
        String any = columns.get(random.nextInt(columns.size())).name();
        return "UPDATE " + name + " SET " + (changed.isEmpty() ? any + " = " + any : changed.substring(2)) + " WHERE "
                + where(id);
    }

    private String value(Column column) {
        return random.nextInt(NULL_IN) == 0 ? "NULL" : column.literal().apply(random);
    }

    private String where(int id) {
        return key.get(0) + " = " + id;
    }

    private boolean isFirst(String column) {
        return key.indexOf(column) == 0;
    }

    private String key(int id) {
        return key.stream()
                .map(k -> isFirst(k) ? Integer.toString(id) : "'p " + id % 3 + "'")
                .collect(Collectors.joining(", "));
    }
}
