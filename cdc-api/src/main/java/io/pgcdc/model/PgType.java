package io.pgcdc.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A type as the catalog described it when a relation that uses it arrived. Types form a tree: an array points to its element type,
 * a domain to its base type, a composite to its attributes' types.
 *
 * @param oid pg_type.oid
 * @param name pg_type.typname, without schema
 * @param kind how its text is read
 * @param element ARRAY: the element's type; DOMAIN: the base type, which may be a domain; RANGE: the subtype; MULTIRANGE: the
 *     range; else null
 * @param delimiter the separator between elements in the text of an <em>array of this type</em> (pg_type.typdelim; {@code ;} for
 *     box)
 * @param attributes COMPOSITE: its attributes in order, without dropped ones. ENUM: its labels in order as names, with the type text;
 *     empty if the layout is from a version of pgcdc that did not read them. Else empty
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

    /** The type text. */
    public static final PgType TEXT = base(25, "text");

    /** How a type's text is built. */
    public enum Kind {
        BASE,
        ENUM,
        DOMAIN,
        ARRAY,
        COMPOSITE,
        RANGE,
        MULTIRANGE,
        /** The catalog did not know the type when its relation arrived: its values are passed on as text. */
        UNRESOLVED
    }

    /** One attribute of a composite type, or one label of an enum. */
    public record Attribute(String name, PgType type) {}

    public PgType {
        attributes = List.copyOf(attributes);
    }

    /** Returns a base type, such as int4. */
    public static PgType base(int oid, String name) {
        return new PgType(oid, name, Kind.BASE, null, ',', List.of(), null);
    }

    /** Returns a type that the catalog does not know. */
    public static PgType unresolved(int oid) {
        return new PgType(oid, "oid " + Integer.toUnsignedString(oid), Kind.UNRESOLVED, null, ',', List.of(), null);
    }

    /** Returns the type under all domains, or this type if it is no domain. */
    public PgType withoutDomains() {
        PgType type = this;
        while (type.kind == Kind.DOMAIN && type.element != null) {
            type = type.element;
        }
        return type;
    }
}
