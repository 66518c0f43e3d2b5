package io.pgcdc.sinks.filter;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.cel.common.values.NullValue;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelUnknownSet;
import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.json.record.RowEncoder;
import io.pgcdc.model.Change;
import io.pgcdc.model.ChangeKind;
import io.pgcdc.model.Relation;
import io.pgcdc.model.ReplicaIdentity;
import io.pgcdc.model.RowChange;
import io.pgcdc.model.RowView;
import io.pgcdc.model.ValueState;
import io.pgcdc.sink.RefusedChangeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A {@link Condition} for the rows of one layout of a table. For one thread. */
public final class RowCondition {

    /** The result for a change. */
    public enum Verdict {
        TRUE,
        FALSE,
        /** A value that decides was not sent. */
        UNKNOWN,
        /** The condition is null, or another value that says neither yes nor no. */
        NO_BOOLEAN
    }

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private final String sink;
    private final String text;
    private final CelRuntime.Program program;
    private final Relation relation;
    private final List<Used> newColumns;
    private final List<Used> oldColumns;
    private final boolean readsOld;
    private final RowEncoder encoder;
    private final JsonBuffer scratch = new JsonBuffer();
    private final Map<String, Object> variables = new HashMap<>();

    private record Used(String name, int column) {}

    RowCondition(
            String sink,
            String text,
            CelRuntime.Program program,
            Relation relation,
            Set<String> newColumns,
            Set<String> oldColumns,
            boolean readsOld) {
        this.sink = sink;
        this.text = text;
        this.program = program;
        this.relation = relation;
        this.newColumns = used(newColumns);
        this.oldColumns = used(oldColumns);
        this.readsOld = readsOld;
        encoder = new RowEncoder(relation);
        variables.put(Condition.TABLE, relation.name());
    }

    private List<Used> used(Set<String> names) {
        List<Used> used = new ArrayList<>();
        for (int i = 0; i < relation.columns().size(); i++) {
            String name = relation.columns().get(i).name();
            if (names.contains(name)) {
                used.add(new Used(name, i));
            }
        }
        return used;
    }

    /**
     * Returns whether a change meets the condition.
     *
     * @throws RefusedChangeException if a value that decides was not sent, or the condition cannot be applied to the values
     */
    public boolean isMet(Change change) {
        boolean hasOldRow = change.kind() == ChangeKind.UPDATE || change.kind() == ChangeKind.DELETE;
        if (readsOld && hasOldRow && relation.identity() != ReplicaIdentity.FULL) {
            throw refused(
                    change,
                    "names old, but the whole old row was not sent. " + replicaIdentityFull(relation)
                            + " That is for later changes; to pass over this one, write dead_letter: true");
        }
        RowChange row = change.row();
        Verdict verdict;
        try {
            verdict = evaluate(change, row == null ? null : row.newRow(), row == null ? null : row.oldRow());
        } catch (CelEvaluationException e) {
            throw refused(change, "cannot be applied to the row: " + reason(e));
        } catch (UncheckedIOException e) {
            throw refused(change, "cannot be applied to the row: JSON in it is nested too deep");
        }
        if (verdict == Verdict.NO_BOOLEAN) {
            throw refused(change, "is null or no boolean for this row. Compare with a value: new.active == true");
        }
        if (verdict == Verdict.UNKNOWN) {
            throw refused(
                    change,
                    "needs a value that was not sent, because it did not change and is stored out of line. "
                            + replicaIdentityFull(relation)
                            + " That is for later changes; to pass over this one, write dead_letter: true");
        }
        return verdict == Verdict.TRUE;
    }

    /**
     * Returns whether a row that was there before a change met the condition as {@code new}. UNKNOWN if the condition cannot be applied to it.
     *
     * @param row may lack values
     */
    public Verdict wasMetBy(Change change, RowView row) {
        try {
            return evaluate(change, row, null);
        } catch (CelEvaluationException | UncheckedIOException e) {
            return Verdict.UNKNOWN;
        }
    }

    private Verdict evaluate(Change change, @Nullable RowView newRow, @Nullable RowView oldRow)
            throws CelEvaluationException {
        variables.put(Condition.KIND, change.kind().name());
        variables.put(Condition.NEW, row(newRow, newColumns));
        variables.put(Condition.OLD, readsOld ? row(oldRow, oldColumns) : NullValue.NULL_VALUE);
        Object result = program.eval(variables);
        if (result instanceof Boolean met) {
            return met ? Verdict.TRUE : Verdict.FALSE;
        }
        return result instanceof CelUnknownSet ? Verdict.UNKNOWN : Verdict.NO_BOOLEAN;
    }

    /** Returns the library's reason. Most of its messages have values in them; one names functions and types alone. */
    private static String reason(CelEvaluationException e) {
        return switch (e.getErrorCode()) {
            case OVERLOAD_NOT_FOUND ->
                String.valueOf(e.getMessage())
                                .replaceFirst("^evaluation error[^:]*:\\d+: ", "")
                                .replaceFirst("(?s)\\. Overload candidates.*", "")
                        + ". Compare numbers with numbers and texts with texts: new.id > 5, new.name == 'x'";
            case ATTRIBUTE_NOT_FOUND -> "a key is missing in JSON; ask has(…) first";
            default -> e.getErrorCode().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        };
    }

    private Object row(@Nullable RowView row, List<Used> columns) {
        if (row == null) {
            return NullValue.NULL_VALUE;
        }
        Map<String, @Nullable Object> values = new HashMap<>();
        for (Used used : columns) {
            values.put(used.name(), value(row, used.column()));
        }
        return values;
    }

    /** Returns a value. Null, which the library takes for "unknown", if it was not sent. */
    private @Nullable Object value(RowView row, int column) {
        ValueState state = row.state(column);
        if (state == ValueState.NULL) {
            return NullValue.NULL_VALUE;
        }
        if (state != ValueState.TEXT) {
            return null;
        }
        scratch.clear();
        encoder.appendValue(row, column, scratch);
        try (JsonParser parser = JSON.createParser(scratch.array(), 0, scratch.length())) {
            parser.nextToken();
            return value(parser);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Object value(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> {
                Map<String, Object> object = new LinkedHashMap<>();
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String name = parser.currentName();
                    parser.nextToken();
                    object.put(name, value(parser));
                }
                yield object;
            }
            case START_ARRAY -> {
                List<Object> array = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    array.add(value(parser));
                }
                yield array;
            }
            case VALUE_NULL -> NullValue.NULL_VALUE;
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NUMBER_INT ->
                switch (parser.getNumberType()) {
                    case INT, LONG -> (Object) parser.getLongValue();
                    default -> parser.getDoubleValue();
                };
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            default -> parser.getText();
        };
    }

    static String replicaIdentityFull(Relation relation) {
        return "On the source: ALTER TABLE " + relation.atSource().sql() + " REPLICA IDENTITY FULL;";
    }

    private RefusedChangeException refused(Change change, String why) {
        return new RefusedChangeException(
                change.position(),
                "sink \"" + sink + "\": " + change.kind() + " of " + relation.qualifiedName() + " at "
                        + change.position() + ": the condition of where, " + text + ", " + why + ".",
                null);
    }
}
