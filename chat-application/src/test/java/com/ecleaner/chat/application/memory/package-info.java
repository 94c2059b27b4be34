/** The memory adapters against the contracts of their ports. */
package com.ecleaner.chat.application.memory;
