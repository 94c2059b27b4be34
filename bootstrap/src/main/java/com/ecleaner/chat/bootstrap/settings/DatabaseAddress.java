package com.ecleaner.chat.bootstrap.settings;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A PostgreSQL to use.
 *
 * @param jdbcUrl as the driver takes it; may carry secrets among its parameters
 * @param user the role to sign in as; nothing where the URL's parameters or the driver's defaults
 *     say it
 */
public record DatabaseAddress(String jdbcUrl, Optional<String> user, Optional<Secret> password) {
    private static final String JDBC = "jdbc:postgresql:";

    /** The form of libpq. The last {@code @} ends the user's part, so a password may hold one. */
    private static final Pattern LIBPQ =
            Pattern.compile(
                    "postgres(?:ql)?://(?:(?<who>[^/?#]*)@)?(?<host>[^/?#@]+)/(?<db>[^/?#]+)(?<query>\\?[^#]*)?");

    private static final Pattern HOST =
            Pattern.compile("(?:\\[[0-9a-fA-F:.]+]|[A-Za-z0-9._-]+)(?::(?<port>[0-9]{1,5}))?");

    private static final Pattern ESCAPE = Pattern.compile("%(?:([0-9a-fA-F]{2})|)");

    /**
     * Reads an address in one of both forms. User and password given apart from it win over those
     * inside.
     *
     * @throws SettingsException naming {@code CHAT_DATABASE_URL}
     */
    static DatabaseAddress parse(String url, Optional<String> user, Optional<Secret> password) {
        if (url.startsWith(JDBC)) {
            if (url.length() == JDBC.length() || url.chars().anyMatch(c -> c <= ' ')) {
                throw wrong();
            }
            if (url.startsWith(JDBC + "//")) {
                String rest = url.substring(JDBC.length() + 2);
                int slash = rest.indexOf('/');
                checkHosts(slash < 0 ? rest : rest.substring(0, slash));
            }
            return new DatabaseAddress(url, user, password);
        }
        Matcher parts = LIBPQ.matcher(url);
        if (!parts.matches()) {
            throw wrong();
        }
        checkHosts(parts.group("host"));
        Optional<String> who = Optional.ofNullable(parts.group("who"));
        Optional<String> nameInside =
                who.map(w -> decode(w.indexOf(':') < 0 ? w : w.substring(0, w.indexOf(':'))))
                        .filter(n -> !n.isEmpty());
        Optional<Secret> passwordInside =
                who.filter(w -> w.indexOf(':') >= 0)
                        .map(w -> new Secret(decode(w.substring(w.indexOf(':') + 1))));
        String query = Optional.ofNullable(parts.group("query")).orElse("");
        return new DatabaseAddress(
                JDBC + "//" + parts.group("host") + "/" + parts.group("db") + query,
                user.or(() -> nameInside),
                password.or(() -> passwordInside));
    }

    /** Where it is, without anything that could be secret: {@code db.example:5432/chat}. */
    public String place() {
        String url = jdbcUrl.substring(JDBC.length());
        int query = url.indexOf('?');
        String bare = query < 0 ? url : url.substring(0, query);
        return bare.startsWith("//") ? bare.substring(2) : bare;
    }

    @Override
    public String toString() {
        return place();
    }

    private static void checkHosts(String hosts) {
        for (String host : hosts.split(",", -1)) {
            Matcher matcher = HOST.matcher(host);
            if (!matcher.matches()) {
                throw wrong();
            }
            String port = matcher.group("port");
            if (port != null && (Integer.parseInt(port) < 1 || Integer.parseInt(port) > 65_535)) {
                throw wrong();
            }
        }
    }

    /** Percent-decoding as in RFC 3986: a plus is a plus. */
    private static String decode(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Matcher escapes = ESCAPE.matcher(text);
        int from = 0;
        while (escapes.find()) {
            if (escapes.group(1) == null) {
                throw wrong();
            }
            bytes.writeBytes(text.substring(from, escapes.start()).getBytes(UTF_8));
            bytes.write(Integer.parseInt(escapes.group(1), 16));
            from = escapes.end();
        }
        bytes.writeBytes(text.substring(from).getBytes(UTF_8));
        return bytes.toString(UTF_8);
    }

    /** The value itself may hold a password, so it is never shown. */
    private static SettingsException wrong() {
        return SettingsException.of(
                "CHAT_DATABASE_URL",
                "must be jdbc:postgresql://host:port/db or"
                        + " postgresql://user:password@host:port/db (special characters in user and"
                        + " password as %XX)");
    }
}
