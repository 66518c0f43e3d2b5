package io.pgcdc.cli;

import io.pgcdc.cli.log.LogLevel;
import io.pgcdc.cli.log.LogOutput;
import io.pgcdc.cli.log.LogSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs the command lines that are typed, one after the other, in one JVM and on its standard streams. */
final class CommandLoop {

    /** Between the words of a line. */
    static final String SEPARATOR = "\u001f";

    static final String START = "[start]\r\n";
    static final String END = "[end]\r\n";

    private CommandLoop() {}

    public static void main(String[] arguments) throws IOException {
        LogOutput.start(LogSettings.of(List.of(), LogLevel.WARN));
        for (String line = readLine(); !line.isEmpty(); line = readLine()) {
            System.out.print(START.replace("\r", ""));
            System.out.flush();
            Main.execute(line.split(SEPARATOR));
            System.err.flush();
            System.out.print(END.replace("\r", ""));
            System.out.flush();
        }
    }

    /** Reads no byte more than the line: what follows may be the answer to a command's question. */
    private static String readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = System.in.read(); next >= 0 && next != '\n'; next = System.in.read()) {
            line.write(next);
        }
        return line.toString(StandardCharsets.UTF_8);
    }
}
