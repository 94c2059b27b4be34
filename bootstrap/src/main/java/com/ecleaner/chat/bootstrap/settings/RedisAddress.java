package com.ecleaner.chat.bootstrap.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;

/**
 * A Redis to carry events between nodes; more than one node is a cluster.
 *
 * @param nodes {@code redis://…} or {@code rediss://…} each, all of one kind; they may carry a
 *     password
 */
public record RedisAddress(List<URI> nodes) {
    /**
     * Reads addresses that are separated by commas.
     *
     * @throws SettingsException naming {@code CHAT_REDIS_URL}
     */
    static RedisAddress parse(String urls) {
        List<URI> nodes = new ArrayList<>();
        for (String url : urls.split(",", -1)) {
            nodes.add(node(url.strip()));
        }
        if (nodes.stream().map(URI::getScheme).distinct().count() > 1) {
            throw SettingsException.of("CHAT_REDIS_URL", "mixes redis:// and rediss://");
        }
        if (nodes.size() > 1 && nodes.stream().anyMatch(RedisAddress::namesADatabase)) {
            throw SettingsException.of("CHAT_REDIS_URL", "names a database, a cluster has only 0");
        }
        return new RedisAddress(List.copyOf(nodes));
    }

    private static boolean namesADatabase(URI node) {
        return !node.getRawPath().matches("|/|/0+");
    }

    private static URI node(String url) {
        try {
            URI uri = new URI(url);
            boolean scheme = "redis".equals(uri.getScheme()) || "rediss".equals(uri.getScheme());
            String path = uri.getRawPath() == null ? "" : uri.getRawPath();
            if (scheme
                    && uri.getHost() != null
                    && uri.getPort() != 0
                    && uri.getPort() <= 65_535
                    && path.matches("|/|/[0-9]{1,5}")
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // Told below, without the text: it may hold a password.
        }
        throw SettingsException.of(
                "CHAT_REDIS_URL",
                "must be redis://:password@host:port/db, rediss:// for TLS, several by commas");
    }

    /** Where it is, without passwords. */
    @Override
    public String toString() {
        return String.join(",", nodes.stream().map(RedisAddress::place).toList());
    }

    private static String place(URI node) {
        return node.getHost() + (node.getPort() < 0 ? "" : ":" + node.getPort());
    }
}
