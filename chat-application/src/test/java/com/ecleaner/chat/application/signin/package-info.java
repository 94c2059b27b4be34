/** What every keeper of tickets promises. */
package com.ecleaner.chat.application.signin;
