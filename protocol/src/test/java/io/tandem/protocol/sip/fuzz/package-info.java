/**
 * What strangers can send, made up by Jazzer: messages, session descriptions, digest headers,
 * streams, and datagrams that are looked at before they are read. In a build each target runs over
 * its corpus in the tree; {@code ./tandem fuzz TARGET} makes up more; what it finds goes into the
 * corpus.
 *
 * <p>A target fails on anything thrown, on a lie (what was read is not what is written and read
 * again), and, while fuzzing, on an input that takes more than 50 ms of processor time.
 */
@NullMarked
package io.tandem.protocol.sip.fuzz;

import org.jspecify.annotations.NullMarked;
