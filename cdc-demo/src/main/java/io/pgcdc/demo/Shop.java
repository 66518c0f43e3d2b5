package io.pgcdc.demo;

import io.pgcdc.servers.PgServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The demo's database. */
final class Shop {

    static final String DATABASE = "shop";
    static final String SLOT = "shop_cdc";
    static final List<String> PUBLICATIONS = List.of("users_pub", "orders_pub");

    private Shop() {}

    /** Returns the command for psql, with the password's file: others see the command's arguments. */
    static String psql(Connection connection) throws SQLException {
        String jdbc = connection.getMetaData().getURL();
        return "psql 'postgresql://" + PgServer.SUPERUSER + "@"
                + jdbc.substring(jdbc.indexOf("//") + 2).replaceFirst("\\?.*", "") + "?passfile="
                + PgServer.passFile().toUri().getRawPath() + "'";
    }

    /** Creates tables and publications in the connection's database, which must be empty. */
    static void create(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                InputStream sql = Shop.class.getResourceAsStream("shop.sql")) {
            if (sql == null) {
                throw new IllegalStateException("shop.sql is not on the class path");
            }
            statement.execute(new String(sql.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
