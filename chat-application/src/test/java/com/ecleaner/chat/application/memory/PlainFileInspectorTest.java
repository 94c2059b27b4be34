package com.ecleaner.chat.application.memory;

import com.ecleaner.chat.domain.port.FileInspector;
import com.ecleaner.chat.domain.port.FileInspectorContract;

/** What the port promises, by the one that looks into nothing. */
class PlainFileInspectorTest extends FileInspectorContract {
    @Override
    protected FileInspector inspector() {
        return new PlainFileInspector();
    }
}
