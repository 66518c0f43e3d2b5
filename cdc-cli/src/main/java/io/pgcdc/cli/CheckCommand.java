package io.pgcdc.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgcdc.cli.CheckView.Checked;
import io.pgcdc.cli.config.ConfigLoader;
import io.pgcdc.cli.config.Environment;
import io.pgcdc.cli.config.LoadedConfig;
import io.pgcdc.cli.config.LoadedProcess;
import io.pgcdc.delivery.SinkConfig;
import io.pgcdc.error.CdcException;
import io.pgcdc.error.ConfigException;
import io.pgcdc.error.Finding;
import io.pgcdc.pipeline.PipelineCheck;
import io.pgcdc.pipeline.PipelineConfig;
import io.pgcdc.sink.Sink;
import io.pgcdc.sink.SinkMetrics;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Reports every precondition of a run. */
@Command(
        name = "check",
        description =
                "Check everything that a run needs, at the source, here, and in the sinks' targets; changes nothing.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Exit codes: 0 a run can start, perhaps with warnings; 1 it cannot;",
            "2 wrong usage or configuration."
        })
final class CheckCommand implements Callable<Integer> {

    @Mixin
    private ConfigOptions options = new ConfigOptions();

    @Option(names = "--json", description = "Print one JSON object: ok, and the findings.")
    private boolean json;

    @Mixin
    Verbosity verbosity = new Verbosity();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws JsonProcessingException {
        SinkProviders providers = SinkProviders.ofProcess();
        List<Checked> checked = new ArrayList<>();
        int exitCode = 0;
        try {
            LoadedProcess loaded =
                    ConfigLoader.load(options.file, options.flags(), Environment.ofProcess(), providers.byType());
            RunCommand.requireServer(loaded);
            for (LoadedConfig pipeline : loaded.pipelines()) {
                Checked one = check(pipeline.pipeline(), providers);
                checked.add(one);
                exitCode = one.ok() ? exitCode : ErrorReport.FAILED;
            }
        } catch (ConfigException e) {
            if (!json) {
                throw e;
            }
            checked.add(new Checked("", "", e.findings()));
            exitCode = ErrorReport.USAGE;
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(CheckView.json(checked, new ObjectMapper()));
        } else {
            CheckView.lines(checked, Screen.columns()).forEach(out::println);
        }
        out.flush();
        return exitCode;
    }

    private static Checked check(PipelineConfig config, SinkProviders providers) {
        List<Finding> unmade = new ArrayList<>();
        Map<String, Sink> sinks = new LinkedHashMap<>();
        for (SinkConfig sink : config.sinks()) {
            try {
                sinks.put(sink.name(), providers.create(config, sink.name(), SinkMetrics.NONE));
            } catch (CdcException e) {
                unmade.addAll(e.findings()); // its settings cannot work
            }
        }
        List<Finding> findings = new ArrayList<>(PipelineCheck.inspect(config, sinks));
        findings.addAll(unmade);
        return new Checked(config.name(), config.source().address().describe(), findings);
    }
}
