package com.ecleaner.chat.domain.given;

import com.ecleaner.chat.domain.port.Attachments;
import com.ecleaner.chat.domain.port.Jobs;
import com.ecleaner.chat.domain.port.RoomLog;
import com.ecleaner.chat.domain.port.Rooms;
import com.ecleaner.chat.domain.port.Search;
import com.ecleaner.chat.domain.port.Users;

/** The ports of one store. */
public record Ports(
        RoomLog log, Rooms rooms, Jobs jobs, Users users, Attachments attachments, Search search) {}
