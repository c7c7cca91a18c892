/**
 * Where recordings go when they are finished (TEL-14).
 *
 * <p>Job: keep a finished file on disk or in S3, give it back, remove it; and a spool that holds
 * what is being recorded and hands on what is finished, also what a killed node left behind. Way
 * in: {@link io.tandem.protocol.media.store.RecordingSpool}, {@link
 * io.tandem.protocol.media.store.RecordingStore}. Neighbours: {@code record} writes the files; what
 * is in them, sealed or not, is not looked at here.
 */
@NullMarked
package io.tandem.protocol.media.store;

import org.jspecify.annotations.NullMarked;
