/** Files on a real disk, and pictures of all kinds, honest and not. */
package com.ecleaner.chat.persistence.files;
