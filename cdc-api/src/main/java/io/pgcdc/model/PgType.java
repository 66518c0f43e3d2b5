package io.pgcdc.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A type as the catalog described it when a relation that uses it arrived. Types form a tree: an array points at its element, a
 * domain at its base, a composite at its attributes' types.
 *
 * @param oid pg_type.oid
 * @param name pg_type.typname, without schema
 * @param kind which way its text is read
 * @param element ARRAY: the element's type; DOMAIN: the base type (itself perhaps a domain); RANGE: the subtype; MULTIRANGE: the
 *     range; else null
 * @param delimiter what separates elements in the text of an <em>array of this type</em> (pg_type.typdelim; {@code ;} for box)
 * @param attributes COMPOSITE: its live attributes in order; else empty
 * @param extension name of the extension that owns the type ("hstore", "citext"), or null
 */
public record PgType(
        int oid,
        String name,
        Kind kind,
        @Nullable PgType element,
        char delimiter,
        List<Attribute> attributes,
        @Nullable String extension) {

    /** How a type's text is built. */
    public enum Kind {
        BASE,
        ENUM,
        DOMAIN,
        ARRAY,
        COMPOSITE,
        RANGE,
        MULTIRANGE,
        /** The catalog no longer knew the type when its relation arrived: its values are passed on as text. */
        UNRESOLVED
    }

    /** One attribute of a composite type. */
    public record Attribute(String name, PgType type) {}

    public PgType {
        attributes = List.copyOf(attributes);
    }

    /** A base type, such as int4. */
    public static PgType base(int oid, String name) {
        return new PgType(oid, name, Kind.BASE, null, ',', List.of(), null);
    }

    /** A type that the catalog no longer knew. */
    public static PgType unresolved(int oid) {
        return new PgType(oid, "oid " + Integer.toUnsignedString(oid), Kind.UNRESOLVED, null, ',', List.of(), null);
    }

    /** This type with all domains around it taken off. */
    public PgType withoutDomains() {
        PgType type = this;
        while (type.kind == Kind.DOMAIN && type.element != null) {
            type = type.element;
        }
        return type;
    }
}
