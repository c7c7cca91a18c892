/**
 * {@code tandem bench rtp}: what a relayed packet costs, beside rtpengine and a bare loop.
 *
 * <p>Job: start each contender and the generator as processes of their own, one after the other on
 * the same machine, read the contender's CPU time from the system, print one table. Way in: {@link
 * io.tandem.ops.bench.rtp.RtpBench}. Neighbours: {@code process} has the processes' insides.
 */
@NullMarked
package io.tandem.ops.bench.rtp;

import org.jspecify.annotations.NullMarked;
