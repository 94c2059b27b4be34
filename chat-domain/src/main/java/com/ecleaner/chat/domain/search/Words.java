package com.ecleaner.chat.domain.search;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Text cut into words to be compared: without case, accents and punctuation, the same in every
 * language. A run of letters and digits is a word; what is written without spaces in between
 * (ideographs, kana) and symbols such as emoji are words of one sign each.
 */
public final class Words {
    /** Of a longer word only so many chars are compared. */
    public static final int MAX_LENGTH = 100;

    /**
     * A word and where it stands.
     *
     * @param text as it is compared
     * @param starts for each char of {@code text}, the index in the original it comes from
     * @param ends for each char of {@code text}, the index after what it comes from
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Word(String text, int[] starts, int[] ends) {}

    private final String original;
    private final List<Word> words = new ArrayList<>();
    private final StringBuilder open = new StringBuilder();
    private final int[] starts = new int[MAX_LENGTH];
    private final int[] ends = new int[MAX_LENGTH];

    private Words(String original) {
        this.original = original;
    }

    /** The words of this text with a space between each two; empty where it has none. */
    public static String of(String text) {
        StringBuilder words = new StringBuilder(text.length());
        int length = text.length();
        int inWord = 0;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                return joined(cut(text));
            }
            if (c >= 'A' && c <= 'Z') {
                c = (char) (c - 'A' + 'a');
            }
            if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
                if (inWord == 0 && !words.isEmpty()) {
                    words.append(' ');
                }
                if (inWord++ < MAX_LENGTH) {
                    words.append(c);
                }
            } else {
                inWord = 0;
            }
        }
        return words.toString();
    }

    /** The words of both texts. */
    public static String of(String text, String other) {
        String first = of(text);
        String second = of(other);
        return first.isEmpty() || second.isEmpty() ? first + second : first + ' ' + second;
    }

    private static String joined(List<Word> words) {
        return String.join(" ", words.stream().map(Word::text).toList());
    }

    /** The same words, each with its place in the text. */
    static List<Word> cut(String text) {
        Words cutting = new Words(text);
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            int next = i + Character.charCount(c);
            cutting.take(c, i, next);
            i = next;
        }
        cutting.close();
        return cutting.words;
    }

    private void take(int c, int from, int to) {
        if (c < 0x80) {
            part(Character.toLowerCase(c), from, to);
            return;
        }
        // Both ways, so that ß is ss and both sigmas are one.
        Normalizer.normalize(original.substring(from, to), Normalizer.Form.NFKD)
                .toUpperCase(Locale.ROOT)
                .toLowerCase(Locale.ROOT)
                .codePoints()
                .forEach(part -> part(part, from, to));
    }

    private void part(int c, int from, int to) {
        if (isMark(c)) {
            extend(from, to);
            return;
        }
        if (standsAlone(c)) {
            close();
            append(c, from, to);
            close();
        } else if (Character.isLetterOrDigit(c) || isOther(c)) {
            append(c, from, to);
        } else {
            close();
        }
    }

    /** A mark belongs to the sign before it. */
    private void extend(int from, int to) {
        if (!open.isEmpty()) {
            extend(ends, open.length(), from, to);
        } else if (!words.isEmpty()) {
            int[] last = words.getLast().ends();
            extend(last, last.length, from, to);
        }
    }

    private static void extend(int[] ends, int length, int from, int to) {
        if (ends[length - 1] == from) {
            ends[length - 1] = to;
        }
    }

    private void append(int c, int from, int to) {
        int count = Character.charCount(c);
        if (open.length() + count > MAX_LENGTH) {
            return;
        }
        for (int i = open.length(); i < open.length() + count; i++) {
            starts[i] = from;
            ends[i] = to;
        }
        open.appendCodePoint(c);
    }

    private void close() {
        if (!open.isEmpty()) {
            int length = open.length();
            words.add(
                    new Word(
                            open.toString(),
                            Arrays.copyOf(starts, length),
                            Arrays.copyOf(ends, length)));
            open.setLength(0);
        }
    }

    /** What people leave out when they type in a hurry, and what changes how a sign is drawn. */
    private static boolean isMark(int c) {
        return (c >= 0x300 && c <= 0x36f) // accents
                || (c >= 0x591 && c <= 0x5c7 && Character.getType(c) == Character.NON_SPACING_MARK)
                || (c >= 0x64b && c <= 0x65f) // Arabic vowels
                || c == 0x3099 // kana's voiced marks
                || c == 0x309a
                || c == 0x200d // joiners and variants of emoji
                || (c >= 0xfe00 && c <= 0xfe0f)
                || (c >= 0x1f3fb && c <= 0x1f3ff);
    }

    private static boolean standsAlone(int c) {
        if (c < 0x2000) {
            return false;
        }
        if (Character.getType(c) == Character.OTHER_SYMBOL || Character.isIdeographic(c)) {
            return true;
        }
        Character.UnicodeScript script = Character.UnicodeScript.of(c);
        return script == Character.UnicodeScript.HIRAGANA
                || script == Character.UnicodeScript.KATAKANA;
    }

    /** Vowel signs and the like: parts of words in many scripts. */
    private static boolean isOther(int c) {
        int type = Character.getType(c);
        return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
    }
}
