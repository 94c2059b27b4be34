package com.ecleaner.chat.rest;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which bytes of a file are asked for (RFC 9110 14.2).
 *
 * @param first of them, from 0
 * @param length how many; 0 of a range that lies beyond the end
 * @param isWhole nobody asked for a part, or not in words that have to be understood
 */
record ByteRange(long first, long length, boolean isWhole) {
    /** Of several ranges none is served: the whole file is an answer to that, too. */
    private static final Pattern ONE = Pattern.compile("bytes=([0-9]{0,18})-([0-9]{0,18})");

    static ByteRange whole(long size) {
        return new ByteRange(0, size, true);
    }

    static ByteRange parse(String header, long size) {
        Matcher one = ONE.matcher(header.strip());
        if (!one.matches() || (one.group(1).isEmpty() && one.group(2).isEmpty())) {
            return whole(size);
        }
        if (one.group(1).isEmpty()) {
            long length = Math.min(size, Long.parseLong(one.group(2)));
            return new ByteRange(size - length, length, false);
        }
        long first = Long.parseLong(one.group(1));
        if (one.group(2).isEmpty()) {
            return new ByteRange(first, Math.max(0, size - first), false);
        }
        long last = Long.parseLong(one.group(2));
        return last < first
                ? whole(size)
                : new ByteRange(first, Math.max(0, Math.min(last, size - 1) - first + 1), false);
    }

    boolean isSatisfiable() {
        return isWhole || length > 0;
    }

    /** As {@code Content-Range} has it. */
    @Override
    public String toString() {
        return "bytes " + first + "-" + (first + length - 1);
    }
}
