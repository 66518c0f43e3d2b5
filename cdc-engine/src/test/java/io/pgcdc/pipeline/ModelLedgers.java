package io.pgcdc.pipeline;

import io.pgcdc.queue.LedgerFile;
import io.pgcdc.queue.LedgerFiles;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The ledgers of a simulated machine's snapshots. What is written survives everything. */
final class ModelLedgers implements LedgerFiles {

    private static final String INITIAL = "initial";

    private final World world;
    private final SortedMap<String, String> texts = new TreeMap<>();
    private int finished;

    ModelLedgers(World world) {
        this.world = world;
    }

    /** Returns the ledger of the snapshot that the pipeline begins with. */
    LedgerFile initial() {
        return file(INITIAL);
    }

    /** Returns how many snapshots were finished. */
    int finished() {
        return finished;
    }

    @Override
    public List<String> ids() {
        return texts.keySet().stream().filter(id -> !id.equals(INITIAL)).toList();
    }

    @Override
    public LedgerFile file(String id) {
        return new LedgerFile() {
            @Override
            public @Nullable String read() {
                return texts.get(id);
            }

            @Override
            public void write(String text) {
                world.tick();
                texts.put(id, text);
                if (text.contains("phase FINISHED\n")) {
                    finished++;
                }
                world.tick();
            }

            @Override
            public String toString() {
                return "ledger " + id;
            }
        };
    }

    @Override
    public void delete(String id) {
        world.tick();
        texts.remove(id);
        world.tick();
    }
}
