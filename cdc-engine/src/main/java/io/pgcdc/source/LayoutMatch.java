package io.pgcdc.source;

import io.pgcdc.catalog.TableHistory;
import io.pgcdc.catalog.TableHistory.CatalogColumn;
import io.pgcdc.decode.RelationMessage.ColumnLayout;
import io.pgcdc.model.Membership;
import io.pgcdc.model.TableFacts;
import io.pgcdc.model.TableFacts.ColumnFacts;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the columns of a Relation message in the catalog. The catalog is read later than the message was made, so it may have new
 * columns after those of the message. Any other difference leaves a column without facts. In both cases the layout is outdated: its
 * storage may be a later one. Pure.
 */
final class LayoutMatch {

    private LayoutMatch() {}

    /** @param publications publications of the table; empty if not known */
    static TableFacts facts(List<ColumnLayout> message, TableHistory catalog, List<Membership> publications) {
        Set<String> published = published(publications);
        List<@Nullable ColumnFacts> facts = new ArrayList<>();
        int lastAttnum = catalog.table().lastAttnum();
        boolean outdated = false;
        for (CatalogColumn column : catalog.columns()) {
            boolean sent = !column.optional() && (published == null || published.contains(column.name()));
            if (facts.size() == message.size()) {
                outdated |= sent; // added after the message
                if (published == null && sent) {
                    lastAttnum = Math.min(lastAttnum, column.facts().attnum() - 1);
                }
            } else if (isSame(message.get(facts.size()), column)) {
                facts.add(column.facts());
            } else if (sent) {
                break;
            }
        }
        while (facts.size() < message.size()) {
            outdated = true;
            facts.add(null);
        }
        TableFacts table = catalog.table();
        return new TableFacts(
                table.storage(), table.rewrites(), lastAttnum, table.partitioned(), table.root(), facts, outdated);
    }

    private static boolean isSame(ColumnLayout message, CatalogColumn column) {
        return message.name().equals(column.name())
                && message.typeOid() == column.typeOid()
                && message.typmod() == column.typmod();
    }

    /** Returns the columns that some publication sends, or null for all. */
    private static @Nullable Set<String> published(List<Membership> publications) {
        Set<String> names = new HashSet<>();
        for (Membership publication : publications) {
            List<String> columns = publication.columns();
            if (columns == null) {
                return null;
            }
            names.addAll(columns);
        }
        return names.isEmpty() ? null : names;
    }
}
