package io.pgcdc.source;

import io.pgcdc.catalog.CatalogConnection;
import io.pgcdc.catalog.SlotUpkeep;
import io.pgcdc.model.TableName;
import io.pgcdc.wire.NewSlot;
import java.util.List;

/** Makes them on a real server: publications by SQL, the slot over the replication connection. Capture thread. */
public final class ServerSlotMaker implements SlotMaker {

    private final CatalogConnection catalog;
    private final SlotUpkeep upkeep;
    private final SourceSession session;

    public ServerSlotMaker(CatalogConnection catalog, SourceSession session) {
        this.catalog = catalog;
        this.upkeep = new SlotUpkeep(catalog);
        this.session = session;
    }

    @Override
    public void requireFreeSlot() {
        upkeep.requireFreeSlot();
    }

    @Override
    public void createPublication(String name, List<TableName> tables) {
        upkeep.createPublication(name, tables);
    }

    @Override
    public NewSlot createSlot(String name, boolean failover, boolean export) {
        SlotBlockers blockers =
                SlotBlockers.watch(name, catalog, session.connection().serverPid());
        try {
            return session.connection().createSlot(name, failover, export);
        } finally {
            blockers.end();
        }
    }
}
