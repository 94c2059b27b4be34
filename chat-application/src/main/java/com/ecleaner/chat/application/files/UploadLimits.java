package com.ecleaner.chat.application.files;

import java.time.Duration;

/**
 * How much may be uploaded.
 *
 * @param maxBytes of one file; 0 where no files are taken at all
 * @param atOnce uploads under way in this process
 * @param atOnceOfOne uploads of one user under way in this process
 * @param unsent files of one user that wait for their message
 * @param bytesPerDay what one user may upload in 24 hours
 * @param unsentLife how long a file waits for its message before it is cleared up
 */
public record UploadLimits(
        long maxBytes,
        int atOnce,
        int atOnceOfOne,
        int unsent,
        long bytesPerDay,
        Duration unsentLife) {
    /** Fifty of the largest files a day, 32 uploads at once, four of one user; a day to send. */
    public static UploadLimits upTo(long maxBytes) {
        return new UploadLimits(maxBytes, 32, 4, 20, 50 * maxBytes, Duration.ofDays(1));
    }
}
