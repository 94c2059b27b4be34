package com.ecleaner.chat.bootstrap.settings;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A PostgreSQL to use.
 *
 * @param jdbcUrl as the driver takes it, without user and password; may still carry secrets among
 *     its parameters
 * @param user the role to sign in as; nothing where nobody said it
 */
public record DatabaseAddress(String jdbcUrl, Optional<String> user, Optional<Secret> password) {
    private static final String JDBC = "jdbc:postgresql:";

    /** The form of libpq. The last {@code @} ends the user's part, so a password may hold one. */
    private static final Pattern LIBPQ =
            Pattern.compile(
                    "postgres(?:ql)?://(?:(?<who>[^/?#]*)@)?(?<host>[^/?#@]+)/(?<db>[^/?#]+)(?:\\?(?<query>[^#]*))?");

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
                String rest = url.substring(JDBC.length() + 2).split("\\?", 2)[0];
                checkHosts(rest.split("/", 2)[0]);
            }
            String[] parts = url.split("\\?", 2);
            return of(parts[0], parts.length > 1 ? parts[1] : "", user, password);
        }
        Matcher parts = LIBPQ.matcher(url);
        if (!parts.matches()) {
            throw wrong();
        }
        checkHosts(parts.group("host"));
        String[] who = Optional.ofNullable(parts.group("who")).orElse("").split(":", 2);
        return of(
                JDBC + "//" + parts.group("host") + "/" + parts.group("db"),
                Optional.ofNullable(parts.group("query")).orElse(""),
                user.or(() -> Optional.of(decode(who[0])).filter(name -> !name.isEmpty())),
                password.or(
                        () ->
                                who.length < 2
                                        ? Optional.empty()
                                        : Optional.of(new Secret(decode(who[1])))));
    }

    /** Takes user and password out of the parameters, where the driver would prefer them. */
    private static DatabaseAddress of(
            String url, String query, Optional<String> user, Optional<Secret> password) {
        Optional<String> userInside = Optional.empty();
        Optional<Secret> passwordInside = Optional.empty();
        List<String> kept = new ArrayList<>();
        for (String parameter : query.isEmpty() ? new String[0] : query.split("&", -1)) {
            if (parameter.startsWith("user=")) {
                userInside = Optional.of(decode(parameter.substring("user=".length())));
            } else if (parameter.startsWith("password=")) {
                String value = parameter.substring("password=".length());
                passwordInside = Optional.of(new Secret(decode(value)));
            } else {
                kept.add(parameter);
            }
        }
        return new DatabaseAddress(
                kept.isEmpty() ? url : url + "?" + String.join("&", kept),
                user.isPresent() ? user : userInside,
                password.isPresent() ? password : passwordInside);
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
