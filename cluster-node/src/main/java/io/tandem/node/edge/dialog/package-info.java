/**
 * What an edge keeps about one dialog beside its {@code sip.dialog} value: its session timer, and
 * what becomes of the requests it sends.
 *
 * <p>Way in: {@link io.tandem.node.edge.dialog.SessionWatch} and {@link
 * io.tandem.node.edge.dialog.Outcome}, both held by the edge's calls. Neighbours: the rules are in
 * {@code protocol.sip.dialog}; what follows for the call is decided in {@code edge.legs}.
 */
@NullMarked
package io.tandem.node.edge.dialog;

import org.jspecify.annotations.NullMarked;
