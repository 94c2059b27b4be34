package com.ecleaner.chat.bootstrap;

/**
 * Something outside the chat keeps it from starting: a service that is away, a port that is taken.
 * The message is one line for the operator.
 */
final class CannotStart extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CannotStart(String line, Throwable cause) {
        super(line, cause);
    }
}
