package com.ecleaner.chat.application;

import com.ecleaner.chat.application.commit.Commits;
import com.ecleaner.chat.application.files.DownloadFile;
import com.ecleaner.chat.application.files.NoAttachments;
import com.ecleaner.chat.application.files.SweepFiles;
import com.ecleaner.chat.application.files.UploadFile;
import com.ecleaner.chat.application.files.UploadLimits;
import com.ecleaner.chat.application.limits.Gate;
import com.ecleaner.chat.application.memory.InMemoryFileStore;
import com.ecleaner.chat.application.memory.PlainFileInspector;
import com.ecleaner.chat.application.messages.DeleteMessage;
import com.ecleaner.chat.application.messages.EditMessage;
import com.ecleaner.chat.application.messages.ListEdits;
import com.ecleaner.chat.application.messages.PageHistory;
import com.ecleaner.chat.application.messages.SearchMessages;
import com.ecleaner.chat.application.messages.SendMessage;
import com.ecleaner.chat.application.platform.MaintainJobs;
import com.ecleaner.chat.application.platform.MaintainUsers;
import com.ecleaner.chat.application.rooms.CloseRoom;
import com.ecleaner.chat.application.rooms.LeaveRoom;
import com.ecleaner.chat.application.rooms.ListRooms;
import com.ecleaner.chat.application.rooms.MarkRead;
import com.ecleaner.chat.application.rooms.OpenRoom;
import com.ecleaner.chat.application.rooms.ShowRoom;
import com.ecleaner.chat.domain.port.Attachments;
import com.ecleaner.chat.domain.port.EventBus;
import com.ecleaner.chat.domain.port.FileInspector;
import com.ecleaner.chat.domain.port.FileStore;
import com.ecleaner.chat.domain.port.Jobs;
import com.ecleaner.chat.domain.port.RateLimits;
import com.ecleaner.chat.domain.port.RoomLog;
import com.ecleaner.chat.domain.port.Rooms;
import com.ecleaner.chat.domain.port.Search;
import com.ecleaner.chat.domain.port.Users;

import java.time.InstantSource;

/**
 * The whole chat for whoever embeds it: every use case, over the stores one gives it. Has no
 * threads and no state of its own; cheap to build, so one over a caller's transaction can be built
 * for that transaction. Thread-safe.
 */
public final class Chat {
    /** Where the chat keeps what it knows. */
    public record Stores(RoomLog log, Rooms rooms, Jobs jobs, Users users, Search search) {}

    /**
     * Where files are kept, what looks into them, and how much may be uploaded. Counts the uploads
     * under way, so there is one in a process.
     */
    public record Files(
            Attachments attachments,
            FileStore store,
            FileInspector inspector,
            UploadLimits limits,
            Gate gate) {
        /** Files, with nothing under way yet. */
        public Files(
                Attachments attachments,
                FileStore store,
                FileInspector inspector,
                UploadLimits limits) {
            this(
                    attachments,
                    store,
                    inspector,
                    limits,
                    new Gate(limits.atOnce(), limits.atOnceOfOne(), "uploads"));
        }

        /** No files at all. */
        public static Files none() {
            return new Files(
                    new NoAttachments(),
                    new InMemoryFileStore(),
                    new PlainFileInspector(),
                    UploadLimits.upTo(0));
        }
    }

    private final SendMessage sendMessage;
    private final EditMessage editMessage;
    private final DeleteMessage deleteMessage;
    private final PageHistory pageHistory;
    private final ListEdits listEdits;
    private final SearchMessages searchMessages;
    private final OpenRoom openRoom;
    private final ShowRoom showRoom;
    private final ListRooms listRooms;
    private final MarkRead markRead;
    private final LeaveRoom leaveRoom;
    private final CloseRoom closeRoom;
    private final UploadFile uploadFile;
    private final DownloadFile downloadFile;
    private final SweepFiles sweepFiles;
    private final MaintainUsers maintainUsers;
    private final MaintainJobs maintainJobs;

    /** A chat of words alone. */
    public Chat(Stores stores, EventBus bus, RateLimits limits, InstantSource clock) {
        this(stores, Files.none(), bus, limits, clock);
    }

    /** A chat with files. */
    public Chat(Stores stores, Files files, EventBus bus, RateLimits limits, InstantSource clock) {
        Commits commits = new Commits(stores.log(), bus);
        this.sendMessage = new SendMessage(commits, limits, clock);
        this.editMessage = new EditMessage(commits, limits, clock);
        this.deleteMessage = new DeleteMessage(commits, limits, clock);
        this.pageHistory = new PageHistory(stores.rooms());
        this.listEdits = new ListEdits(stores.rooms());
        this.searchMessages = new SearchMessages(stores.search());
        this.showRoom = new ShowRoom(stores.rooms());
        this.openRoom =
                new OpenRoom(
                        stores.rooms(),
                        stores.jobs(),
                        stores.users(),
                        commits,
                        bus,
                        showRoom,
                        clock);
        this.listRooms = new ListRooms(stores.rooms());
        this.markRead = new MarkRead(commits);
        this.leaveRoom = new LeaveRoom(commits);
        this.closeRoom = new CloseRoom(commits, showRoom);
        this.uploadFile =
                new UploadFile(
                        stores.rooms(),
                        files.attachments(),
                        files.store(),
                        files.inspector(),
                        files.limits(),
                        files.gate(),
                        limits,
                        clock);
        this.downloadFile = new DownloadFile(files.attachments(), files.store());
        this.sweepFiles = new SweepFiles(files.attachments(), files.store(), files.limits(), clock);
        this.maintainUsers = new MaintainUsers(stores.users(), commits, bus, sweepFiles, clock);
        this.maintainJobs = new MaintainJobs(stores.jobs(), commits, clock);
    }

    public SendMessage sendMessage() {
        return sendMessage;
    }

    public EditMessage editMessage() {
        return editMessage;
    }

    public DeleteMessage deleteMessage() {
        return deleteMessage;
    }

    public PageHistory pageHistory() {
        return pageHistory;
    }

    public ListEdits listEdits() {
        return listEdits;
    }

    public SearchMessages searchMessages() {
        return searchMessages;
    }

    public OpenRoom openRoom() {
        return openRoom;
    }

    public ShowRoom showRoom() {
        return showRoom;
    }

    public ListRooms listRooms() {
        return listRooms;
    }

    public MarkRead markRead() {
        return markRead;
    }

    public LeaveRoom leaveRoom() {
        return leaveRoom;
    }

    public CloseRoom closeRoom() {
        return closeRoom;
    }

    public UploadFile uploadFile() {
        return uploadFile;
    }

    public DownloadFile downloadFile() {
        return downloadFile;
    }

    public SweepFiles sweepFiles() {
        return sweepFiles;
    }

    public MaintainUsers maintainUsers() {
        return maintainUsers;
    }

    public MaintainJobs maintainJobs() {
        return maintainJobs;
    }
}
