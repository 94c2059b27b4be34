package com.ecleaner.chat.application.live;

/** Why a connection ends. The numbers are those of the wire contract. */
public enum Ending {
    /** The process goes away: reconnect at once, elsewhere. */
    DRAINING(1001, "the node is draining"),
    /** Cannot serve now: try again later. */
    TRY_LATER(1013, "try again later"),
    /** No valid token, an expired one, or a user who was erased. */
    NOT_AUTHENTICATED(4401, "not authenticated or expired"),
    /** Access to the one room it was about is lost, or it comes from a page that may not ask. */
    ACCESS_LOST(4403, "access lost"),
    /** No such job or room, or none that this user may know of. */
    NOT_FOUND(4404, "no such job or room"),
    /** The other side reads too slowly: reconnect and sync. */
    SLOW_CONSUMER(4413, "slow consumer"),
    /** Too many connections of this user, or too many frames. */
    TOO_MANY(4429, "too many connections or frames");

    private final int code;
    private final String reason;

    Ending(int code, String reason) {
        this.code = code;
        this.reason = reason;
    }

    /** The close code of RFC 6455, section 7.4. */
    public int code() {
        return code;
    }

    /** A few words for people who debug. */
    public String reason() {
        return reason;
    }
}
