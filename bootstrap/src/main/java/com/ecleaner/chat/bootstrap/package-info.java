/**
 * Settings, security, the one HTTP server, the command line, and the wiring of all modules by plain
 * constructors.
 *
 * <p>The only place that knows every other module; none of them may know this one. What another
 * module could do for itself does not belong here.
 */
package com.ecleaner.chat.bootstrap;
