/** The wire's objects, checked against a JSON library that had no part in writing them. */
package com.ecleaner.chat.application.wire;
