package com.ecleaner.chat.domain;

/** What text may come in: shared by ids, names and contents. All lengths are in code points. */
public final class Text {
    private Text() {}

    /** The length in code points, as people count characters. */
    public static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    /**
     * Returns {@code value} as it is when it has {@code min} to {@code max} code points, is
     * well-formed Unicode, not blank, and free of control characters (category Cc).
     *
     * @throws Refusal {@code invalid}, naming {@code field}
     */
    public static String line(String field, String value, int min, int max) {
        bounded(field, value, min, max);
        refuseControls(field, value, false);
        if (min > 0 && isBlank(value)) {
            throw Refusal.invalid(field, "must not be blank");
        }
        return value;
    }

    /** As {@link #line}, and without the marks that turn the direction of the text around them. */
    public static String name(String field, String value, int min, int max) {
        line(field, value, min, max);
        if (value.codePoints().anyMatch(Text::isBidiControl)) {
            throw Refusal.invalid(field, "must not contain direction controls");
        }
        return value;
    }

    /** As {@link #line}, and tab, line feed and carriage return are welcome. */
    public static String paragraph(String field, String value, int min, int max) {
        bounded(field, value, min, max);
        refuseControls(field, value, true);
        if (min > 0 && isBlank(value)) {
            throw Refusal.invalid(field, "must not be blank");
        }
        return value;
    }

    /**
     * A person's name as other systems gave it, made harmless instead of refused: without control
     * and direction characters and lone surrogates, cut to {@code max} code points.
     */
    public static String harmless(String name, int max) {
        StringBuilder kept = new StringBuilder();
        name.codePoints()
                .filter(
                        c ->
                                Character.getType(c) != Character.CONTROL
                                        && Character.getType(c) != Character.SURROGATE
                                        && !isBidiControl(c))
                .limit(max)
                .forEach(kept::appendCodePoint);
        return kept.toString();
    }

    /** The first {@code max} code points, with an ellipsis where something was cut. */
    public static String excerpt(String text, int max) {
        return length(text) <= max
                ? text
                : text.substring(0, text.offsetByCodePoints(0, max)) + "…";
    }

    /**
     * Whether it is an integer as JSON writes it, below 2^53: what a JavaScript number holds
     * exactly.
     */
    public static boolean isCanonicalInteger(String value) {
        int length = value.length();
        if (length == 0 || length > 16 || (value.charAt(0) == '0' && length > 1)) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (value.charAt(i) < '0' || value.charAt(i) > '9') {
                return false;
            }
        }
        return Long.parseLong(value) < 1L << 53;
    }

    private static void bounded(String field, String value, int min, int max) {
        // A string has at most as many code points as chars: the cheap test settles nearly all.
        if (value.length() > max && length(value) > max) {
            throw Refusal.invalid(field, "must have at most " + max + " characters");
        }
        if (value.length() < min) {
            throw Refusal.invalid(
                    field,
                    min == 1 ? "must not be empty" : "must have at least " + min + " characters");
        }
    }

    private static void refuseControls(String field, String value, boolean multiline) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < 0x20
                    ? !(multiline && (c == '\t' || c == '\n' || c == '\r'))
                    : c >= 0x7f && c < 0xa0) {
                throw Refusal.invalid(field, "must not contain control characters");
            }
            if (Character.isSurrogate(c)) {
                boolean pair =
                        Character.isHighSurrogate(c)
                                && i + 1 < value.length()
                                && Character.isLowSurrogate(value.charAt(i + 1));
                if (!pair) {
                    throw Refusal.invalid(field, "must be well-formed Unicode");
                }
                i++;
            }
        }
    }

    private static boolean isBlank(String value) {
        for (int i = 0; i < value.length(); ) {
            int c = value.codePointAt(i);
            if (!Character.isWhitespace(c) && !Character.isSpaceChar(c)) {
                return false;
            }
            i += Character.charCount(c);
        }
        return true;
    }

    /**
     * Embeddings, overrides and isolates; the plain marks LRM, RLM and ALM belong into honest
     * names.
     */
    private static boolean isBidiControl(int c) {
        return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
    }
}
