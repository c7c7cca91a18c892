/**
 * Beyond what can be refused, new requests are dropped before they are read (OPS-5, ADR 13): the
 * system throws a share of them away at the socket, by a filter of a few instructions that leaves
 * everything else alone. Linux with epoll; elsewhere they are dropped after they were read.
 *
 * <p>Way in: {@link io.tandem.protocol.sip.sieve.Intake}, one a UDP socket, told what was read and
 * what was refused. {@link io.tandem.protocol.sip.sieve.Openness} decides the shares, {@link
 * io.tandem.protocol.sip.sieve.SieveProgram} writes the filter: both pure. Neighbours: {@code
 * sip.transport} owns the sockets, {@code sip.defence} the waiting line that says what is too much.
 */
@NullMarked
package io.tandem.protocol.sip.sieve;

import org.jspecify.annotations.NullMarked;
