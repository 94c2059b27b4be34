package com.ecleaner.chat.domain.message;

import com.ecleaner.chat.domain.Text;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A file's name as the uploader called it, made harmless: a name and no path, without what hides or
 * turns its ending. Nothing in the chat is ever stored or decided by it.
 */
public record FileName(String value) {
    /** The longest name, in code points. */
    public static final int MAX = 150;

    private static final int MAX_ENDING = 10;
    private static final String NAMELESS = "file";

    /** Of what the chat shows as pictures, the endings that fit. */
    private static final Map<String, Set<String>> ENDINGS =
            Map.of(
                    "image/jpeg", Set.of("jpg", "jpeg"),
                    "image/png", Set.of("png"),
                    "image/gif", Set.of("gif"),
                    "image/webp", Set.of("webp"));

    /** What came as a name, in whatever shape, as a harmless one. */
    public static FileName of(String uploaders) {
        String base = uploaders.substring(lastSeparator(uploaders) + 1);
        String clean =
                Text.harmless(base, Integer.MAX_VALUE)
                        .codePoints()
                        .filter(c -> Character.getType(c) != Character.FORMAT && c != 0xfffd)
                        .map(c -> "\"*:<>?|".indexOf(c) >= 0 || isSpace(c) ? ' ' : c)
                        .collect(
                                StringBuilder::new,
                                StringBuilder::appendCodePoint,
                                StringBuilder::append)
                        .toString();
        // A name that begins with a dot hides, one that ends with one changes on Windows.
        String shown = clean.replaceAll("^[. ]+|[. ]+$", "");
        return new FileName(shown.isEmpty() ? NAMELESS : shortened(shown));
    }

    /** The same name with an ending that fits the picture's type; other types keep theirs. */
    public FileName fitting(String contentType) {
        Set<String> fitting = ENDINGS.getOrDefault(contentType, Set.of());
        if (fitting.isEmpty() || fitting.contains(ending(value).toLowerCase(Locale.ROOT))) {
            return this;
        }
        String right = "." + (fitting.contains("jpg") ? "jpg" : fitting.iterator().next());
        // A picture that was written anew as another kind of picture gets the new ending.
        String base =
                ENDINGS.values().stream()
                                .anyMatch(e -> e.contains(ending(value).toLowerCase(Locale.ROOT)))
                        ? value.substring(0, value.lastIndexOf('.'))
                        : value;
        return new FileName(shortened(base + right));
    }

    private static int lastSeparator(String name) {
        return Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\'));
    }

    private static boolean isSpace(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }

    /** Cuts the middle out, so that the ending stays in sight. */
    private static String shortened(String name) {
        int length = Text.length(name);
        if (length <= MAX) {
            return name;
        }
        String ending = ending(name);
        String tail = ending.isEmpty() ? "" : "." + ending;
        int kept = MAX - Text.length(tail);
        return name.substring(0, name.offsetByCodePoints(0, kept)) + tail;
    }

    /** Without its dot; empty where there is none worth the name. */
    private static String ending(String name) {
        int dot = name.lastIndexOf('.');
        String ending = dot <= 0 ? "" : name.substring(dot + 1);
        return Text.length(ending) <= MAX_ENDING ? ending : "";
    }

    @Override
    public String toString() {
        return value;
    }
}
