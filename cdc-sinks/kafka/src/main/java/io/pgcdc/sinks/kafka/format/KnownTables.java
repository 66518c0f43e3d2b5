package io.pgcdc.sinks.kafka.format;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.model.Column;
import io.pgcdc.model.ColumnName;
import io.pgcdc.model.PerLayout;
import io.pgcdc.model.Relation;
import io.pgcdc.model.TableName;
import io.pgcdc.setting.SettingValues;
import java.util.ArrayList;
import java.util.List;

/** Keeps the {@link TableRecords} of each table layout that has occurred. For one thread. */
final class KnownTables {

    private final String sink;
    private final TopicNames names;
    private final Topics topics;
    private final List<ColumnName> keys;
    private final PerLayout<TableRecords> known = new PerLayout<>();

    KnownTables(String sink, SettingValues settings, Topics topics) {
        this.sink = sink;
        this.topics = topics;
        names = new TopicNames(sink, settings);
        keys = settings.get(FormatSettings.KEY_COLUMNS);
    }

    TableRecords of(Relation relation) {
        TableRecords table = known.find(relation);
        if (table == null) {
            String name = names.of(relation);
            table = new TableRecords(relation, key(relation), topic(name, relation.qualifiedName()));
            known.put(relation, table);
        }
        return table;
    }

    /** Returns true if other records than the table's may go to its topic. */
    boolean isShared(Relation relation) {
        return names.isShared(relation);
    }

    /**
     * Returns a topic, and creates it if needed.
     *
     * @param of chooses the partition for records without a key: an equal text gives an equal partition
     */
    Topic topic(String name, String of) {
        return new Topic(name, Math.floorMod(of.hashCode(), topics.partitions(name)));
    }

    private List<Integer> key(Relation relation) {
        TableName table = new TableName(relation.schema(), relation.name());
        List<String> columns = relation.columns().stream().map(Column::name).toList();
        List<Integer> chosen = new ArrayList<>();
        for (ColumnName key : keys) {
            if (key.table().equals(table)) {
                int at = columns.indexOf(key.column());
                if (at < 0) {
                    throw new SinkException(
                            ErrorCode.TARGET_MISFIT,
                            "sink \"" + sink + "\": key_columns contains " + key + ", but the table has no such column"
                                    + " that reaches the sink. Correct key_columns.");
                }
                chosen.add(at);
            }
        }
        List<Integer> own = relation.recordIdColumns();
        return !chosen.isEmpty() ? chosen : own != null ? own : List.of();
    }
}
