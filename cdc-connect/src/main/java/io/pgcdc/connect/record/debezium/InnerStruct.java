package io.pgcdc.connect.record.debezium;

import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;

/** A value of a field of another Struct. {@link #put} has checked each of its values: {@link Struct} would check all again as it goes into the field. */
final class InnerStruct extends Struct {

    InnerStruct(Schema schema) {
        super(schema);
    }

    @Override
    public void validate() {}
}
