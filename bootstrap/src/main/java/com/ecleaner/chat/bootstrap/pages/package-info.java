/**
 * Files that browsers load: the widget, and the demo's pages.
 *
 * <p>They are answered from memory, by a filter before the HTTP handlers. Nothing here reads a path
 * of the file system, asks who somebody is, or knows a chat.
 */
@NullMarked
package com.ecleaner.chat.bootstrap.pages;

import org.jspecify.annotations.NullMarked;
