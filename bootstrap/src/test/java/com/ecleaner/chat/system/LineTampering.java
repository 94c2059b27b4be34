package com.ecleaner.chat.system;

import java.util.List;

/**
 * What becomes of a frame on its way from the server to a device: a test that plants faults learns
 * whether they are noticed.
 */
interface LineTampering {
    /** Nothing goes wrong; frames are not even looked at. */
    LineTampering NONE = List::of;

    /** The frames that arrive instead of this one, in order. */
    List<String> arriving(String frame);
}
