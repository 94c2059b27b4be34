package com.ecleaner.chat.bootstrap.settings;

/**
 * A setting is wrong or missing. The message is one line, fit for the operator: {@code CHAT_PORT:
 * must be 0-65535, was "abc"}. It never holds the value of a secret, or of an address that could
 * hold one.
 */
public final class SettingsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final int MAX_SHOWN = 60;

    private SettingsException(String message) {
        super(message, null, false, false);
    }

    /** {@code setting} is wrong, and its value is not to be shown. */
    public static SettingsException of(String setting, String why) {
        return new SettingsException(setting + ": " + why);
    }

    /** {@code setting} is wrong; what it was is shown, cut and without control characters. */
    static SettingsException of(String setting, String why, String was) {
        String line =
                was.codePoints()
                        .map(c -> Character.isISOControl(c) ? '?' : c)
                        .limit(MAX_SHOWN)
                        .collect(
                                StringBuilder::new,
                                StringBuilder::appendCodePoint,
                                StringBuilder::append)
                        .toString();
        String cut = was.codePointCount(0, was.length()) > MAX_SHOWN ? "..." : "";
        return new SettingsException(setting + ": " + why + ", was \"" + line + cut + "\"");
    }
}
