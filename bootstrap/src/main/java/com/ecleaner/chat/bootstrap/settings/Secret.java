package com.ecleaner.chat.bootstrap.settings;

/**
 * A password or key, which must not appear where it is printed by accident: in a log line, in an
 * exception, in a record's text.
 *
 * @param value the secret itself; name it where it is needed, and nowhere else
 */
public record Secret(String value) {
    @Override
    public String toString() {
        return "***";
    }
}
