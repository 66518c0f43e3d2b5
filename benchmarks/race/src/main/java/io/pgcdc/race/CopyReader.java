package io.pgcdc.race;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.copy.CopyOut;

/** Reads a table by COPY through pgjdbc and only counts: what the driver and a JVM cost with nothing done. */
final class CopyReader {

    private CopyReader() {}

    /** The same arguments as {@link CountingReader}. The publication has its table's name. */
    public static void main(String[] arguments) throws SQLException {
        Properties properties = new Properties();
        PGProperty.USER.set(properties, arguments[3]);
        PGProperty.PASSWORD.set(properties, System.getenv().getOrDefault("PGPASSWORD", ""));
        String url = "jdbc:postgresql://" + arguments[0] + ":" + arguments[1] + "/" + arguments[2];
        try (Connection connection = DriverManager.getConnection(url, properties)) {
            CopyOut copy = connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyOut("COPY race." + arguments[5] + " TO STDOUT");
            long rows = 0;
            while (copy.readFromCopy() != null) {
                rows++;
            }
            System.out.println(rows + " -1");
        }
    }
}
