package io.pgcdc.sinks.avro;

import io.pgcdc.model.ColumnName;
import java.util.List;

/**
 * What can be chosen.
 *
 * @param prefix what names of schemas begin with; empty: nothing
 * @param textColumns columns whose values come as PostgreSQL's text, whatever their type
 */
public record AvroOptions(String prefix, List<ColumnName> textColumns) {

    public AvroOptions {
        textColumns = List.copyOf(textColumns);
    }
}
