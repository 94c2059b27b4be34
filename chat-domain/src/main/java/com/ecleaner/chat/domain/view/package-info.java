/**
 * Rooms and histories as they are read: values that stores fill without building whole object
 * graphs.
 *
 * <p>No rules here: a view is what a use case returns once access was decided.
 */
package com.ecleaner.chat.domain.view;
