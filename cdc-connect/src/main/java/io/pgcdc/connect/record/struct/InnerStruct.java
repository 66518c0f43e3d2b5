package io.pgcdc.connect.record.struct;

import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;

/**
 * A Struct that is the value of a field of another one. {@link Struct} checks such a value completely as it goes into the field, although {@link
 * #put} has checked each of its values before; this one does not. So whoever fills it makes sure that no required field is missing.
 */
public final class InnerStruct extends Struct {

    /** Creates it empty. */
    public InnerStruct(Schema schema) {
        super(schema);
    }

    @Override
    public void validate() {
        // put has checked each value
    }
}
