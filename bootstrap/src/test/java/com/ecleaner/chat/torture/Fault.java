package com.ecleaner.chat.torture;

import java.util.Random;

/**
 * Something that can be broken, and is repaired again.
 *
 * @param kind what is broken, for the table
 * @param seconds how long it stays so
 */
record Fault(String kind, double seconds, Step begin, Step end) {
    /** What may go wrong itself: then the test ends. */
    interface Step {
        void run() throws Exception;
    }

    /** A fault with everything chosen by the dice. */
    interface Maker {
        Fault make(Fleet fleet, Crowd crowd, Random dice);
    }
}
