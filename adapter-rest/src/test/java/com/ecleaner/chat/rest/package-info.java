/**
 * The REST door on a real server at a loopback port, over the stores in memory: through an HTTP
 * client where a well-mannered client is enough, through a bare socket where it is not.
 */
package com.ecleaner.chat.rest;
