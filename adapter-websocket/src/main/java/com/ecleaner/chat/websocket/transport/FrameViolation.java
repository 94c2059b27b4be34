package com.ecleaner.chat.websocket.transport;

/** A peer broke the protocol or a bound; without a stack trace, since hostile input throws it. */
final class FrameViolation extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Closing closing;

    FrameViolation(int code, String reason) {
        this(new Closing(code, reason));
    }

    FrameViolation(Closing closing) {
        super(closing.reason(), null, false, false);
        this.closing = closing;
    }

    Closing closing() {
        return closing;
    }
}
