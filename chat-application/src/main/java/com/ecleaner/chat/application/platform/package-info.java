/**
 * What the platform writes: users, jobs, and its own messages. Asked by role {@code service} only.
 */
package com.ecleaner.chat.application.platform;
