package com.ecleaner.chat.bootstrap;

import com.ecleaner.chat.bootstrap.postgres.EmbeddedDatabase;
import com.ecleaner.chat.bootstrap.settings.DatabaseAddress;
import com.ecleaner.chat.bootstrap.settings.RedisAddress;
import com.ecleaner.chat.bootstrap.settings.Settings;
import com.ecleaner.chat.bootstrap.settings.SettingsException;
import com.ecleaner.chat.bootstrap.settings.TokenKeys;
import com.ecleaner.chat.bootstrap.signin.JwtSignIn;
import com.ecleaner.chat.persistence.Database;
import com.ecleaner.chat.redis.Redis;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;

/** Looks at everything a start would need, says a line about each, and changes nothing. */
final class Check {
    private final Map<String, String> environment;
    private final PrintWriter out;
    private boolean good = true;

    Check(Map<String, String> environment, PrintWriter out) {
        this.environment = environment;
        this.out = out;
    }

    /** Something that may be wrong: says what it found, or fails with the reason. */
    private interface Look {
        String look() throws Exception;
    }

    /** Returns whether all is well. */
    boolean run() {
        Settings settings;
        try {
            settings = Settings.from(environment);
        } catch (SettingsException wrong) {
            line("FAIL", "settings", String.valueOf(wrong.getMessage()));
            return false;
        }
        line("ok", "settings", "read");
        say("sign-in", () -> signIn(settings));
        say("database", () -> database(settings));
        say("redis", () -> redis(settings));
        say("files", () -> KeptFiles.look(settings));
        say("port", () -> port(settings));
        out.flush();
        return good;
    }

    private void say(String what, Look look) {
        try {
            line("ok", what, look.look());
        } catch (Exception e) {
            line("FAIL", what, Store.reason(e));
        }
    }

    private void line(String verdict, String what, String words) {
        good &= verdict.equals("ok");
        out.printf("%-4s  %-8s  %s%n", verdict, what, words);
    }

    private static String signIn(Settings settings) throws IOException {
        return switch (settings.requiredKeys()) {
            case TokenKeys.Shared shared -> "HS256 with CHAT_JWT_SECRET";
            case TokenKeys.Published published ->
                    JwtSignIn.publishedKeys(published) + " keys at " + published.jwks();
        };
    }

    private static String database(Settings settings) throws IOException {
        if (settings.database().isEmpty()) {
            return "embedded, " + EmbeddedDatabase.state(settings.dataDir());
        }
        DatabaseAddress address = settings.database().get();
        Database.Schema schema;
        try {
            schema = Database.schema(Store.connection(address));
        } catch (RuntimeException e) {
            throw new IOException(address.place() + ": " + Store.reason(e));
        }
        return address.place()
                + " answers, schema "
                + schema.version().map(v -> "version " + v).orElse("not there yet")
                + (schema.pending() == 0
                        ? ""
                        : ", migrations to come: " + schema.pending() + " (./chat migrate)");
    }

    private static String redis(Settings settings) throws IOException {
        if (settings.redis().isEmpty()) {
            return "none: one node";
        }
        RedisAddress address = settings.redis().get();
        try {
            return address + " answers, " + Redis.look(address.nodes());
        } catch (IOException e) {
            throw new IOException(address + ": " + Store.reason(e));
        }
    }

    private static String port(Settings settings) throws IOException {
        try (ServerSocket socket =
                new ServerSocket(settings.port(), 1, InetAddress.getByName(settings.host()))) {
            return settings.host()
                    + ":"
                    + (settings.port() == 0 ? "any" : socket.getLocalPort())
                    + " is free";
        } catch (IOException e) {
            throw new IOException(settings.host() + ":" + settings.port() + ": " + Store.reason(e));
        }
    }
}
