/** The one way into the log: a change goes in, and once it is durable its events go to the bus. */
package com.ecleaner.chat.application.commit;
