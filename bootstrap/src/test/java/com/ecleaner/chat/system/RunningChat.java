package com.ecleaner.chat.system;

import com.ecleaner.chat.bootstrap.Server;
import com.ecleaner.chat.bootstrap.settings.DatabaseAddress;
import com.ecleaner.chat.bootstrap.settings.Settings;
import com.ecleaner.chat.bootstrap.signin.TokenIssuer;

import org.slf4j.bridge.SLF4JBridgeHandler;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/** A server in this process, on a free port, with a PostgreSQL of its own in a given folder. */
final class RunningChat implements AutoCloseable {
    static final String SECRET = "a secret of the tests, and of nobody else";

    static {
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
    }

    private final Server server;
    private final Platform platform;

    private RunningChat(Settings settings, InstantSource clock) {
        server = Server.start(settings, clock);
        platform = new Platform(server.port(), TokenIssuer.of(settings, InstantSource.system()));
    }

    /** Without limits on how fast one may write, and with these settings besides. */
    static RunningChat in(Path folder, Map<String, String> further) {
        return in(folder, further, InstantSource.system());
    }

    /** The same with a clock of its own. */
    static RunningChat in(Path folder, Map<String, String> further, InstantSource clock) {
        Map<String, String> environment = new HashMap<>();
        environment.put("CHAT_PORT", "0");
        environment.put("CHAT_DATA_DIR", folder.toString());
        environment.put("CHAT_JWT_SECRET", SECRET);
        environment.put("CHAT_RATE_LIMIT", "off");
        environment.putAll(further);
        return new RunningChat(Settings.from(environment), clock);
    }

    /** Settings of a server, with room for more, that uses this database rather than its own. */
    static Map<String, String> over(DatabaseAddress database) {
        Map<String, String> settings = new HashMap<>();
        settings.put("CHAT_DATABASE_URL", database.jdbcUrl());
        settings.put("CHAT_DATABASE_USER", database.user().orElseThrow());
        settings.put("CHAT_DATABASE_PASSWORD", database.password().orElseThrow().value());
        return settings;
    }

    int port() {
        return server.port();
    }

    Platform platform() {
        return platform;
    }

    @Override
    public void close() {
        server.close();
    }
}
