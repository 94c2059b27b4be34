package com.ecleaner.chat.bootstrap.pages;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A file in memory, as it is and as it was compressed ahead. Immutable, thread-safe. */
final class StaticFile {
    /** In the order in which they are preferred where a browser likes them equally. */
    private static final Map<String, String> SUFFIXES = suffixes();

    /**
     * One form of the file.
     *
     * @param coding its content coding (RFC 9110, 8.4.1); {@code identity} for the file as it is
     * @param tag its strong entity tag, with the quotes
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared, written out as it is
    record Form(String coding, String tag, byte[] bytes) {}

    private final String type;
    private final String version;
    private final Map<String, Form> forms = new LinkedHashMap<>();

    private StaticFile(String type, byte[] content) {
        this.type = type;
        this.version = version(content);
    }

    /** What gives the bytes of a name; null where there are none. */
    @FunctionalInterface
    interface Source {
        byte @org.jspecify.annotations.Nullable [] read(String name);
    }

    /**
     * Reads it, and what lies compressed beside it.
     *
     * @param content its bytes, that {@code source} gave for {@code name}
     */
    static StaticFile of(String type, String name, byte[] content, Source source) {
        StaticFile file = new StaticFile(type, content);
        SUFFIXES.forEach(
                (coding, suffix) -> {
                    byte[] compressed = source.read(name + suffix);
                    if (compressed != null) {
                        file.add(coding, suffix.replace('.', '-'), compressed);
                    }
                });
        file.add("identity", "", content);
        return file;
    }

    private void add(String coding, String mark, byte[] bytes) {
        forms.put(coding, new Form(coding, '"' + version + mark + '"', bytes));
    }

    /** Its media type, with the charset. */
    String type() {
        return type;
    }

    /** 16 hexadecimal digits that change with the content. */
    String version() {
        return version;
    }

    /** Whether the answer depends on what the browser accepts. */
    boolean varies() {
        return forms.size() > 1;
    }

    /**
     * The form to send to whoever accepts these codings: the one they like best, of several the
     * smallest; the file as it is where they accept nothing that is here.
     *
     * @param accepted the Accept-Encoding header, empty where there is none
     */
    Form formFor(String accepted) {
        Form best = forms.get("identity");
        double most = 0;
        for (Form form : forms.values()) {
            double liked = weight(form.coding(), accepted);
            if (liked > most) {
                most = liked;
                best = form;
            }
        }
        return best == null ? forms.values().iterator().next() : best;
    }

    /** How much a coding is liked, 0 (not at all) to 1: RFC 9110, 12.5.3. */
    private static double weight(String coding, String accepted) {
        double named = -1;
        double others = coding.equals("identity") ? 0.0001 : 0;
        for (String part : accepted.toLowerCase(Locale.ROOT).split(",", -1)) {
            String[] parts = part.strip().split("\\s*;\\s*", -1);
            if (parts[0].equals(coding)) {
                named = quality(parts);
            } else if (parts[0].equals("*")) {
                others = quality(parts);
            }
        }
        return named >= 0 ? named : others;
    }

    private static double quality(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            if (parts[i].matches("q=(0(\\.[0-9]{0,3})?|1(\\.0{0,3})?)")) {
                return Double.parseDouble(parts[i].substring(2));
            }
        }
        return 1;
    }

    /**
     * Whether a browser holds this form already.
     *
     * @param held the If-None-Match header, empty where there is none
     */
    static boolean isHeld(Form form, String held) {
        return held.strip().equals("*")
                || Arrays.stream(held.split(",", -1))
                        .map(String::strip)
                        .map(tag -> tag.startsWith("W/") ? tag.substring(2) : tag)
                        .anyMatch(form.tag()::equals);
    }

    private static String version(byte[] content) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static Map<String, String> suffixes() {
        Map<String, String> suffixes = new LinkedHashMap<>();
        suffixes.put("br", ".br");
        suffixes.put("gzip", ".gz");
        return suffixes;
    }
}
