package com.ecleaner.chat.application.live;

/** Why a connection ends. The numbers are those of the wire contract. */
public enum Ending {
    /** The process goes away: reconnect at once, elsewhere. */
    DRAINING(1001),
    /** Cannot serve now: try again later. */
    TRY_LATER(1013),
    /** No valid token, an expired one, or a user who was erased. */
    NOT_AUTHENTICATED(4401),
    /** Access to the one room it was about is lost, or it comes from a page that may not ask. */
    ACCESS_LOST(4403),
    /** No such job or room, or none that this user may know of. */
    NOT_FOUND(4404),
    /** The other side answers no more. */
    NO_PONG(4408),
    /** The other side reads too slowly: reconnect and sync. */
    SLOW_CONSUMER(4413),
    /** Too many connections of this user, or too many frames. */
    TOO_MANY(4429);

    private final int code;

    Ending(int code) {
        this.code = code;
    }

    /** The close code of RFC 6455, section 7.4. */
    public int code() {
        return code;
    }
}
