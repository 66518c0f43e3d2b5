package io.pgcdc.cli;

import io.pgcdc.address.ServerAddress;
import io.pgcdc.catalog.CatalogConnection;
import io.pgcdc.catalog.SlotAdmin;
import io.pgcdc.cli.config.ConfigLoader;
import io.pgcdc.cli.config.Environment;
import io.pgcdc.cli.config.Flags;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.source.SourceConfig;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that name a slot, as a mixin. */
final class SlotOptions {

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            required = true,
            description = "Configuration file of the pipeline.")
    private Path file = Path.of("cdc.yaml");

    @Mixin
    private PipelineOption pipeline = new PipelineOption();

    @Option(names = "--slot", paramLabel = "NAME", description = "Another slot of the same server.")
    private @Nullable String slot;

    private @Nullable SourceConfig source;

    /** Does something with the server's slots. */
    <T> T with(Function<SlotAdmin, T> work) {
        SourceConfig from = source();
        ServerAddress address = from.address();
        try (CatalogConnection catalog = new CatalogConnection(
                address.jdbcUrl(), address::properties, address.describe(), (int) from.receiveTimeoutMs())) {
            return work.apply(new SlotAdmin(catalog));
        }
    }

    private SourceConfig source() {
        SourceConfig loaded = source;
        if (loaded == null) {
            loaded = ConfigLoader.load(
                            file,
                            Flags.of(pipeline.name),
                            Environment.ofProcess(),
                            SinkProviders.ofProcess().byType())
                    .one()
                    .pipeline()
                    .source();
            source = loaded;
        }
        return loaded;
    }

    /** Returns the slot's name. */
    String name() {
        return slot == null ? source().slot() : slot;
    }

    /**
     * Returns the slot, which nobody uses.
     *
     * @throws SourceException SLOT_MISSING, SLOT_IN_USE
     */
    SlotAdmin.Slot unused(SlotAdmin admin) {
        SlotAdmin.Slot found = admin.list().stream()
                .filter(one -> one.name().equals(name()))
                .findFirst()
                .orElseThrow(() -> new SourceException(
                        ErrorCode.SLOT_MISSING,
                        "there is no slot \"" + name() + "\" at "
                                + source().address().describe() + ". cdc slot list -c " + file
                                + " shows those that there are."));
        if (found.activePid() != null) {
            throw new SourceException(
                    ErrorCode.SLOT_IN_USE,
                    "slot \"" + name() + "\" is used by process " + found.activePid() + " of the server; "
                            + source().address().describe() + ". Stop the pipeline, or whoever reads it.");
        }
        return found;
    }
}
