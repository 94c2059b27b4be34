package com.ecleaner.chat.application.live;

import com.ecleaner.chat.domain.port.Presence;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.UserId;
import com.ecleaner.chat.domain.view.RoomPage;

import java.util.Map;

/**
 * What a connection is told first; from here on it misses nothing.
 *
 * @param session names the connection, in logs and for people who ask
 * @param totalUnread over all the user's rooms
 * @param rooms the most recently active ones, or the one room it is about
 * @param presence of the people whose presence these rooms show
 */
public record Welcome(
        Person user,
        String session,
        long totalUnread,
        RoomPage rooms,
        Map<UserId, Presence.Seen> presence) {}
