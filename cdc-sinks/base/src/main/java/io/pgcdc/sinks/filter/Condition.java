package io.pgcdc.sinks.filter;

import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.navigation.CelNavigableExpr;
import dev.cel.common.types.SimpleType;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.model.Column;
import io.pgcdc.model.Relation;
import io.pgcdc.model.ReplicaIdentity;
import io.pgcdc.setting.SettingType;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A condition in CEL over a change: {@code new} and {@code old} are its rows, {@code kind} is its kind, {@code table} the name of its table.
 * Immutable; any thread.
 *
 * <p>A value has the form that it has in a record's JSON: an integer is an int, another number a double, a boolean a bool, JSON a map or a
 * list; all others are texts. {@code new} is null in a DELETE, and {@code old} in an INSERT or a snapshot's row.
 */
public final class Condition {

    /** The type of a setting with a condition. */
    public static final SettingType<Condition> SETTING =
            SettingType.one("condition", "CEL over new, old, kind and table", Condition::parse);

    private static final Logger LOG = LoggerFactory.getLogger(Condition.class);

    static final String NEW = "new";
    static final String OLD = "old";
    static final String KIND = "kind";
    static final String TABLE = "table";

    private static final String INDEX = "_[_]";

    private final String text;
    private final CelAbstractSyntaxTree tree;
    private final Set<String> newColumns = new TreeSet<>();
    private final Set<String> oldColumns = new TreeSet<>();
    private boolean namesOld;
    private boolean namesKind;

    /** Loaded with the first condition: the library takes half a second. */
    private static final class Library {

        static final Cel CEL = CelFactory.plannerCelBuilder()
                // 5 == 5.0: a numeric is an int or a double, depending on its text
                .setOptions(CelOptions.current()
                        .enableHeterogeneousNumericComparisons(true)
                        .build())
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .addVar(NEW, SimpleType.DYN)
                .addVar(OLD, SimpleType.DYN)
                .addVar(KIND, SimpleType.STRING)
                .addVar(TABLE, SimpleType.STRING)
                .setResultType(SimpleType.BOOL)
                .build();

        private Library() {}
    }

    private Condition(String text, CelAbstractSyntaxTree tree) {
        this.text = text;
        this.tree = tree;
        CelNavigableAst.fromAst(tree).getRoot().allNodes().forEach(this::collect);
    }

    /**
     * Parses a condition.
     *
     * @throws IllegalArgumentException if it is none; the message completes "write …"
     */
    public static Condition parse(String text) {
        try {
            return new Condition(text, Library.CEL.compile(text).getAst());
        } catch (CelValidationException e) {
            throw new IllegalArgumentException("a condition in CEL; " + first(e), e);
        }
    }

    private static String first(CelValidationException e) {
        List<CelIssue> issues = e.getErrors();
        if (issues.isEmpty()) {
            return "it cannot be read";
        }
        int column = issues.get(0).getSourceLocation().getColumn() + 1;
        String message = issues.get(0).getMessage().replaceFirst("(?s) expecting \\{.*", "");
        if (message.startsWith("undeclared reference to '")) {
            return "at character " + column + ": " + message.replaceFirst(" \\(in container.*", "")
                    + "; known are new, old, kind and table";
        }
        boolean sql = message.matches("(?is).*('=\\s*'|'and'|'or'|'not').*");
        return "at character " + column + ": " + message
                + (sql ? "; CEL has == for =, && for and, || for or, ! for not" : "");
    }

    private void collect(CelNavigableExpr node) {
        CelExpr expression = node.expr();
        if (expression.getKind() != Kind.IDENT) {
            return;
        }
        String name = expression.ident().name();
        namesKind |= name.equals(KIND);
        namesOld |= name.equals(OLD);
        if (name.equals(NEW) || name.equals(OLD)) {
            CelExpr parent = node.parent().map(CelNavigableExpr::expr).orElse(null);
            String column = column(expression, parent);
            if (column != null) {
                (name.equals(NEW) ? newColumns : oldColumns).add(column);
            } else if (!comparesWithNull(parent)) {
                throw new IllegalArgumentException("a condition in which a column follows " + name + ": " + name
                        + ".column, or " + name + "['Column'] if its name has other characters than a-z, 0-9 and _");
            }
        }
    }

    /** Returns the column that the parent of {@code new} or {@code old} selects, or null. */
    private static @Nullable String column(CelExpr row, @Nullable CelExpr parent) {
        if (parent == null) {
            return null;
        }
        if (parent.getKind() == Kind.SELECT) {
            return parent.select().field();
        }
        if (parent.getKind() == Kind.CALL && parent.call().function().equals(INDEX)) {
            List<CelExpr> parts = parent.call().args();
            CelExpr index = parts.get(1);
            boolean named = parts.get(0).id() == row.id()
                    && index.getKind() == Kind.CONSTANT
                    && index.constant().getKind() == CelConstant.Kind.STRING_VALUE;
            return named ? index.constant().stringValue() : null;
        }
        return null;
    }

    private static boolean comparesWithNull(@Nullable CelExpr parent) {
        return parent != null
                && parent.getKind() == Kind.CALL
                && Set.of("_==_", "_!=_").contains(parent.call().function())
                && parent.call().args().stream()
                        .anyMatch(arg -> arg.getKind() == Kind.CONSTANT
                                && arg.constant().getKind() == CelConstant.Kind.NULL_VALUE);
    }

    /** Returns the names of the columns that it reads of the new row and of the old row. */
    public Set<String> columns() {
        Set<String> all = new HashSet<>(newColumns);
        all.addAll(oldColumns);
        return all;
    }

    /** Returns true if it is about a change, not about a row alone: it names {@code old} or {@code kind}. */
    public boolean isAboutChange() {
        return namesOld || namesKind;
    }

    /**
     * Returns the condition for the rows of one layout.
     *
     * @param sink the sink's name, for messages
     * @throws SinkException TARGET_MISFIT if the layout lacks a column
     */
    public RowCondition of(Relation relation, String sink) {
        List<String> names = relation.columns().stream().map(Column::name).toList();
        for (String column : columns()) {
            if (!names.contains(column)) {
                throw new SinkException(
                        ErrorCode.TARGET_MISFIT,
                        "sink \"" + sink + "\": source table " + relation.qualifiedName() + " has no column " + column
                                + ", which the setting where names. Correct where, or list the tables that it is for under tables.");
            }
        }
        if (namesOld && relation.identity() != ReplicaIdentity.FULL) {
            LOG.warn(
                    "sink {}: the setting where names old, but {} does not send old rows, so an UPDATE or a DELETE of it will be refused. {}",
                    sink,
                    relation.qualifiedName(),
                    RowCondition.replicaIdentityFull(relation));
        }
        try {
            return new RowCondition(
                    sink, text, Library.CEL.createProgram(tree), relation, newColumns, oldColumns, namesOld);
        } catch (CelEvaluationException e) {
            throw new IllegalStateException("a checked condition cannot be planned", e);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Condition that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** Returns the text that {@link #parse} reads. */
    @Override
    public String toString() {
        return text;
    }
}
