package com.ecleaner.chat.application.live;

/** The far side of a session: a socket, or an embedder's own code. */
public interface Listener {
    /**
     * Takes a notice. Called one at a time for one room, in order, and concurrently for different
     * rooms; must return at once: a listener that is slow queues within a bound or ends itself.
     */
    void deliver(Delivery delivery);

    /** The session is over; called once at most by the hub. Must return at once. */
    void end(Ending ending);
}
