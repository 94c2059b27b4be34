package com.ecleaner.chat.application.platform;

import com.ecleaner.chat.application.commit.Commits;
import com.ecleaner.chat.domain.port.Jobs;
import com.ecleaner.chat.domain.user.Actor;

import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/** The platform books jobs, assigns cleaners, and tells how the work goes. */
public final class MaintainJobs {
    private final Jobs jobs;
    private final Commits commits;
    private final InstantSource clock;

    public MaintainJobs(Jobs jobs, Commits commits, InstantSource clock) {
        this.jobs = jobs;
        this.commits = commits;
        this.clock = clock;
    }

    /**
     * Writes a job: its rooms follow at once, whoever lost it is out from that moment. Blocks.
     *
     * @throws com.ecleaner.chat.domain.Refusal {@code forbidden} for anybody but the platform,
     *     {@code invalid}
     */
    public Jobs.Written put(Actor platform, Jobs.Writing job) {
        Platform.require(platform);
        Jobs.Written written =
                jobs.write(job, platform, clock.instant().truncatedTo(ChronoUnit.MILLIS));
        written.outcomes().forEach(commits::tell);
        return written;
    }
}
