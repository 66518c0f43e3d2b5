package io.pgcdc.race;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Debezium's engine, and a producer. */
record KafkaDebezium(String label) implements KafkaContestant {

    @Override
    public boolean sendsChanges() {
        return true;
    }

    @Override
    public List<String> command(KafkaLap lap, Path directory) {
        Lap source = lap.source();
        RaceServer server = source.server();
        List<String> arguments = new ArrayList<>(List.of(
                server.host(),
                Integer.toString(server.port()),
                server.database(),
                server.user(),
                source.slot(),
                source.publication(),
                lap.prefix()));
        lap.producer().forEach((key, value) -> arguments.add(key + "=" + value));
        return Programs.java(
                DebeziumProducer.class, List.of("-Dorg.slf4j.simpleLogger.defaultLogLevel=error"), arguments);
    }
}
