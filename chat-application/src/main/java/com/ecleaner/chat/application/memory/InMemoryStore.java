package com.ecleaner.chat.application.memory;

import com.ecleaner.chat.domain.port.Attachments;
import com.ecleaner.chat.domain.port.Jobs;
import com.ecleaner.chat.domain.port.RoomLog;
import com.ecleaner.chat.domain.port.Rooms;
import com.ecleaner.chat.domain.port.Search;
import com.ecleaner.chat.domain.port.Users;

/**
 * A whole record of rooms, jobs and users in memory, seen through the ports. Thread-safe; holds
 * every message for as long as it lives.
 */
public final class InMemoryStore {
    private final Memory memory = new Memory();
    private final InMemoryRoomLog log = new InMemoryRoomLog(memory);
    private final InMemoryRooms rooms = new InMemoryRooms(memory);
    private final InMemoryJobs jobs = new InMemoryJobs(memory);
    private final InMemoryUsers users = new InMemoryUsers(memory);
    private final InMemoryAttachments attachments = new InMemoryAttachments(memory);
    private final InMemorySearch search = new InMemorySearch(memory);

    public RoomLog log() {
        return log;
    }

    public Rooms rooms() {
        return rooms;
    }

    public Jobs jobs() {
        return jobs;
    }

    public Users users() {
        return users;
    }

    public Attachments attachments() {
        return attachments;
    }

    public Search search() {
        return search;
    }
}
