package com.ecleaner.chat.torture;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What there is in the end, after quiet time.
 *
 * @param log each room's messages as the record has them, in their order
 * @param copies what each device holds
 * @param counts what the server says is unread
 * @param totals what each device was told is unread over all rooms
 */
record Outcome(
        Map<Long, List<Kept>> log, List<Copy> copies, List<Count> counts, List<Total> totals) {

    /** A message; its content is empty once it is deleted. */
    record Kept(
            long seq, long id, String sender, String clientId, String content, boolean deleted) {}

    /**
     * One room on one device.
     *
     * @param from the number after which it holds messages
     */
    record Copy(String device, String user, long room, long from, long mark, List<Kept> messages) {}

    /**
     * One room for one user, by REST or by the end of a sync.
     *
     * @param place who was asked
     */
    record Count(String place, String user, long room, long mark, long unread) {}

    /**
     * One device's total.
     *
     * @param marks the user's mark in each of the rooms they are in
     */
    record Total(String device, String user, Map<Long, Long> marks, OptionalLong unread) {}
}
