package com.ecleaner.chat.application.memory;

import com.ecleaner.chat.domain.port.FileStore;
import com.ecleaner.chat.domain.port.FileStoreContract;

/** What the port promises, kept in memory. */
class InMemoryFileStoreTest extends FileStoreContract {
    @Override
    protected FileStore store() {
        return new InMemoryFileStore();
    }
}
